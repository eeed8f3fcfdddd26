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

static bool is_listed(const struct texts *ids, struct str id)
{
	for (size_t i = 0; i < ids->n; i++)
		if (str_equal(ids->list[i], id))
			return true;
	return false;
}

static bool asks_for_name(const struct rule *rule)
{
	for (size_t i = 0; i < rule->n_terms; i++)
		if (rule->terms[i].subject == TERM_NAME)
			return true;
	return false;
}

void architecture_weigh(struct weighing *w)
{
	const struct array *all = &w->knowledge->architectures;
	for (size_t i = 0; w->view.architecture && i < all->len; i++) {
		const struct architecture *other = ARRAY_AT(all, struct architecture, i);
		if (!is_listed(&other->shares, w->view.architecture->id))
			continue;
		const struct rules *rules = w->view.kind == KIND_LORA ? &other->adapter : &other->when;
		const struct rule *rule = judge_rules_of_words(&w->view, rules);
		if (!rule)
			continue;
		bool is_name = asks_for_name(rule);
		w->view.architecture = other;
		w->model->architecture = other->id;
		w->architecture_confidence = is_name ? CONFIDENCE_GUESS : CONFIDENCE_LIKELY;
		evidence_add(&w->evidence, is_name ? SOURCE_FILENAME : SOURCE_METADATA,
			     STR("architecture"), other->id, judge_detail(&w->view, rule, w->arena));
		return;
	}
}
