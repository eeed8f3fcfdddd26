// SPDX-License-Identifier: MIT
#include "core/identify/choice.h"

#include "core/knowledge/tokens.h"

enum { NAME_CONFLICT_LETTERS = 4, FOREIGN_MANY = 5 };

static const struct base_model *foundation_of(const struct choice *choice)
{
	return knowledge_base(choice->knowledge, choice->architecture->foundation);
}

static bool is_ours(const struct choice *choice, const struct base_model *base)
{
	return base && str_equal(base->architecture, choice->architecture->id);
}

/* Two rows that the same text names: the deeper of one line, or where their lines meet. */
static const struct base_model *merge(const struct choice *choice, const struct base_model *a,
				      const struct base_model *b)
{
	const struct base_model *common = knowledge_common(choice->knowledge, a, b);
	if (!is_ours(choice, common))
		return foundation_of(choice);
	if (!choice->prefers_deepest || (common != a && common != b))
		return common;
	return common == a ? b : a;
}

/* A word that many architectures share ("Other") names none of them. */
static void add_foreign(struct choice *choice, const struct base_model *base, uint32_t weight)
{
	if (weight > choice->foreign_weight || !choice->foreign) {
		choice->foreign = base;
		choice->foreign_weight = weight;
		choice->n_foreign = 1;
	} else if (weight == choice->foreign_weight &&
		   !str_equal(base->architecture, choice->foreign->architecture)) {
		choice->n_foreign++;
	}
}

static void add(struct choice *choice, const struct base_model *base, uint32_t weight)
{
	if (!is_ours(choice, base)) {
		add_foreign(choice, base, weight);
		return;
	}
	if (base->variant.ptr)
		choice->variant = choice->n_variants++ ? NULL : base;
	if (base->variant.ptr && choice->prefers_deepest)
		return;
	if (!choice->base || weight > choice->weight) {
		choice->base = base;
		choice->weight = weight;
	} else if (weight == choice->weight) {
		choice->base = merge(choice, choice->base, base);
	}
}

/* "klein-4b" in "klein-4b-base", which was chosen: the longer word is the one that is meant. */
static bool is_part_of_chosen(const struct choice *choice, const struct base_model *base,
			      uint32_t weight)
{
	const struct texts *chosen = &choice->base->tokens;
	for (size_t i = 0; i < base->tokens.n; i++)
		for (size_t k = 0; k < chosen->n; k++)
			if (token_weight_in(base->tokens.list[i], base->tokens.list[i]) == weight &&
			    token_weight_in(chosen->list[k], chosen->list[k]) == choice->weight &&
			    token_weight_in(base->tokens.list[i], chosen->list[k]) &&
			    weight < choice->weight)
				return true;
	return false;
}

/* A row below the chosen one says more, however short its token: "flux1-dev-kontext". */
static void deepen(struct choice *choice, const struct heard *heard)
{
	const struct array *bases = &choice->knowledge->base_models;
	const struct base_model *above = choice->base, *deepest = NULL;
	for (size_t i = 0; above && choice->prefers_deepest && i < bases->len; i++) {
		const struct base_model *base = ARRAY_AT(bases, struct base_model, i);
		if (base == above || base->variant.ptr || !heard->weights[i] ||
		    !knowledge_is_within(choice->knowledge, base->id, above->id))
			continue;
		if (heard->source->reader == READ_TOKENS &&
		    is_part_of_chosen(choice, base, heard->weights[i]))
			continue;
		deepest = deepest ? merge(choice, deepest, base) : base;
	}
	if (deepest)
		choice->base = deepest;
}

/* "SDXL Lightning" stands at what was distilled and at lines that have such an edition; "SDXL 1.0"
 * at the foundation, and so at anything. */
static void tell_variant(struct choice *choice, const struct heard *heard)
{
	const struct array *bases = &choice->knowledge->base_models;
	const struct base_model *foundation = foundation_of(choice);
	bool is_vague = false;
	for (size_t i = 0; i < bases->len; i++)
		is_vague |= ARRAY_AT(bases, struct base_model, i) == foundation &&
			    heard->weights[i] && heard->weights[i] == choice->weight;
	if (choice->base && choice->base->variant.ptr)
		choice->base = NULL;
	if ((choice->base && choice->base != foundation) || is_vague)
		choice->variant = NULL; /* a text that also names a lineage does not mean it */
}

void choice_read(struct choice *choice, const struct knowledge *knowledge,
		 const struct architecture *architecture, const struct heard *heard)
{
	enum source_reader reader = heard->source->reader;
	bool is_hash = reader == READ_SHA256 || reader == READ_AUTOV2 || reader == READ_LEGACY8;
	*choice = (struct choice){
		.knowledge = knowledge,
		.architecture = architecture,
		.prefers_deepest = is_hash || reader == READ_TOKENS || reader == READ_TAGS,
	};
	for (size_t i = 0; i < knowledge->base_models.len; i++)
		if (heard->weights[i])
			add(choice, ARRAY_AT(&knowledge->base_models, struct base_model, i),
			    heard->weights[i]);
	deepen(choice, heard);
	tell_variant(choice, heard);
	if (choice->base || choice->n_variants || choice->n_foreign > FOREIGN_MANY ||
	    (reader == READ_TOKENS && choice->foreign_weight < NAME_CONFLICT_LETTERS))
		choice->foreign = NULL;
}
