// SPDX-License-Identifier: MIT
#include "cli/matrix.h"

#include <inttypes.h>
#include <string.h>

#include "cli/model_text.h"
#include "core/base/json_write.h"

/* In the order of what a person looks for. */
static const enum verdict columns[FIT_COUNT] = { FIT_COMPATIBLE, FIT_CAUTION, FIT_UNKNOWN,
						 FIT_INCOMPATIBLE };

static void print_counts_json(struct cli *cli, const struct fit_counts *line)
{
	struct bytes text = { 0 };
	struct json_writer json = json_writer(&text);
	json_object(&json, NULL);
	json_object(&json, "checkpoint");
	json_string(&json, "path", line->path);
	json_string(&json, "architecture", line->architecture);
	json_string(&json, "base_model", line->base_model);
	json_object_end(&json);
	for (size_t i = 0; i < FIT_COUNT; i++)
		json_u64_value(&json, verdict_word(columns[i]), line->n[columns[i]]);
	json_object_end(&json);
	out_line(&cli->out, &text);
	bytes_finish(&text);
}

static void print_counts(struct cli *cli, const struct fit_counts *line)
{
	for (size_t i = 0; i < FIT_COUNT; i++) {
		out_style(&cli->out, line->n[columns[i]] ? model_text_style(columns[i]) : OUT_DIM);
		out_printf(&cli->out, "%*" PRIu64 "  ", (int)strlen(verdict_word(columns[i])),
			   line->n[columns[i]]);
	}
	out_style(&cli->out, OUT_PLAIN);
	out_text(&cli->out, line->name);
	out_printf(&cli->out, "\n");
}

static void print_matrix(struct cli *cli, const struct event *matrix)
{
	if (!cli_json(cli)) {
		for (size_t i = 0; i < FIT_COUNT; i++)
			out_printf(&cli->out, "%s  ", verdict_word(columns[i]));
		out_printf(&cli->out, "checkpoint\n");
	}
	for (size_t i = 0; i < matrix->as.matrix.n; i++) {
		const struct fit_counts *line = &matrix->as.matrix.lines[i];
		if (!line->id)
			continue;
		if (cli_json(cli))
			print_counts_json(cli, line);
		else
			print_counts(cli, line);
		out_breathe(&cli->out);
	}
}

/* Those that QUERY finds; all where it speaks of the other side alone. */
static struct event *find_side(struct cli *cli, struct str *query, struct str kinds,
			       struct error *err)
{
	struct event *found = cli_query_kinds(cli, *query, kinds, err);
	if (!found || found->as.result.n || !query->len)
		return found;
	event_destroy(found);
	*query = STR("");
	return cli_query_kinds(cli, *query, kinds, err);
}

enum exit_status matrix_run(struct cli *cli, struct str query)
{
	struct error err;
	struct str of_loras = query;
	if (!cli_check_query(cli, query, &err) || !cli_library(cli, LIBRARY_READ, &err))
		return cli_fail(cli, &err);
	struct event *loras = find_side(cli, &of_loras, CLI_LORAS, &err);
	struct event *checkpoints = loras ? find_side(cli, &query, CLI_CHECKPOINTS, &err) : NULL;
	struct event *counts = NULL;
	if (checkpoints) {
		struct request *request = request_create(REQUEST_MATRIX);
		request->as.matrix.checkpoints = checkpoints->as.result.ids; /* both outlive it */
		request->as.matrix.n = (size_t)checkpoints->as.result.n;
		request->as.matrix.text = of_loras;
		counts = cli_ask(cli, request, &err);
	}
	if (counts)
		print_matrix(cli, counts);
	bool ok = counts != NULL;
	event_destroy(counts);
	event_destroy(checkpoints);
	event_destroy(loras);
	return ok ? EXIT_DONE : cli_fail(cli, &err);
}
