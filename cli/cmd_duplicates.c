// SPDX-License-Identifier: MIT
#include <inttypes.h>

#include "cli/cli.h"
#include "cli/model_text.h"
#include "core/base/json_write.h"
#include "core/organise/keep.h"

/* Empty: all. */
static struct str query_of(const struct cli *cli)
{
	struct str query = cli_operand(cli, 0);
	return query.ptr ? query : STR("");
}

static void print_duplicate_json(struct cli *cli, const struct duplicate *one)
{
	struct bytes line = { 0 };
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_string(&json, "sha256", one->sha256);
	json_u64_value(&json, "bytes", one->size_bytes);
	json_array(&json, "paths");
	for (size_t i = 0; i < one->n_paths; i++)
		json_string(&json, NULL, one->paths[i]);
	json_array_end(&json);
	json_u64_value(&json, "wasted_bytes", one->wasted_bytes);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

static void print_duplicate(struct cli *cli, const struct duplicate *one)
{
	struct out *out = &cli->out;
	out_text(out, model_text_size(&cli->arena, one->size_bytes));
	out_printf(out, " each, %zu times, could be freed: ", one->n_paths);
	out_text(out, model_text_size(&cli->arena, one->wasted_bytes));
	out_printf(out, "\n");
	for (size_t i = 0; i < one->n_paths; i++) {
		out_printf(out, "  ");
		out_text(out, one->paths[i]);
		out_printf(out, "\n");
	}
}

static enum exit_status list_duplicates(struct cli *cli)
{
	struct error err;
	uint64_t wasted = 0;
	struct request *request = request_create(REQUEST_DUPLICATES);
	request->as.duplicates.text = arena_str(&request->arena, query_of(cli));
	struct event *event = cli_ask(cli, request, &err);
	if (!event)
		return cli_fail(cli, &err);
	size_t n = event->as.duplicates.n;
	for (size_t i = 0; i < n; i++) {
		const struct duplicate *one = &event->as.duplicates.list[i];
		wasted += one->wasted_bytes;
		(cli_json(cli) ? print_duplicate_json : print_duplicate)(cli, one);
		out_breathe(&cli->out);
	}
	if (!cli_json(cli)) {
		out_printf(&cli->out, "%zu contents more than once; could be freed: ", n);
		out_text(&cli->out, model_text_size(&cli->arena, wasted));
		out_printf(&cli->out, "\n");
	}
	event_destroy(event);
	return n > 0 && cli->args.has[OPTION_CHECK] ? EXIT_NO : EXIT_DONE;
}

/* Reads whatever may be there twice; what came of it is stored. */
static bool hash_twins(struct cli *cli, struct error *err)
{
	struct str query = query_of(cli);
	struct request *request = request_create(REQUEST_HASH);
	request->as.hash.only_twins = true;
	request->as.hash.is_all = str_trim(query).len == 0;
	request->as.hash.models.query = arena_str(&request->arena, query);
	struct event *done = cli_await_files(cli, cli_send(cli, request));
	bool ok = done->type != EVENT_FAILED;
	if (!ok)
		*err = done->as.failed;
	event_destroy(done);
	return ok;
}

static enum exit_status plan(struct cli *cli, const char *rules)
{
	struct error err;
	struct request *request = request_create(REQUEST_PLAN);
	request->as.plan.wish = WISH_SPARE;
	request->as.plan.links = cli->args.has[OPTION_LINK];
	request->as.plan.text = arena_str(&request->arena, str_from(rules));
	request->as.plan.models.query = arena_str(&request->arena, query_of(cli));
	return cli_plan(cli, request, true, &err);
}

static bool check_options(const struct cli *cli, struct error *err)
{
	const bool *has = cli->args.has;
	if (has[OPTION_KEEP])
		return !has[OPTION_CHECK] || error_set(err, ERROR_USAGE, NULL,
						       "--check is for the list: leave --keep out");
	if (!has[OPTION_APPLY] && !has[OPTION_LINK] && !has[OPTION_PLAN_OUT])
		return true;
	return error_set(err, ERROR_USAGE, NULL,
			 "which copy is to stay? Say it with --keep, for example "
			 "--keep tagged,oldest");
}

/* A mistake costs no reading of large files. */
static bool check_rules(struct cli *cli, const char *rules, struct error *err)
{
	struct keep_rules parsed;
	return !rules || keep_rules_parse(str_from(rules), &cli->arena, &parsed, err);
}

enum exit_status cmd_duplicates(struct cli *cli)
{
	struct error err;
	const char *rules = cli->args.values[OPTION_KEEP];
	if (!check_options(cli, &err) || !check_rules(cli, rules, &err) ||
	    !cli_check_query(cli, query_of(cli), &err) || !cli_library(cli, LIBRARY_WRITE, &err) ||
	    !hash_twins(cli, &err))
		return cli_fail(cli, &err);
	return rules ? plan(cli, rules) : list_duplicates(cli);
}
