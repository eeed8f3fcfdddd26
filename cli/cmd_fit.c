// SPDX-License-Identifier: MIT
#include "cli/fits.h"
#include "cli/matrix.h"
#include "cli/model_json.h"
#include "cli/model_text.h"

/* Those that are ranked by how they fit one model. */
struct ranking {
	struct fits fits;
	struct array ids[FIT_COUNT]; /* uint32_t: stable within a verdict */
};

static void sort(void *context, const struct fit_line *line)
{
	struct ranking *ranking = context;
	*ARRAY_PUSH(&ranking->ids[line->fit.verdict], uint32_t) = line->id;
}

static void print(void *context, const struct fit_line *line)
{
	struct cli *cli = context;
	if (cli_json(cli)) {
		struct bytes text = { 0 };
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
	struct fits *fits = &ranking->fits;
	struct event *others =
		cli_query_kinds(fits->cli, query, fits->is_lora ? CLI_CHECKPOINTS : CLI_LORAS, err);
	bool ok = others && fits_each(fits, others->as.result.ids, (size_t)others->as.result.n,
				      true, sort, ranking, err);
	event_destroy(others);
	for (enum verdict verdict = 0; ok && verdict < FIT_COUNT; verdict++)
		ok = fits_each(fits, ranking->ids[verdict].ptr, ranking->ids[verdict].len, false,
			       print, fits->cli, err);
	return ok;
}

static enum exit_status rank_others(struct cli *cli, struct str one, bool is_lora, struct str query)
{
	struct ranking ranking = { 0 };
	struct error err;
	for (enum verdict verdict = 0; verdict < FIT_COUNT; verdict++)
		ranking.ids[verdict] = ARRAY_OF(uint32_t);
	bool ok = cli_check_query(cli, query, &err) &&
		  fits_open(&ranking.fits, cli, one, is_lora, &err) && rank(&ranking, query, &err);
	for (enum verdict verdict = 0; verdict < FIT_COUNT; verdict++)
		array_finish(&ranking.ids[verdict]);
	fits_close(&ranking.fits);
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
