// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <limits.h>

#include "cli/cli.h"
#include "cli/model_json.h"

static void print_json(struct cli *cli, const struct operation *operation)
{
	struct bytes line = { 0 };
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_i64_value(&json, "id", operation->id);
	model_json_time(&json, "time", operation->at_s);
	json_string(&json, "what", operation->what);
	json_string(&json, "words", operation->words);
	json_string(&json, "state", operation->state);
	json_u64_value(&json, "changed", operation->n_changed);
	json_u64_value(&json, "steps", operation->n_steps);
	json_bool(&json, "undone", operation->stands == OPERATION_UNDONE);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

static struct str state_word(const struct operation *operation)
{
	switch (operation->stands) {
	case OPERATION_UNDONE: return STR("undone");
	case OPERATION_STANDS_PARTLY: return STR("partly");
	case OPERATION_STANDS: break;
	}
	return operation->state;
}

static void print_text(struct cli *cli, const struct operation *operation)
{
	struct out *out = &cli->out;
	out_printf(out, "%6" PRId64 "  ", operation->id);
	out_time(out, operation->at_s);
	out_printf(out, "  %6" PRIu64 "  ", operation->n_changed);
	out_cell(out, state_word(operation), 11);
	out_printf(out, "  ");
	out_text(out, operation->what);
	if (operation->words.len > 0) {
		out_printf(out, " ");
		out_text(out, operation->words);
	}
	out_printf(out, "\n");
}

enum exit_status cmd_history(struct cli *cli)
{
	struct error err;
	if (!cli_library(cli, LIBRARY_READ, &err))
		return cli_fail(cli, &err);
	struct event *event = cli_ask(cli, request_create(REQUEST_HISTORY), &err);
	if (!event)
		return cli_fail(cli, &err);
	size_t n = event->as.history.n;
	if (cli->args.has[OPTION_LIMIT] && cli->args.numbers[OPTION_LIMIT] < n)
		n = (size_t)cli->args.numbers[OPTION_LIMIT];
	for (size_t i = 0; i < n; i++)
		(cli_json(cli) ? print_json : print_text)(cli, &event->as.history.lines[i]);
	event_destroy(event);
	return EXIT_DONE;
}

static bool read_which(struct cli *cli, struct request *request, struct error *err)
{
	uint64_t n = 1;
	bool has_id = cli->args.has[OPTION_OPERATION];
	if (cli->args.n_operands > 0 && has_id)
		return error_set(err, ERROR_USAGE, NULL,
				 "give a number of operations or --operation ID");
	if (cli->args.n_operands > 0 &&
	    (!str_to_u64(cli_operand(cli, 0), &n) || n == 0 || n > UINT_MAX))
		return error_set(err, ERROR_USAGE, NULL,
				 "\"%.*s\": this is no number of operations",
				 STR_ARG(cli_operand(cli, 0)));
	request->as.undo.n = (unsigned)n;
	if (has_id && (cli->args.numbers[OPTION_OPERATION] == 0 ||
		       cli->args.numbers[OPTION_OPERATION] > INT64_MAX))
		return error_set(err, ERROR_USAGE, NULL, "--operation: see history for the ids");
	request->as.undo.id = has_id ? (int64_t)cli->args.numbers[OPTION_OPERATION] : 0;
	return true;
}

/* "12, move loras/" */
static struct str name_of(struct cli *cli, const struct operation *operation)
{
	return arena_strf(&cli->arena, "%" PRId64 ", %.*s%s%.*s", operation->id,
			  STR_ARG(operation->what), operation->words.len > 0 ? " " : "",
			  STR_ARG(operation->words));
}

/* What was tried last may not be what is taken back: it came to nothing. STR_NULL: it is. */
static struct str tell_failed(struct cli *cli, const struct operation *lines, size_t n)
{
	const struct operation *failed = NULL;
	for (size_t i = 0; i < n; i++) {
		if (!failed && lines[i].is_asked && str_equal(lines[i].state, STR("rolled-back")))
			failed = &lines[i];
		if (lines[i].n_undo != 1)
			continue;
		return !failed ? STR_NULL
			       : arena_strf(&cli->arena,
					    "operation %.*s, came to nothing; this takes back "
					    "operation %.*s",
					    STR_ARG(name_of(cli, failed)),
					    STR_ARG(name_of(cli, &lines[i])));
	}
	return STR_NULL;
}

static void complain_if_failed(struct cli *cli)
{
	struct error err; /* told by what follows */
	if (!cli_library(cli, LIBRARY_WRITE, &err))
		return;
	struct event *event = cli_ask(cli, request_create(REQUEST_HISTORY), &err);
	struct str text =
		event ? tell_failed(cli, event->as.history.lines, event->as.history.n) : STR_NULL;
	if (text.ptr)
		out_complain(&cli->out, text);
	event_destroy(event);
}

static enum exit_status revert(struct cli *cli, enum operation_way way)
{
	struct error err;
	struct request *request = request_create(REQUEST_UNDO);
	request->as.undo.way = way;
	bool ok = read_which(cli, request, &err);
	if (ok && way == OPERATION_UNDO && request->as.undo.n == 1 && !request->as.undo.id)
		complain_if_failed(cli);
	return cli_change(cli, request, ok, &err);
}

enum exit_status cmd_undo(struct cli *cli)
{
	return revert(cli, OPERATION_UNDO);
}

enum exit_status cmd_redo(struct cli *cli)
{
	return revert(cli, OPERATION_REDO);
}
