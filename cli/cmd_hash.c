// SPDX-License-Identifier: MIT
#include <inttypes.h>

#include "cli/cli.h"
#include "cli/interrupt.h"
#include "cli/model_text.h"
#include "cli/progress.h"
#include "core/base/json_write.h"

enum { AUTOV2_DIGITS = 10, AUTOV3_DIGITS = 12, INTERRUPT_MS = 100 };

static struct str start_of(struct str hex, size_t n)
{
	return hex.len >= n ? str_slice(hex, 0, n) : STR_NULL;
}

static void print_json(struct cli *cli, const struct event *event)
{
	struct bytes line = { 0 };
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_string(&json, "path", event->as.hashed.path);
	json_string(&json, "sha256", event->as.hashed.sha256);
	json_string(&json, "autov2", start_of(event->as.hashed.sha256, AUTOV2_DIGITS));
	json_string(&json, "autov3", start_of(event->as.hashed.tensors, AUTOV3_DIGITS));
	json_base64_if_broken(&json, "path_bytes", event->as.hashed.path);
	json_string(&json, "tensors", event->as.hashed.tensors);
	json_bool(&json, "rotten", event->as.hashed.is_rotten);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

static void print_text(struct cli *cli, const struct event *event)
{
	struct out *out = &cli->out;
	if (event->as.hashed.sha256.ptr)
		out_printf(out, "%.*s  ", STR_ARG(event->as.hashed.sha256));
	else
		out_printf(out, "%-64s  ", "-");
	out_text(out, event->as.hashed.path);
	out_printf(out, "\n");
}

/** What came of it. */
struct outcome {
	size_t n_rotten, n_failed;
};

static void take(struct cli *cli, const struct event *event, struct outcome *outcome)
{
	const struct error *failure = &event->as.hashed.failure;
	progress_erase();
	(cli_json(cli) ? print_json : print_text)(cli, event);
	if (event->as.hashed.is_rotten)
		out_complain(&cli->out, arena_strf(&cli->arena,
						   "%.*s: its bytes are not what they were, though "
						   "nobody wrote it: the disk is to be doubted",
						   STR_ARG(event->as.hashed.path)));
	/* A folder is no file, and that is no failure. */
	if (failure->code != ERROR_NONE && failure->code != ERROR_UNSUPPORTED) {
		outcome->n_failed++;
		out_complain(&cli->out, arena_strf(&cli->arena, "%.*s: %s",
						   STR_ARG(event->as.hashed.path), failure->text));
	}
	outcome->n_rotten += event->as.hashed.is_rotten;
	out_breathe(&cli->out);
}

/* Ctrl-C stops it; what was read by then is kept. */
static struct event *await(struct cli *cli, uint32_t serial, struct outcome *outcome)
{
	interrupt_watch();
	for (;;) {
		struct event *event = cli_receive(cli, serial, INTERRUPT_MS);
		if (event && (event->type == EVENT_DONE || event->type == EVENT_FAILED)) {
			progress_erase();
			return event;
		}
		if (event && event->type == EVENT_HASHED)
			take(cli, event, outcome);
		else if (event)
			progress_show(event);
		event_destroy(event);
		if (interrupt_came())
			library_send(cli->library, request_create(REQUEST_CANCEL));
	}
}

static enum exit_status finish(struct cli *cli, struct event *done, const struct outcome *outcome)
{
	struct error err;
	if (done->type == EVENT_FAILED) {
		err = done->as.failed;
		event_destroy(done);
		return cli_fail(cli, &err);
	}
	event_destroy(done);
	return outcome->n_failed > 0 ? EXIT_COULD_NOT : outcome->n_rotten > 0 ? EXIT_NO : EXIT_DONE;
}

enum exit_status cmd_hash(struct cli *cli)
{
	struct error err;
	struct outcome outcome = { 0 };
	struct request *request = request_create(REQUEST_HASH);
	request->as.hash.verifies = cli->args.has[OPTION_VERIFY];
	if (!cli_named_models(cli, &request->arena, &request->as.hash.models, &err) ||
	    !cli_library(cli, LIBRARY_WRITE, &err)) {
		request_destroy(request);
		return cli_fail(cli, &err);
	}
	return finish(cli, await(cli, cli_send(cli, request), &outcome), &outcome);
}
