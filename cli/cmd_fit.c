// SPDX-License-Identifier: MIT
#include "cli/matrix.h"
#include "cli/model_json.h"
#include "cli/model_text.h"
#include "cli/tensors.h"

/* Models judged at a time: enough that asking costs little, few enough to be held in memory. */
enum { CHUNK = 1024 };

/* One model, and those that are ranked by how they fit it. */
struct ranking {
	struct cli *cli;
	struct tensors tensors;
	struct picked one;
	bool is_lora;			/* the one is: checkpoints are ranked */
	bool has_layout;		/* it is a file that has tensors: */
	struct str layout;
	struct array ids[FIT_COUNT];	/* uint32_t: stable within a verdict */
};

/* A file is told with all that a verdict goes by; a model of the library by its id. */
static void fill_party(struct ranking *ranking, struct arena *arena, struct fit_party *party)
{
	struct tensor_table *table = ARENA_NEW(arena, struct tensor_table);
	if (!ranking->one.is_file) {
		party->id = ranking->one.entry.id;
		return;
	}
	party->side = fit_side_of(&ranking->one.model); /* which lives as long as the program */
	if (ranking->has_layout && tensors_read(&ranking->tensors, ranking->layout, arena, table))
		party->table = table;
}

static struct event *ask(struct ranking *ranking, const uint32_t *ids, size_t n, bool is_brief,
			 struct error *err)
{
	struct request *request = request_create(REQUEST_FITS);
	request->as.fits.ids = ids; /* which wait for the answer too */
	request->as.fits.n = n;
	request->as.fits.is_lora = ranking->is_lora;
	request->as.fits.is_brief = is_brief;
	fill_party(ranking, &request->arena, &request->as.fits.one);
	return cli_ask(ranking->cli, request, err);
}

typedef void (*line_fn)(struct ranking *ranking, const struct fit_line *line);

static bool each(struct ranking *ranking, const uint32_t *ids, size_t n, bool is_brief,
		 line_fn take, struct error *err)
{
	for (size_t at = 0; at < n; at += CHUNK) {
		struct event *fits =
			ask(ranking, ids + at, n - at < CHUNK ? n - at : CHUNK, is_brief, err);
		if (!fits)
			return false;
		for (size_t i = 0; i < fits->as.fits.n; i++)
			if (fits->as.fits.lines[i].id)
				take(ranking, &fits->as.fits.lines[i]);
		event_destroy(fits);
	}
	return true;
}

static void sort(struct ranking *ranking, const struct fit_line *line)
{
	*ARRAY_PUSH(&ranking->ids[line->fit.verdict], uint32_t) = line->id;
}

static void print(struct ranking *ranking, const struct fit_line *line)
{
	struct cli *cli = ranking->cli;
	if (cli_json(cli)) {
		struct bytes text = {0};
		struct json_writer json = json_writer(&text);
		model_json_lora(&json, line->path, NULL, &line->fit);
		out_line(&cli->out, &text);
		bytes_finish(&text);
	} else {
		model_text_fit(cli, "", line->name, &line->fit);
	}
	out_breathe(&cli->out);
}

static bool rank(struct ranking *ranking, struct str query, struct error *err)
{
	struct event *others = cli_query_kinds(
		ranking->cli, query, ranking->is_lora ? CLI_CHECKPOINTS : CLI_LORAS, err);
	bool ok = others && each(ranking, others->as.result.ids, (size_t)others->as.result.n, true,
				 sort, err);
	event_destroy(others);
	for (enum verdict verdict = 0; ok && verdict < FIT_COUNT; verdict++)
		ok = each(ranking, ranking->ids[verdict].ptr, ranking->ids[verdict].len, false,
			  print, err);
	return ok;
}

static enum exit_status rank_others(struct cli *cli, struct str one, bool is_lora, struct str query)
{
	struct ranking ranking = {.cli = cli, .is_lora = is_lora};
	struct error err;
	if (!cli_check_query(cli, query, &err) || !pick_model(cli, one, &ranking.one, &err) ||
	    !cli_library(cli, LIBRARY_READ, &err))
		return cli_fail(cli, &err);
	tensors_open(&ranking.tensors, cli);
	ranking.has_layout = ranking.one.is_file &&
			     tensors_find(&ranking.tensors, &ranking.one, &ranking.layout);
	for (enum verdict verdict = 0; verdict < FIT_COUNT; verdict++)
		ranking.ids[verdict] = ARRAY_OF(uint32_t);
	bool ok = rank(&ranking, query, &err);
	for (enum verdict verdict = 0; verdict < FIT_COUNT; verdict++)
		array_finish(&ranking.ids[verdict]);
	tensors_close(&ranking.tensors);
	return ok ? EXIT_DONE : cli_fail(cli, &err);
}

enum exit_status cmd_fit(struct cli *cli)
{
	const struct args *args = &cli->args;
	bool is_for = args->has[OPTION_FOR], is_matrix = args->has[OPTION_MATRIX];
	size_t n_others = is_for || is_matrix ? 0 : 1;
	struct error err;
	if (is_for && is_matrix)
		error_set(&err, ERROR_USAGE, NULL, "fit: --for and --matrix exclude each other");
	else if (args->n_operands < n_others)
		error_set(&err, ERROR_USAGE, NULL,
			  "fit: too few arguments: lorarium fit CHECKPOINT [QUERY]");
	else if (args->n_operands > n_others + 1)
		error_set(&err, ERROR_USAGE, NULL,
			  "fit: too many arguments (a QUERY is one, in quotes)");
	else if (is_matrix)
		return matrix_run(cli, cli_operand(cli, 0));
	else if (is_for)
		return rank_others(cli, str_from(args->values[OPTION_FOR]), true,
				   cli_operand(cli, 0));
	else
		return rank_others(cli, cli_operand(cli, 0), false, cli_operand(cli, 1));
	return cli_fail(cli, &err);
}
