// SPDX-License-Identifier: MIT
#include <inttypes.h>

#include "cli/model_json.h"
#include "cli/model_text.h"

enum { ROWS_A_TIME = 500 };

static bool print_json(void *context, const struct event *details, struct error *err)
{
	struct cli *cli = context;
	struct bytes line = { 0 };
	struct json_writer json = json_writer(&line);
	const struct entry *entry = &details->as.details.entry;
	json_object(&json, NULL);
	model_json(&json, entry->path, &details->as.details.model);
	model_json_entry(&json, entry);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
	return cli->out.write_errno == 0 || out_flush(&cli->out, err);
}

/* What is wrong with a model, in one word; "" when all is well. */
static const char *trouble(const struct row *row)
{
	if (row->is_missing)
		return "missing";
	if (!row->is_online)
		return "offline";
	if (row->status != STATUS_OK)
		return status_word(row->status);
	return row->safety == SAFETY_RUNS_CODE ? "runs-code" : "";
}

static struct str kind_text(struct arena *arena, const struct row *row)
{
	if (row->adapter == ADAPTER_NONE)
		return str_from(kind_name(row->kind));
	if (row->rank == 0)
		return str_from(adapter_name(row->adapter));
	return arena_strf(arena, "%s r%" PRIu32, adapter_name(row->adapter), row->rank);
}

/* The name takes what the other columns leave; off a terminal nothing is cut. */
static size_t name_cols(const struct out *out)
{
	enum { OTHERS = 8 + 24 + 18 + 10 + 12, LEAST = 16, USUAL = 40 };
	if (out->width_cols == 0)
		return USUAL;
	return out->width_cols > OTHERS + LEAST ? out->width_cols - OTHERS : LEAST;
}

/* A column that is padded, and cut on a terminal only. */
static void column(struct out *out, struct str text, size_t cols)
{
	struct arena arena = { 0 };
	struct str clean = text_clean_copy(&arena, text, out->charset);
	bool cuts = out->width_cols > 0;
	out_cell(out, text, cuts || text_cols(clean) < cols ? cols - 1 : 0);
	out_printf(out, " ");
	arena_finish(&arena);
}

static void print_row(struct cli *cli, const struct row *row)
{
	struct out *out = &cli->out;
	struct arena arena = { 0 };
	struct str base = row->base_model.ptr
		? knowledge_base_name(cli->knowledge, row->base_model) : STR("unknown");
	column(out, arena_strf(&arena, "#%" PRIu32, row->id), 8);
	column(out, row->name, name_cols(out));
	column(out, base, 24);
	column(out, kind_text(&arena, row), 18);
	struct str size = model_text_size(&arena, row->size_bytes);
	out_printf(out, "%9.*s", STR_ARG(size));
	if (trouble(row)[0]) {
		out_style(out, OUT_BAD);
		out_printf(out, "  %s", trouble(row));
		out_style(out, OUT_PLAIN);
	}
	out_printf(out, "\n");
	out_breathe(out);
	arena_finish(&arena);
}

static bool print_rows(struct cli *cli, const uint32_t *ids, size_t n, struct error *err)
{
	for (size_t first = 0; first < n; first += ROWS_A_TIME) {
		size_t part = n - first < ROWS_A_TIME ? n - first : ROWS_A_TIME;
		struct request *request = request_create(REQUEST_ROWS);
		uint32_t *wanted = ARENA_NEW_N(&request->arena, uint32_t, part);
		for (size_t i = 0; i < part; i++)
			wanted[i] = ids[first + i];
		request->as.rows.ids = wanted;
		request->as.rows.n = part;
		struct event *event = cli_ask(cli, request, err);
		if (!event)
			return false;
		for (size_t i = 0; i < event->as.rows.n; i++)
			print_row(cli, &event->as.rows.rows[i]);
		event_destroy(event);
		if (cli->out.write_errno != 0)
			return out_flush(&cli->out, err);
	}
	return true;
}

static bool check_sort(const struct cli *cli, struct error *err)
{
	const char *key = cli->args.values[OPTION_SORT];
	if (!key || sort_find(str_from(key)) != SORT_COUNT)
		return true;
	return error_set(err, ERROR_USAGE, NULL, "--sort: \"%s\" is none of name, size, added, modified, "
			 "base, kind, rank, path", key);
}

enum exit_status cmd_list(struct cli *cli)
{
	struct error err;
	if (!check_sort(cli, &err) || !cli_library(cli, LIBRARY_READ, &err))
		return cli_fail(cli, &err);
	struct event *result = cli_query(cli, cli_operand(cli, 0), &err);
	if (!result)
		return cli_fail(cli, &err);
	size_t n = (size_t)result->as.result.n;
	if (cli->args.has[OPTION_LIMIT] && cli->args.numbers[OPTION_LIMIT] < n)
		n = (size_t)cli->args.numbers[OPTION_LIMIT];
	const uint32_t *ids = result->as.result.ids;
	bool ok = cli_json(cli) ? cli_each_details(cli, ids, n, print_json, cli, &err)
				: print_rows(cli, ids, n, &err);
	event_destroy(result);
	return ok ? EXIT_DONE : cli_fail(cli, &err);
}
