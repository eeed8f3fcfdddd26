// SPDX-License-Identifier: MIT
#include "cli/cli.h"

static bool fail(struct error *err, const char *why)
{
	return error_set(err, ERROR_USAGE, NULL, "correct: %s", why);
}

static bool read_change(const struct cli *cli, struct correction_change *change, struct error *err)
{
	const struct args *args = &cli->args;
	change->clears = args->has[OPTION_CLEAR];
	if (args->has[OPTION_BASE] &&
	    !correction_set_base(&change->set, cli->knowledge, str_from(args->values[OPTION_BASE]),
				 err))
		return error_context(err, "--base");
	if (args->has[OPTION_KIND] &&
	    !correction_set_kind(&change->set, str_from(args->values[OPTION_KIND]), err))
		return error_context(err, "--kind");
	return change->clears || !correction_is_empty(&change->set) ||
	       fail(err, "say what is right: --base ID, --kind K, or --clear");
}

enum exit_status cmd_correct(struct cli *cli)
{
	struct error err;
	struct request *request = request_create(REQUEST_CORRECT);
	bool ok = read_change(cli, &request->as.correct.change, &err) &&
		  cli_named_models(cli, &request->arena, &request->as.correct.models, &err);
	return cli_change(cli, request, ok, &err);
}
