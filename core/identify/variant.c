// SPDX-License-Identifier: MIT
#include "core/identify/questions.h"
#include "core/identify/weighing.h"

bool variant_applies(const struct variant *variant, const struct view *view)
{
	if (variant->kind != KIND_UNKNOWN && variant->kind != view->kind)
		return false;
	return !variant->architecture.ptr ||
	       (view->architecture && str_equal(variant->architecture, view->architecture->id));
}

void variant_ask(struct view *view, struct arena *arena, struct tensor_facts *out)
{
	enum { MAX = sizeof(out->variants) / sizeof(*out->variants) };
	const struct array *all = &view->knowledge->variants;
	if (view->kind == KIND_UNKNOWN)
		return;
	for (size_t i = 0; i < all->len && out->n_variants < MAX; i++) {
		const struct variant *variant = ARRAY_AT(all, struct variant, i);
		if (!variant_applies(variant, view) || view_has_variant(view, variant->id))
			continue;
		const struct rule *rule = judge_rules(view, &variant->when);
		if (!rule)
			continue;
		out->variant_details[out->n_variants] = judge_detail(view, rule, arena);
		out->variants[out->n_variants++] = variant;
		view->variants[view->n_variants++] = variant;
	}
}

void variants_add(struct weighing *w, const struct variant *variant, enum confidence confidence)
{
	if (view_has_variant(&w->view, variant->id) || w->view.n_variants == VIEW_VARIANTS_MAX)
		return;
	w->variant_confidence[w->view.n_variants] = confidence;
	w->view.variants[w->view.n_variants++] = variant;
}

const uint32_t *variants_named(const struct knowledge *knowledge, struct str folded,
			       struct arena *arena)
{
	uint32_t *weights = ARENA_NEW_N(arena, uint32_t, knowledge->variants.len + 1);
	token_index_weigh(&knowledge->variant_tokens, folded, weights);
	return weights;
}

static void by_rule(struct weighing *w, const struct variant *variant)
{
	const struct rule *rule = judge_rules_of_words(&w->view, &variant->when);
	if (!rule)
		return;
	variants_add(w, variant, CONFIDENCE_LIKELY);
	evidence_add(&w->evidence, judge_source(rule), STR("variants"), variant->id,
		     judge_detail(&w->view, rule, w->arena));
}

static void by_name(struct weighing *w, const struct variant *variant, const struct said *said,
		    enum evidence_source source, enum confidence confidence)
{
	variants_add(w, variant, confidence);
	evidence_add(&w->evidence, source, STR("variants"), variant->id,
		     said_detail(said, w->arena));
}

void variants_weigh(struct weighing *w)
{
	const struct array *all = &w->knowledge->variants;
	struct said title = { STR_NULL, STR_NULL }, name = { w->input->name, STR("file name") };
	struct str folded_title = STR_NULL;
	if (said_fact(w->knowledge, w->input, STR("title"), &title, NULL))
		folded_title = said_own_name(said_start(title.text), w->view.kind, w->arena);
	const uint32_t *titled = variants_named(w->knowledge, folded_title, w->arena);
	const uint32_t *named = variants_named(w->knowledge, w->view.name, w->arena);
	for (size_t i = 0; i < all->len; i++) {
		const struct variant *variant = ARRAY_AT(all, struct variant, i);
		if (!variant_applies(variant, &w->view) || view_has_variant(&w->view, variant->id))
			continue;
		by_rule(w, variant);
		if (titled[i])
			by_name(w, variant, &title, SOURCE_METADATA, CONFIDENCE_LIKELY);
		if (named[i])
			by_name(w, variant, &name, SOURCE_FILENAME, CONFIDENCE_GUESS);
	}
}
