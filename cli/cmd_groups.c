// SPDX-License-Identifier: MIT
#include <inttypes.h>

#include "cli/cli.h"
#include "core/base/json_write.h"

static void print_json(struct cli *cli, const struct group *group)
{
	struct bytes line = { 0 };
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_string(&json, "base_model", group->base_model);
	json_string(&json, "name", group->name);
	json_string(&json, "parent", group->parent);
	json_string(&json, "architecture", group->architecture);
	json_u64_value(&json, "depth", group->depth);
	json_u64_value(&json, "own", group->own);
	json_u64_value(&json, "total", group->total);
	json_object(&json, "kinds");
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		if (group->kinds[kind] > 0)
			json_u64_value(&json, kind_word(kind), group->kinds[kind]);
	json_object_end(&json);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

/* Those of no known base model come last, even when there are none: a script need not look. */
static void print_all_json(struct cli *cli, const struct group *groups, size_t n)
{
	const struct group nobody = { .name = STR("unknown") };
	for (size_t i = 0; i < n; i++)
		print_json(cli, &groups[i]);
	if (n == 0 || groups[n - 1].base_model.ptr)
		print_json(cli, &nobody);
}

/* "3 checkpoints, 12 LoRAs"; every kind makes its plural with an s, but the code formers. */
static void print_kinds(struct out *out, const struct group *group)
{
	const char *comma = "";
	for (enum kind kind = KIND_CHECKPOINT; kind <= KIND_COUNT; kind++) {
		/* The unknown ones come last. */
		enum kind shown = kind == KIND_COUNT ? KIND_UNKNOWN : kind;
		uint64_t n = group->kinds[shown];
		if (n == 0)
			continue;
		if (shown == KIND_UNKNOWN)
			out_printf(out, "%s%" PRIu64 " of unknown kind", comma, n);
		else
			out_printf(out, "%s%" PRIu64 " %s%s", comma, n, kind_name(shown),
				   n == 1 ? "" : "s");
		comma = ", ";
	}
}

enum { INDENT_COLS = 2, NAME_COLS = 46 };

static void print_group(struct cli *cli, const struct group *group)
{
	struct out *out = &cli->out;
	size_t indent = INDENT_COLS * (size_t)group->depth;
	if (indent > NAME_COLS / 2)
		indent = NAME_COLS / 2;
	out_printf(out, "%*s", (int)indent, "");
	bool is_root = group->depth == 0;
	out_style(out, is_root ? OUT_TITLE : OUT_PLAIN);
	out_cell(out, group->base_model.ptr ? group->name : STR("Unknown base model"),
		 NAME_COLS - indent);
	out_style(out, OUT_PLAIN);
	out_printf(out, "%7" PRIu64 "  ", group->total);
	out_style(out, OUT_DIM);
	print_kinds(out, group);
	out_style(out, OUT_PLAIN);
	out_printf(out, "\n");
	out_breathe(out);
}

/* A count worth a line, and the query that lists what it counts. */
static void print_count(struct cli *cli, const char *text, const char *query)
{
	uint64_t n = cli_count(cli, str_from(query));
	if (n == 0)
		return;
	out_printf(&cli->out, "%7" PRIu64 " %s  (lorarium list '%s')\n", n, text, query);
}

static void print_header(struct cli *cli, const struct event *event, struct str query)
{
	struct out *out = &cli->out;
	out_style(out, OUT_TITLE);
	out_printf(out, "%" PRIu64 " model%s", event->as.groups.n_models,
		   event->as.groups.n_models == 1 ? "" : "s");
	out_style(out, OUT_PLAIN);
	if (query.len > 0) {
		out_printf(out, " match ");
		out_text(out, query);
	}
	out_printf(out, ", by base model\n\n");
}

/* What deserves a look; only of the whole library. */
static void print_footer(struct cli *cli)
{
	static const struct {
		const char *text, *query;
	} counts[] = {
		{ "damaged", "status:damaged" },
		{ "incomplete", "status:partial" },
		{ "unreadable", "status:unreadable" },
		{ "not supported", "status:unsupported" },
		{ "run code when loaded", "safety:runs-code" },
		{ "known by their name only", "confidence:guess" },
		{ "no longer there", "is:missing" },
		{ "offline", "is:offline" },
	};
	out_printf(&cli->out, "\n");
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		print_count(cli, counts[i].text, counts[i].query);
}

static enum exit_status print_report(struct cli *cli, const struct event *event, struct str query)
{
	if (event->as.groups.n_models == 0) {
		out_printf(&cli->out, "No models%s. %s\n", query.len > 0 ? " match" : " yet",
			   query.len > 0 ? "" : "`lorarium scan FOLDER` looks into a folder.");
		return EXIT_DONE;
	}
	print_header(cli, event, query);
	for (size_t i = 0; i < event->as.groups.n; i++)
		if (event->as.groups.groups[i].total > 0)
			print_group(cli, &event->as.groups.groups[i]);
	if (query.len == 0)
		print_footer(cli);
	return EXIT_DONE;
}

enum exit_status cmd_groups(struct cli *cli)
{
	struct error err;
	struct str query = cli_operand(cli, 0);
	if (!cli_check_query(cli, query, &err) || !cli_library(cli, LIBRARY_READ, &err))
		return cli_fail(cli, &err);
	struct request *request = request_create(REQUEST_GROUPS);
	request->as.groups.text = arena_str(&request->arena, query);
	struct event *event = cli_ask(cli, request, &err);
	if (!event)
		return cli_fail(cli, &err);
	enum exit_status status = EXIT_DONE;
	if (event->as.groups.mistake_column > 0) {
		error_set(&err, ERROR_USAGE, NULL, "query: column %zu: %.*s",
			  event->as.groups.mistake_column, STR_ARG(event->as.groups.mistake));
		status = cli_fail(cli, &err);
	} else if (cli_json(cli)) {
		print_all_json(cli, event->as.groups.groups, event->as.groups.n);
	} else {
		status = print_report(cli, event, query);
	}
	event_destroy(event);
	return status;
}
