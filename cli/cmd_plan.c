// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/interrupt.h"
#include "cli/pick.h"
#include "cli/plan_print.h"
#include "cli/progress.h"
#include "core/base/write.h"

enum { INTERRUPT_MS = 100 };

/* Ctrl-C ends it after the model that is being moved; what was done stays. */
struct event *cli_await_files(struct cli *cli, uint32_t serial)
{
	interrupt_watch();
	for (;;) {
		struct event *event = cli_receive(cli, serial, INTERRUPT_MS);
		if (event && event->type != EVENT_FILES && event->type != EVENT_CONCLUDING) {
			progress_erase();
			return event;
		}
		if (event)
			progress_show(event);
		event_destroy(event);
		if (interrupt_came())
			library_send(cli->library, request_create(REQUEST_CANCEL));
	}
}

struct event *cli_apply(struct cli *cli, const struct plan *plan, struct error *err)
{
	struct request *request = request_create(REQUEST_APPLY);
	request->as.apply = *plan; /* it stays until the answer is there */
	struct event *event = cli_await_files(cli, cli_send(cli, request));
	if (event->type != EVENT_FAILED)
		return event;
	*err = event->as.failed;
	event_destroy(event);
	return NULL;
}

/* A file that is there is not replaced: it may be another plan. */
static bool write_plan(const char *path, const struct plan *plan, struct error *err)
{
	struct bytes text = { 0 };
	plan_head_json(plan, &text);
	bytes_append_byte(&text, '\n');
	for (size_t i = 0; i < plan->n_steps; i++) {
		plan_step_json(&plan->steps[i], i + 1, &text);
		bytes_append_byte(&text, '\n');
	}
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && write_all(fd, bytes_str(&text));
	int sys = errno;
	if (fd >= 0 && close(fd) != 0)
		ok = false;
	bytes_finish(&text);
	return ok || error_system(err, sys, "%s", path);
}

static enum exit_status finish(struct cli *cli, const struct plan *plan)
{
	struct error err;
	struct event *done = NULL;
	const char *file = cli->args.values[OPTION_PLAN_OUT];
	plan_print(cli, plan);
	if (file && !write_plan(file, plan, &err))
		return cli_fail(cli, &err);
	bool acts = cli->args.has[OPTION_APPLY] && plan->n_conflicts == 0 && plan->n_steps > 0;
	if (acts)
		done = cli_apply(cli, plan, &err);
	if (done)
		cli_compare_import(cli, plan);
	plan_print_end(cli, plan, done);
	if (acts && !done)
		return cli_fail(cli, &err);
	event_destroy(done);
	return plan->n_conflicts > 0 ? EXIT_NO : EXIT_DONE;
}

static bool open_library(struct cli *cli, struct error *err)
{
	return cli_library(cli, cli->args.has[OPTION_APPLY] ? LIBRARY_WRITE : LIBRARY_READ, err);
}

enum exit_status cli_plan(struct cli *cli, struct request *request, bool ok, struct error *err)
{
	struct event *event = NULL;
	if (ok && open_library(cli, err))
		event = cli_ask(cli, request, err);
	else
		request_destroy(request);
	if (!event)
		return cli_fail(cli, err);
	enum exit_status status = finish(cli, &event->as.plan.plan);
	event_destroy(event);
	return status;
}

static struct request *ask(struct cli *cli, enum plan_wish wish, bool *ok, struct error *err)
{
	struct request *request = request_create(REQUEST_PLAN);
	request->as.plan.wish = wish;
	*ok = cli_named_models(cli, &request->arena, &request->as.plan.models, err);
	return request;
}

enum exit_status cmd_organise(struct cli *cli)
{
	struct error err;
	bool ok;
	struct request *request = ask(cli, WISH_ORGANISE, &ok, &err);
	const char *given = cli->args.values[OPTION_TEMPLATE];
	struct str text =
		given ? str_from(given) : cli->settings.values[SETTING_ORGANISE_TEMPLATE].text;
	request->as.plan.text = arena_str(&request->arena, text);
	return cli_plan(cli, request, ok, &err);
}

enum exit_status cmd_move(struct cli *cli)
{
	struct error err;
	bool ok;
	struct request *request = ask(cli, WISH_MOVE, &ok, &err);
	struct str folder = cli_absolute(cli, cli_operand(cli, 1));
	while (folder.len > 1 && folder.ptr[folder.len - 1] == '/')
		folder.len--;
	request->as.plan.text = arena_str(&request->arena, folder);
	return cli_plan(cli, request, ok, &err);
}

enum exit_status cmd_export(struct cli *cli)
{
	struct error err;
	bool ok;
	struct request *request = ask(cli, WISH_EXPORT, &ok, &err);
	return cli_plan(cli, request, ok, &err);
}

enum exit_status cmd_rename(struct cli *cli)
{
	struct error err;
	struct request *request = request_create(REQUEST_PLAN);
	uint32_t *id = ARENA_NEW(&request->arena, uint32_t);
	request->as.plan.wish = WISH_RENAME;
	request->as.plan.text = arena_str(&request->arena, cli_operand(cli, 1));
	request->as.plan.models = (struct selection){ .ids = id, .n_ids = 1 };
	bool ok = open_library(cli, &err) && pick_entry(cli, cli_operand(cli, 0), id, &err);
	return cli_plan(cli, request, ok, &err);
}

/* Its conflicts, if any by now, are shown like those of a new plan. */
enum exit_status cmd_apply(struct cli *cli)
{
	struct error err;
	struct request *request = request_create(REQUEST_PLAN);
	cli->args.has[OPTION_APPLY] = true;
	request->as.plan.wish = WISH_CHECK;
	bool ok = plan_file_read(cli->args.operands[0], &request->arena, &request->as.plan.plan,
				 &err);
	return cli_plan(cli, request, ok, &err);
}
