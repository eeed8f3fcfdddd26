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
	if (!is_unheard_of && !kind_has_architecture(view->kind))
		return;
	for (size_t i = 0; i < all->len; i++) {
		const struct architecture *architecture = ARRAY_AT(all, struct architecture, i);
		const struct rule *rule = judge(view, architecture);
		if (!rule)
			continue;
		view->architecture = out->architecture = architecture;
		out->architecture_detail = judge_detail(view, rule, arena);
		settle_kind(view, out);
		ask_base_model(view, arena, out);
		return;
	}
}

static bool asks_for(const struct rule *rule, enum term_subject subject)
{
	for (size_t i = 0; i < rule->n_terms; i++)
		if (rule->terms[i].subject == subject)
			return true;
	return false;
}

/* Words choose where tensors prove nothing, or between architectures whose tensors are the same:
 * then the rule itself names the other one. */
static const struct rule *rule_of_words(struct weighing *w, const struct rules *rules)
{
	for (size_t i = 0; i < rules->n_rules; i++) {
		struct rules one = { &rules->rules[i], 1 };
		if (w->view.architecture && !asks_for(one.rules, TERM_ARCHITECTURE))
			continue;
		if (judge_rules_of_words(&w->view, &one))
			return one.rules;
	}
	return NULL;
}

void architecture_weigh(struct weighing *w)
{
	const struct array *all = &w->knowledge->architectures;
	for (size_t i = 0; kind_has_architecture(w->view.kind) && i < all->len; i++) {
		const struct architecture *other = ARRAY_AT(all, struct architecture, i);
		bool is_adapter = w->view.kind == KIND_LORA;
		const struct rule *rule =
			rule_of_words(w, is_adapter ? &other->adapter : &other->when);
		if (!rule)
			continue;
		enum evidence_source source = judge_source(rule);
		w->view.architecture = other;
		w->model->architecture = other->id;
		w->architecture_confidence = source == SOURCE_FILENAME ? CONFIDENCE_GUESS
								       : CONFIDENCE_LIKELY;
		evidence_add(&w->evidence, source, STR("architecture"), other->id,
			     judge_detail(&w->view, rule, w->arena));
		return;
	}
}
