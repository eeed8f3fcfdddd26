// SPDX-License-Identifier: MIT
#include "core/identify/questions.h"
#include "core/identify/weighing.h"

/* A LoRA is known by its modules alone; a control model that is stored as factors by either. */
static const struct rule *judge(struct view *view, const struct architecture *architecture)
{
	const struct rule *rule = NULL;
	if (view->adapter)
		rule = judge_rules(view, &architecture->adapter);
	if (!rule && view->kind != KIND_LORA)
		rule = judge_rules(view, &architecture->when);
	return rule;
}

/* A VAE belongs to no architecture unless a rule names its kind: the parts of one model only. */
static const struct rule *judge_part(struct view *view, const struct architecture *architecture)
{
	for (size_t i = 0; i < architecture->when.n_rules; i++) {
		struct rules one = { &architecture->when.rules[i], 1 };
		if (rule_asks(one.rules, TERM_KIND) && judge_rules(view, &one))
			return one.rules;
	}
	return NULL;
}

/* The deepest that holds: a descendant proves more. */
static void ask_base_model(struct view *view, struct arena *arena, struct tensor_facts *out)
{
	const struct array *bases = &view->knowledge->base_models;
	const struct rule *proof = NULL;
	for (size_t i = 0; i < bases->len; i++) {
		const struct base_model *base = ARRAY_AT(bases, struct base_model, i);
		if (!str_equal(base->architecture, view->architecture->id) ||
		    (out->base_model && base->depth <= out->base_model->depth))
			continue;
		const struct rule *rule = judge_rules(view, &base->when);
		if (!rule)
			continue;
		out->base_model = base;
		proof = rule;
	}
	if (proof)
		out->base_model_detail = judge_detail(view, proof, arena);
}

/* A layout that no kind rule knows, but an architecture does, is a diffusion model: whoever teaches
 * an architecture need not teach kinds as well. */
static void settle_kind(struct view *view, struct tensor_facts *out)
{
	if (view->kind != KIND_UNKNOWN)
		return;
	view->kind = out->kind = KIND_DIFFUSION_MODEL;
	out->kind_detail = out->architecture_detail;
}

void architecture_ask(struct view *view, struct arena *arena, struct tensor_facts *out)
{
	const struct array *all = &view->knowledge->architectures;
	bool is_unheard_of = view->kind == KIND_UNKNOWN && !out->kind_detail.ptr;
	bool is_part = !is_unheard_of && !kind_has_architecture(view->kind);
	for (size_t i = 0; i < all->len; i++) {
		const struct architecture *architecture = ARRAY_AT(all, struct architecture, i);
		const struct rule *rule =
			is_part ? judge_part(view, architecture) : judge(view, architecture);
		if (!rule)
			continue;
		view->architecture = out->architecture = architecture;
		out->architecture_detail = judge_detail(view, rule, arena);
		out->architecture_confidence = rule->confidence;
		settle_kind(view, out);
		ask_base_model(view, arena, out);
		return;
	}
}

static void settle_on(struct weighing *w, const struct architecture *architecture,
		      const struct rule *rule, enum confidence confidence,
		      enum evidence_source source, struct str detail)
{
	w->view.architecture = architecture;
	w->model->architecture = architecture->id;
	w->architecture_confidence = rule->confidence < confidence ? rule->confidence : confidence;
	evidence_add(&w->evidence, source, STR("architecture"), architecture->id, detail);
}

/* An architecture that the tensors allow, and that something said speaks for. */
struct candidate {
	const struct architecture *architecture;
	const struct rule *rule; /* NULL: the one that tensors alone would choose */
};

enum { CANDIDATES_MAX = 16 };

struct candidates {
	struct candidate list[CANDIDATES_MAX];
	size_t n;
};

static void add_candidate(struct candidates *candidates, const struct architecture *architecture,
			  const struct rule *rule)
{
	if (candidates->n < CANDIDATES_MAX)
		candidates->list[candidates->n++] = (struct candidate){ architecture, rule };
}

/* Words choose where tensors prove nothing, or between architectures whose tensors are the same:
 * then the rule itself names the other one. */
static const struct rule *rule_of_words(struct weighing *w, const struct rules *rules)
{
	for (size_t i = 0; i < rules->n_rules; i++) {
		struct rules one = { &rules->rules[i], 1 };
		if (w->view.architecture && !rule_asks(one.rules, TERM_ARCHITECTURE))
			continue;
		if (judge_rules_of_words(&w->view, &one))
			return one.rules;
	}
	return NULL;
}

/* Fills in the candidates; a rule that asks for a certain word settles the question instead. */
static bool gather(struct weighing *w, struct candidates *candidates)
{
	const struct array *all = &w->knowledge->architectures;
	bool is_adapter = w->view.kind == KIND_LORA;
	if (w->view.architecture)
		add_candidate(candidates, w->view.architecture, NULL);
	for (size_t i = 0; i < all->len; i++) {
		const struct architecture *other = ARRAY_AT(all, struct architecture, i);
		const struct rule *rule =
			rule_of_words(w, is_adapter ? &other->adapter : &other->when);
		if (!rule)
			continue;
		if (rule_asks(rule, TERM_SAID)) {
			add_candidate(candidates, other, rule);
			continue;
		}
		enum evidence_source source = judge_source(rule);
		settle_on(w, other, rule,
			  source == SOURCE_FILENAME ? CONFIDENCE_GUESS : CONFIDENCE_LIKELY, source,
			  judge_detail(&w->view, rule, w->arena));
		return false;
	}
	return candidates->n > (w->view.architecture ? 1 : 0);
}

static uint32_t weight_for(const struct weighing *w, const struct heard *heard,
			   const struct architecture *architecture)
{
	const struct array *bases = &w->knowledge->base_models;
	uint32_t most = 0;
	for (size_t i = 0; i < bases->len; i++)
		if (heard->weights[i] > most &&
		    str_equal(ARRAY_AT(bases, struct base_model, i)->architecture,
			      architecture->id))
			most = heard->weights[i];
	return most;
}

/* The candidate that a text names more strongly than any other; NULL: none, or it names several. */
static const struct candidate *named_by(const struct weighing *w, const struct heard *heard,
					const struct candidates *candidates)
{
	const struct candidate *best = NULL;
	uint32_t most = 0;
	for (size_t i = 0; i < candidates->n; i++) {
		uint32_t weight = weight_for(w, heard, candidates->list[i].architecture);
		if (weight && weight == most)
			best = NULL;
		if (weight <= most)
			continue;
		most = weight;
		best = &candidates->list[i];
	}
	return best;
}

void architecture_weigh(struct weighing *w)
{
	struct candidates candidates = { .n = 0 };
	if (!kind_has_architecture(w->view.kind) || !gather(w, &candidates))
		return;
	for (size_t i = 0; i < w->hearing.n; i++) {
		const struct heard *heard = &w->hearing.list[i];
		const struct candidate *best = named_by(w, heard, &candidates);
		if (!best)
			continue;
		if (best->rule)
			settle_on(w, best->architecture, best->rule, heard->source->confidence,
				  heard->source->evidence, said_detail(&heard->said, w->arena));
		return;
	}
}
