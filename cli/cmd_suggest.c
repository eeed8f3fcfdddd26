// SPDX-License-Identifier: MIT
#include <time.h>

#include "cli/fits.h"
#include "cli/model_json.h"
#include "cli/model_text.h"
#include "core/base/text.h"
#include "core/query/query.h"
#include "core/sets/suggest.h"

/* How many are chosen unless --limit says otherwise; of how many the modules are compared. */
enum { CHOICES = 3, CHOICES_MAX = 100, COMPARED_MAX = 256 };

struct suggesting {
	struct cli *cli;
	struct fits fits;             /* of the checkpoint */
	struct array ids, compatible; /* uint32_t; struct fit: those that fit without reserve */
	size_t next;                  /* of those, to be looked at */
	struct array candidates;      /* struct suggest_candidate */
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

static void keep_compatible(void *context, const struct fit_line *line)
{
	struct suggesting *all = context;
	if (line->fit.verdict != FIT_COMPATIBLE)
		return;
	struct fit *fit = ARRAY_PUSH(&all->compatible, struct fit);
	*fit = line->fit;
	fit->binding = NULL;
	/* The line dies; what is kept of it is copied. Advice is nobody's. */
	for (size_t i = 0; i < fit->n_reasons; i++)
		fit->reasons[i].message = arena_str(&all->cli->arena, fit->reasons[i].message);
	*ARRAY_PUSH(&all->ids, uint32_t) = line->id;
}

/* The fit that was kept of that model: details come in the order of the ids. */
static const struct fit *next_fit(struct suggesting *all, uint32_t id)
{
	const uint32_t *ids = all->ids.ptr;
	while (ids[all->next] != id)
		all->next++;
	return ARRAY_AT(&all->compatible, struct fit, all->next);
}

static bool look_at(void *context, const struct event *details, struct error *err)
{
	struct suggesting *all = context;
	struct arena *arena = &all->cli->arena;
	const struct entry *entry = &details->as.details.entry;
	const struct model *model = &details->as.details.model;
	struct fit_side side = fit_side_of(model);
	(void)err; /* nothing can fail here */
	/* The event dies; what is kept of the model is copied. */
	side.name = arena_str(arena, side.name);
	side.architecture = arena_str(arena, side.architecture);
	side.base_model = side.base_model.ptr ? arena_str(arena, side.base_model) : STR_NULL;
	side.variants = copy_texts(arena, side.variants, side.n_variants);
	*ARRAY_PUSH(&all->candidates, struct suggest_candidate) = (struct suggest_candidate){
		.lora = { .side = side,
			  .triggers = copy_texts(arena, model->triggers, model->n_triggers),
			  .n_triggers = model->n_triggers },
		.fit = next_fit(all, entry->id),
		.n_wished = count_wished(all, all->query, entry),
		.rating = entry->rating,
		.is_favourite = entry->is_favourite,
		.id = entry->id,
		.path = arena_str(arena, entry->path),
	};
	return true;
}

static bool gather(struct suggesting *all, struct str query, struct error *err)
{
	struct cli *cli = all->cli;
	struct query_mistake mistake;
	all->query = query_parse(query, cli->knowledge, (int64_t)time(NULL), &cli->arena, &mistake);
	struct event *result = cli_query_kinds(cli, query, CLI_LORAS, err);
	bool ok = result &&
		  fits_each(&all->fits, result->as.result.ids, (size_t)result->as.result.n, false,
			    keep_compatible, all, err) &&
		  cli_each_details(cli, all->ids.ptr, all->ids.len, look_at, all, err);
	event_destroy(result);
	return ok;
}

/* Of the best only: reading modules and ends of files takes time. */
static void look_closer(struct suggesting *all, size_t n)
{
	struct cli *cli = all->cli;
	struct tensors *tensors = &all->fits.tensors;
	for (size_t i = 0; i < n; i++) {
		struct suggest_candidate *candidate =
			ARRAY_AT(&all->candidates, struct suggest_candidate, i);
		struct arena room = { 0 };
		struct adapter adapter;
		const struct picked picked = { .path = candidate->path,
					       .entry = { .id = candidate->id } };
		if (tensors_adapter(tensors, &picked, &room, &adapter))
			candidate->lora.overlap =
				overlap_read(binder_names(&tensors->binder), &adapter, &cli->arena);
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
	struct bytes line = { 0 };
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
		const struct suggest_candidate *candidate =
			ARRAY_AT(&all->candidates, struct suggest_candidate, choices[i].candidate);
		size_t n_why = explain(all, candidate, &choices[i], i == 0, why);
		(cli_json(all->cli) ? print_json : print_text)(all->cli, candidate, weight, why,
							       n_why);
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
	struct suggesting all = {
		.cli = cli,
		.ids = ARRAY_OF(uint32_t),
		.compatible = ARRAY_OF(struct fit),
		.candidates = ARRAY_OF(struct suggest_candidate),
	};
	bool ok = cli_check_query(cli, query, &err) &&
		  fits_open(&all.fits, cli, cli_operand(cli, 0), false, &err) &&
		  gather(&all, query, &err);
	if (ok)
		choose(&all);
	fits_close(&all.fits);
	array_finish(&all.ids);
	array_finish(&all.compatible);
	array_finish(&all.candidates);
	return ok ? EXIT_DONE : cli_fail(cli, &err);
}
