// SPDX-License-Identifier: MIT
#include "core/identify/weighing.h"

static struct str word_of(const struct knowledge *knowledge, struct str said)
{
	const struct array *all = &knowledge->predictions;
	for (size_t i = 0; i < all->len; i++) {
		const struct prediction *prediction = ARRAY_AT(all, struct prediction, i);
		if (str_equal_nocase(prediction->id, said))
			return prediction->id;
		for (size_t k = 0; k < prediction->said.n; k++)
			if (str_equal_nocase(prediction->said.list[k], said))
				return prediction->id;
	}
	return STR_NULL;
}

static bool settle(struct weighing *w, struct str word, enum evidence_source source,
		   struct str detail)
{
	if (!word.ptr)
		return false;
	w->model->prediction = word;
	evidence_add(&w->evidence, source, STR("prediction"), word, detail);
	return true;
}

static bool by_variant(struct weighing *w)
{
	for (size_t i = 0; i < w->view.n_variants; i++) {
		const struct variant *variant = w->view.variants[i];
		bool is_proven = w->variant_confidence[i] == CONFIDENCE_CERTAIN;
		if (settle(w, variant->prediction, is_proven ? SOURCE_TENSORS : SOURCE_METADATA,
			   variant->name))
			return true;
	}
	return false;
}

static bool by_metadata(struct weighing *w)
{
	struct said said;
	struct str place;
	if (!said_fact(w->knowledge, w->input, STR("prediction"), &said, &place))
		return false;
	bool is_beside = str_has_prefix(place, STR("sidecar:"));
	return settle(w, word_of(w->knowledge, said.text), is_beside ? SOURCE_SIDECAR : SOURCE_METADATA,
		      said_detail(&said, w->arena));
}

/* Up the tree, but not out of the architecture: what an ancestor of other tensors does is no proof. */
static struct str by_line(const struct weighing *w)
{
	const struct base_model *base = w->base;
	while (base && str_equal(base->architecture, w->view.architecture->id)) {
		if (base->prediction.ptr)
			return base->prediction;
		base = base->parent.ptr ? knowledge_base(w->knowledge, base->parent) : NULL;
	}
	return w->view.architecture->prediction;
}

void prediction_weigh(struct weighing *w)
{
	const struct base_model *proven = w->input->tensors->base_model;
	if (!w->view.architecture)
		return;
	if (proven && proven->prediction.ptr && proven == w->base)
		w->model->prediction = proven->prediction;
	else if (!by_variant(w) && !by_metadata(w))
		w->model->prediction = by_line(w);
}
