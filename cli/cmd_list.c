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

enum { COLUMN_ID, COLUMN_NAME, COLUMN_BASE, COLUMN_KIND, COLUMN_COUNT };

/* How wide each column is for the rows that are printed together. */
struct columns {
	size_t cols[COLUMN_COUNT];
};

static struct str column_text(struct cli *cli, struct arena *arena, const struct row *row,
			      size_t column)
{
	switch (column) {
	case COLUMN_ID: return arena_strf(arena, "#%" PRIu32, row->id);
	case COLUMN_NAME: return row->name;
	case COLUMN_BASE:
		return row->base_model.ptr ? knowledge_base_name(cli->knowledge, row->base_model)
					   : STR("unknown");
	default: return kind_text(arena, row);
	}
}

/*
 * On a terminal the widest columns give way until a line fits. Elsewhere nothing is cut, and one
 * long name moves its own line only.
 */
static void fit_columns(struct columns *columns, size_t width_cols)
{
	enum { SIZE_COLS = 10, TROUBLE_COLS = 13, LEAST = 12, MOST = 48 };
	size_t gaps = 2 * (COLUMN_COUNT - 1) + SIZE_COLS + TROUBLE_COLS;
	for (size_t i = 0; width_cols == 0 && i < COLUMN_COUNT; i++)
		columns->cols[i] = columns->cols[i] < MOST ? columns->cols[i] : MOST;
	for (;;) {
		size_t total = gaps, widest = COLUMN_NAME;
		for (size_t i = 0; i < COLUMN_COUNT; i++)
			total += columns->cols[i];
		if (columns->cols[COLUMN_BASE] > columns->cols[COLUMN_NAME])
			widest = COLUMN_BASE;
		if (width_cols == 0 || total <= width_cols || columns->cols[widest] <= LEAST)
			return;
		columns->cols[widest]--;
	}
}

static struct columns measure(struct cli *cli, const struct row *rows, size_t n)
{
	struct columns columns = { 0 };
	struct arena arena = { 0 };
	for (size_t i = 0; i < n; i++) {
		for (size_t c = 0; c < COLUMN_COUNT; c++) {
			struct str text = column_text(cli, &arena, &rows[i], c);
			size_t cols = text_cols(text_clean_copy(&arena, text, cli->out.charset));
			if (cols > columns.cols[c])
				columns.cols[c] = cols;
		}
		arena_reset(&arena);
	}
	arena_finish(&arena);
	fit_columns(&columns, cli->out.width_cols);
	return columns;
}

static void print_row(struct cli *cli, const struct row *row, const struct columns *columns)
{
	struct out *out = &cli->out;
	struct arena arena = { 0 };
	for (size_t c = 0; c < COLUMN_COUNT; c++) {
		out_cell(out, column_text(cli, &arena, row, c), columns->cols[c]);
		out_printf(out, "  ");
	}
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

static void print_page(struct cli *cli, const struct row *rows, size_t n)
{
	struct columns columns = measure(cli, rows, n);
	for (size_t i = 0; i < n; i++)
		if (rows[i].id != 0) /* 0: gone since the query */
			print_row(cli, &rows[i], &columns);
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
		print_page(cli, event->as.rows.rows, event->as.rows.n);
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
	return error_set(err, ERROR_USAGE, NULL,
			 "--sort: \"%s\" is none of name, size, added, modified, "
			 "base, kind, rank, path",
			 key);
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
