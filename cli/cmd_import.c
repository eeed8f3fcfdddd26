// SPDX-License-Identifier: MIT
#include "cli/cli.h"

bool cli_read_archive(struct cli *cli, struct request *request, struct error *err)
{
	struct str archive = cli_operand(cli, 0), folder = cli_operand(cli, 1);
	const char *command = args_command(cli->args.command)->name;
	if (archive.len == 0)
		return error_set(err, ERROR_USAGE, NULL, "%s: the archive has no name", command);
	if (folder.ptr && folder.len == 0)
		return error_set(err, ERROR_USAGE, NULL, "%s: the folder has no name", command);
	request->as.plan.archive = arena_str(&request->arena, cli_absolute(cli, archive));
	request->as.plan.text =
		arena_str(&request->arena, folder.ptr ? cli_absolute(cli, folder) : STR(""));
	return true;
}

enum exit_status cmd_import(struct cli *cli)
{
	struct error err;
	struct request *request = request_create(REQUEST_PLAN);
	request->as.plan.wish = WISH_IMPORT;
	bool ok = cli_read_archive(cli, request, &err);
	return cli_plan(cli, request, ok, &err);
}

/* What lies beside a file, and the whole of it, may tell more than its first bytes did. */
static void compare(struct cli *cli, const struct plan_step *step, const struct event *details)
{
	struct str now = plan_found(&details->as.details.model, &cli->arena);
	if (!details->as.details.found || str_equal(now, step->found))
		return;
	out_complain(&cli->out,
		     arena_strf(&cli->arena,
				"%.*s: it was taken for %.*s in the archive, and is %.*s",
				STR_ARG(step->new), STR_ARG(step->found), STR_ARG(now)));
}

static void compare_step(struct cli *cli, const struct plan_step *step)
{
	struct error ignored; /* it was taken out all the same */
	struct request *request = request_create(REQUEST_FIND);
	request->as.find.text = arena_str(&request->arena, step->new);
	struct event *found = cli_ask(cli, request, &ignored);
	if (!found)
		return;
	if (found->as.found.n == 1) {
		request = request_create(REQUEST_DETAILS);
		request->as.details.id = found->as.found.ids[0];
		struct event *details = cli_ask(cli, request, &ignored);
		if (details)
			compare(cli, step, details);
		event_destroy(details);
	}
	event_destroy(found);
}

void cli_compare_import(struct cli *cli, const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_steps; i++)
		if (plan->steps[i].found.ptr)
			compare_step(cli, &plan->steps[i]);
}
