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

/* Where the variant was found. */
static enum evidence_source source_of_variant(const struct weighing *w, struct str id)
{
	for (size_t i = 0; i < w->evidence.n; i++)
		if (str_equal(w->evidence.list[i].field, STR("variants")) &&
		    str_equal(w->evidence.list[i].says, id))
			return w->evidence.list[i].source;
	return SOURCE_METADATA;
}

static bool by_variant(struct weighing *w)
{
	for (size_t i = 0; i < w->view.n_variants; i++) {
		const struct variant *variant = w->view.variants[i];
		if (settle(w, variant->prediction, source_of_variant(w, variant->id),
			   variant->name))
			return true;
	}
	return false;
}

static enum evidence_source source_of_place(struct str place)
{
	return str_has_prefix(place, STR("sidecar:"))  ? SOURCE_SIDECAR
	       : str_has_prefix(place, STR("config:")) ? SOURCE_CONFIG
						       : SOURCE_METADATA;
}

/* What this architecture predicts, and nothing else: another word is a trainer's default. */
static bool is_excluded(const struct weighing *w, struct str word)
{
	const struct array *all = &w->knowledge->predictions;
	for (size_t i = 0; i < all->len; i++) {
		const struct prediction *own = ARRAY_AT(all, struct prediction, i);
		if (own->is_exclusive && str_equal(own->id, w->view.architecture->prediction))
			return !str_equal(own->id, word);
	}
	return false;
}

static bool by_metadata(struct weighing *w)
{
	struct said said;
	struct str place;
	if (!said_fact(w->knowledge, w->input, STR("prediction"), &said, &place))
		return false;
	struct str word = word_of(w->knowledge, said.text);
	return !is_excluded(w, word) &&
	       settle(w, word, source_of_place(place), said_detail(&said, w->arena));
}

/* Up the tree, but not out of the architecture: what an ancestor of other tensors does is no proof. */
struct str prediction_of_line(const struct knowledge *knowledge,
			      const struct architecture *architecture,
			      const struct base_model *base)
{
	while (base && str_equal(base->architecture, architecture->id)) {
		if (base->prediction.ptr)
			return base->prediction;
		base = base->parent.ptr ? knowledge_base(knowledge, base->parent) : NULL;
	}
	return architecture->prediction;
}

void prediction_weigh(struct weighing *w)
{
	const struct base_model *proven = w->input->tensors->base_model;
	if (!w->view.architecture)
		return;
	if (proven && proven->prediction.ptr && proven == w->base)
		w->model->prediction = proven->prediction;
	else if (!by_variant(w) && !by_metadata(w))
		w->model->prediction =
			prediction_of_line(w->knowledge, w->view.architecture, w->base);
}
