// SPDX-License-Identifier: MIT
#include "cli/binder.h"
#include "cli/model_json.h"
#include "cli/model_text.h"

/* One LoRA, judged and already put into words. */
struct judged {
	struct bytes text; /* its line of JSON; or its name, then what fit says */
	struct fit fit;
	struct arena arena; /* owns the sentences of `fit` */
};

struct ranking {
	struct cli *cli;
	struct fit_side checkpoint;
	struct binder binder;
	struct array judged[FIT_COUNT]; /* struct judged: stable within a verdict */
};

static bool judge(void *context, const struct event *details, struct error *err)
{
	struct ranking *ranking = context;
	const struct model *model = &details->as.details.model;
	(void)err; /* nothing can fail here */
	struct judged judged = {0};
	struct fit_side lora = fit_side_of(model);
	const struct picked picked = {
		.path = details->as.details.entry.path,
		.model = *model,
		.has_entry = true,
		.entry = details->as.details.entry,
	};
	lora.binding = binder_bind(&ranking->binder, &picked);
	fit_pair(ranking->cli->knowledge, &ranking->checkpoint, &lora, &judged.arena, &judged.fit);
	if (cli_json(ranking->cli)) {
		struct json_writer json = json_writer(&judged.text);
		model_json_lora(&json, details->as.details.entry.path, NULL, &judged.fit);
		arena_finish(&judged.arena);
	} else {
		bytes_append_str(&judged.text, model->name);
	}
	*ARRAY_PUSH(&ranking->judged[judged.fit.verdict], struct judged) = judged;
	return true;
}

static void print(struct ranking *ranking)
{
	struct cli *cli = ranking->cli;
	for (enum verdict verdict = 0; verdict < FIT_COUNT; verdict++)
		for (size_t i = 0; i < ranking->judged[verdict].len; i++) {
			struct judged *judged =
				ARRAY_AT(&ranking->judged[verdict], struct judged, i);
			if (cli_json(cli))
				out_line(&cli->out, &judged->text);
			else
				model_text_fit(cli, "", bytes_str(&judged->text), &judged->fit);
			out_breathe(&cli->out);
			bytes_finish(&judged->text);
			arena_finish(&judged->arena);
		}
}

static bool rank(struct ranking *ranking, struct str query, struct error *err)
{
	struct cli *cli = ranking->cli;
	if (!cli_library(cli, LIBRARY_READ, err))
		return false;
	/* QUERY stands first, so that the columns of late mistakes are right but for one. */
	struct str loras = query.len > 0
				   ? arena_strf(&cli->arena, "(%.*s) kind:lora", STR_ARG(query))
				   : STR("kind:lora");
	struct event *result = cli_query(cli, loras, err);
	if (!result)
		return false;
	bool ok = cli_each_details(cli, result->as.result.ids, (size_t)result->as.result.n, judge,
				   ranking, err);
	event_destroy(result);
	return ok;
}

enum exit_status cmd_fit(struct cli *cli)
{
	struct picked checkpoint;
	struct error err;
	struct str query = cli_operand(cli, 1);
	if (!cli_check_query(cli, query, &err) ||
	    !pick_model(cli, cli_operand(cli, 0), &checkpoint, &err))
		return cli_fail(cli, &err);
	struct ranking ranking = {.cli = cli, .checkpoint = fit_side_of(&checkpoint.model)};
	for (enum verdict verdict = 0; verdict < FIT_COUNT; verdict++)
		ranking.judged[verdict] = ARRAY_OF(struct judged);
	binder_open(&ranking.binder, cli, &checkpoint);
	bool ok = rank(&ranking, query, &err);
	print(&ranking);
	binder_close(&ranking.binder);
	for (enum verdict verdict = 0; verdict < FIT_COUNT; verdict++)
		array_finish(&ranking.judged[verdict]);
	return ok ? EXIT_DONE : cli_fail(cli, &err);
}
