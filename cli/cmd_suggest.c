// SPDX-License-Identifier: MIT
#include <time.h>

#include "cli/combination.h"
#include "cli/model_json.h"
#include "cli/model_text.h"
#include "core/base/text.h"
#include "core/query/query.h"
#include "core/sets/suggest.h"

/* How many are chosen unless --limit says otherwise; of how many the modules are compared. */
enum { CHOICES = 3, CHOICES_MAX = 100, COMPARED_MAX = 256 };

struct suggesting {
	struct cli *cli;
	struct picked checkpoint;
	struct fit_side side;
	struct pick_binder binder;
	struct array candidates;	/* struct suggest_candidate */
	const struct query_node *query;
};

/* Tags that the query asks for, of which this model has some. */
static unsigned count_wished(struct suggesting *all, const struct query_node *node,
			     const struct entry *entry)
{
	if (!node || node->op == QUERY_NOT || node->op == QUERY_ALL)
		return 0;
	if (node->op != QUERY_LEAF)
		return count_wished(all, node->left, entry) + count_wished(all, node->right, entry);
	for (size_t i = 0; node->field == FIELD_TAG && i < entry->n_tags; i++) {
		struct str tag = text_fold_copy(&all->cli->arena, entry->tags[i]);
		if (node->match == MATCH_EXACT ? str_equal(tag, node->text)
					       : str_find(tag, node->text) >= 0)
			return 1;
	}
	return 0;
}

static const struct str *copy_texts(struct arena *arena, const struct str *list, size_t n)
{
	struct str *copy = ARENA_NEW_N(arena, struct str, n);
	for (size_t i = 0; i < n; i++)
		copy[i] = arena_str(arena, list[i]);
	return copy;
}

static bool judge(void *context, const struct event *details, struct error *err)
{
	struct suggesting *all = context;
	struct arena *arena = &all->cli->arena;
	const struct entry *entry = &details->as.details.entry;
	const struct model *model = &details->as.details.model;
	/* From its file: the library is answering already. */
	struct picked picked = {.path = arena_str(arena, entry->path), .is_file = true,
				.model = *model, .has_entry = true, .entry = *entry};
	struct fit_side side = fit_side_of(model);
	struct fit *fit = ARENA_NEW(arena, struct fit);
	(void)err; /* nothing can fail here */
	pick_binder_bind(&all->binder, &picked, &side);
	if (fit_verdict(all->cli->knowledge, &all->side, &side) != FIT_COMPATIBLE)
		return true;
	/* The event dies; what is kept of the model is copied. */
	side.name = arena_str(arena, side.name);
	side.architecture = arena_str(arena, side.architecture);
	side.base_model = side.base_model.ptr ? arena_str(arena, side.base_model) : STR_NULL;
	side.variants = copy_texts(arena, side.variants, side.n_variants);
	fit_pair(all->cli->knowledge, &all->side, &side, arena, fit);
	*ARRAY_PUSH(&all->candidates, struct suggest_candidate) = (struct suggest_candidate){
		.lora = {.side = side,
			 .triggers = copy_texts(arena, model->triggers, model->n_triggers),
			 .n_triggers = model->n_triggers},
		.fit = fit,
		.n_wished = count_wished(all, all->query, entry),
		.rating = entry->rating,
		.is_favourite = entry->is_favourite,
		.path = picked.path,
	};
	return true;
}

static bool gather(struct suggesting *all, struct str query, struct error *err)
{
	struct cli *cli = all->cli;
	struct query_mistake mistake;
	if (!cli_library(cli, LIBRARY_READ, err))
		return false;
	all->query = query_parse(query, cli->knowledge, (int64_t)time(NULL), &cli->arena, &mistake);
	struct str loras = query.len > 0
				   ? arena_strf(&cli->arena, "(%.*s) kind:lora", STR_ARG(query))
				   : STR("kind:lora");
	struct event *result = cli_query(cli, loras, err);
	if (!result)
		return false;
	bool ok = cli_each_details(cli, result->as.result.ids, (size_t)result->as.result.n, judge,
				   all, err);
	event_destroy(result);
	return ok;
}

/* Of the best only: reading modules and ends of files takes time. */
static void look_closer(struct suggesting *all, size_t n)
{
	struct cli *cli = all->cli;
	for (size_t i = 0; i < n; i++) {
		struct suggest_candidate *candidate =
			ARRAY_AT(&all->candidates, struct suggest_candidate, i);
		struct arena room = {0};
		const struct picked picked = {.path = candidate->path, .is_file = true};
		const struct adapter *adapter = pick_binder_adapter(&all->binder, &picked, &room);
		if (adapter)
			candidate->lora.overlap =
				overlap_read(binder_names(&all->binder.binder), adapter, &cli->arena);
		candidate->lora.side.content =
			library_content(arena_cstr(&cli->arena, candidate->path), &cli->arena);
		arena_finish(&room);
	}
}

/* Why it was chosen, a sentence each. */
static size_t explain(struct suggesting *all, const struct suggest_candidate *candidate,
		      const struct suggest_choice *choice, bool is_first, struct str why[4])
{
	struct arena *arena = &all->cli->arena;
	size_t n = 0;
	if (candidate->fit->n_reasons > 0)
		why[n++] = candidate->fit->reasons[0].message;
	if (candidate->n_wished > 0)
		why[n++] = arena_strf(arena, "It has %u of the tags that you wish.",
				      candidate->n_wished);
	if (candidate->is_favourite)
		why[n++] = STR("It is a favourite of yours.");
	else if (candidate->rating > 0)
		why[n++] = arena_strf(arena, "You rated it %d.", candidate->rating);
	if (choice->n_places > 0 && !is_first)
		why[n++] = arena_strf(arena,
				      "Of the %zu layers that it changes, %zu are changed by those "
				      "above, too.",
				      choice->n_places, choice->n_shared);
	return n;
}

static void print_json(struct cli *cli, const struct suggest_candidate *candidate, double weight,
		       const struct str *why, size_t n_why)
{
	struct bytes line = {0};
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_string(&json, "path", candidate->path);
	json_double_value(&json, "weight", weight);
	json_string(&json, "fit", str_from(verdict_word(candidate->fit->verdict)));
	model_json_texts(&json, "why", why, n_why);
	model_json_fit(&json, candidate->fit);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

static void print_text(struct cli *cli, const struct suggest_candidate *candidate, double weight,
		       const struct str *why, size_t n_why)
{
	struct out *out = &cli->out;
	out_style(out, OUT_TITLE);
	out_text(out, candidate->lora.side.name);
	out_style(out, OUT_PLAIN);
	out_printf(out, ":%.2f\n", weight);
	for (size_t i = 0; i < n_why; i++) {
		out_printf(out, "    ");
		out_text(out, why[i]);
		out_printf(out, "\n");
	}
}

static void print(struct suggesting *all, const struct suggest_choice *choices, size_t n)
{
	double weight = suggest_weight(all->cli->knowledge, n);
	for (size_t i = 0; i < n; i++) {
		struct str why[4];
		const struct suggest_candidate *candidate = ARRAY_AT(
			&all->candidates, struct suggest_candidate, choices[i].candidate);
		size_t n_why = explain(all, candidate, &choices[i], i == 0, why);
		(cli_json(all->cli) ? print_json : print_text)(all->cli, candidate, weight, why, n_why);
	}
	if (n == 0)
		out_complain(&all->cli->out, STR("suggest: no LoRA of these fits without reserve"));
}

static void choose(struct suggesting *all)
{
	struct cli *cli = all->cli;
	uint64_t limit = cli->args.has[OPTION_LIMIT] ? cli->args.numbers[OPTION_LIMIT] : CHOICES;
	size_t n_max = limit < CHOICES_MAX ? (size_t)limit : CHOICES_MAX;
	struct suggest_choice *choices = ARENA_NEW_N(&cli->arena, struct suggest_choice, n_max);
	struct suggest_candidate *list = all->candidates.ptr;
	size_t n = all->candidates.len;
	suggest_sort(list, n);
	n = n < COMPARED_MAX ? n : COMPARED_MAX;
	look_closer(all, n);
	print(all, choices, suggest_choose(cli->knowledge, list, n, n_max, &cli->arena, choices));
}

enum exit_status cmd_suggest(struct cli *cli)
{
	struct error err;
	struct str query = cli_operand(cli, 1);
	struct suggesting all = {.cli = cli, .candidates = ARRAY_OF(struct suggest_candidate)};
	if (!cli_check_query(cli, query, &err) ||
	    !pick_model(cli, cli_operand(cli, 0), &all.checkpoint, &err))
		return cli_fail(cli, &err);
	all.side = fit_side_of(&all.checkpoint.model);
	pick_binder_open(&all.binder, cli, &all.checkpoint);
	bool ok = gather(&all, query, &err);
	if (ok)
		choose(&all);
	pick_binder_close(&all.binder);
	array_finish(&all.candidates);
	return ok ? EXIT_DONE : cli_fail(cli, &err);
}
