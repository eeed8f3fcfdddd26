// SPDX-License-Identifier: MIT
#include <inttypes.h>

#include "cli/cli.h"
#include "cli/model_json.h"

/* Only what is missing is ever forgotten, whatever else matches. */
static const char missing[] = "is:missing";

static bool print_model(void *context, const struct event *details, struct error *err)
{
	struct cli *cli = context;
	const struct entry *entry = &details->as.details.entry;
	struct bytes line = { 0 };
	(void)err;
	if (!cli_json(cli)) {
		out_text(&cli->out, entry->path);
		out_printf(&cli->out, "\n");
		return true;
	}
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_u64_value(&json, "id", entry->id);
	json_string(&json, "path", entry->path);
	model_json_texts(&json, "tags", entry->tags, entry->n_tags);
	model_json_texts(&json, "sets", entry->sets, entry->n_sets);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
	return true;
}

static void print_summary(struct cli *cli, uint64_t n, bool is_applied, int64_t operation)
{
	struct bytes line = { 0 };
	if (!cli_json(cli)) {
		out_printf(&cli->out, "%" PRIu64 " missing model%s%s\n", n, n == 1 ? "" : "s",
			   is_applied ? " forgotten"
			   : n > 0    ? "; nothing is forgotten yet: --apply does it"
				      : "");
		return;
	}
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_object(&json, "purge");
	json_u64_value(&json, "models", n);
	json_bool(&json, "applied", is_applied);
	json_i64_if(&json, "operation", operation > 0, operation);
	json_object_end(&json);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

static enum exit_status apply(struct cli *cli, const struct event *found)
{
	struct error err;
	size_t n = (size_t)found->as.result.n;
	struct request *request = request_create(REQUEST_PURGE);
	uint32_t *ids = ARENA_NEW_N(&request->arena, uint32_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = found->as.result.ids[i];
	request->as.purge.models.ids = ids;
	request->as.purge.models.n_ids = n;
	struct event *done = cli_ask(cli, request, &err);
	if (!done)
		return cli_fail(cli, &err);
	print_summary(cli, done->as.done.n_changed, true, done->as.done.operation);
	event_destroy(done);
	return EXIT_DONE;
}

enum exit_status cmd_purge(struct cli *cli)
{
	struct error err;
	struct str query = cli_operand(cli, 0);
	bool applies = cli->args.has[OPTION_APPLY];
	if (str_trim(query).len == 0) {
		error_set(&err, ERROR_USAGE, NULL, "purge: the QUERY is empty; name the models");
		return cli_fail(cli, &err);
	}
	if (!cli_check_query(cli, query, &err) ||
	    !cli_library(cli, applies ? LIBRARY_WRITE : LIBRARY_READ, &err))
		return cli_fail(cli, &err);
	struct event *found = cli_query_kinds(cli, query, str_from(missing), &err);
	enum exit_status status = EXIT_DONE;
	if (!found || !cli_each_details(cli, found->as.result.ids, (size_t)found->as.result.n,
					print_model, cli, &err))
		status = cli_fail(cli, &err);
	else if (applies && found->as.result.n > 0)
		status = apply(cli, found);
	else
		print_summary(cli, found->as.result.n, false, 0);
	event_destroy(found);
	return status;
}
