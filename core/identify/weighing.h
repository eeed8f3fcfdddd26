// SPDX-License-Identifier: MIT
/**
 * One file on the scales: what it is asked with, and the answer as it forms.
 *
 * Shared by the questions that need words: lineage.c, variants_said.c, prediction.c and others.
 */
#ifndef CORE_IDENTIFY_WEIGHING_H
#define CORE_IDENTIFY_WEIGHING_H

#include "core/identify/evidence.h"
#include "core/identify/heard.h"
#include "core/identify/identify.h"
#include "core/identify/judge.h"
#include "core/identify/said.h"

struct weighing {
	const struct knowledge *knowledge;
	const struct identify_input *input;
	struct arena *arena; /* owns the answer */
	struct model *model;
	struct view view;       /* words, and what is concluded */
	struct hearing hearing; /* lent to the view */
	struct evidence_list evidence, conflicts;

	enum confidence architecture_confidence; /* CERTAIN, unless words chose between twins */

	/* lineage */
	const struct base_model *base; /* concluded; NULL: none */
	enum confidence base_confidence;
	enum confidence variant_confidence[VIEW_VARIANTS_MAX]; /* by view.variants */
};

/**
 * Where tensors prove no architecture words may, by the rules that ask for both; and they may
 * choose another one that has the same tensors, by rules that name the proven one.
 */
void architecture_weigh(struct weighing *weighing);

/** Which base model, by what is said: identification facts, section 6. */
void lineage_weigh(struct weighing *weighing);

/** After the variants: their own ids where nothing names a lineage, and the `refine` rules. */
void lineage_settle(struct weighing *weighing);

/** Variants that only words tell, after those that tensors prove. */
void variants_weigh(struct weighing *weighing);

/** Adds one unless it is there; whoever adds it brings the evidence. */
void variants_add(struct weighing *weighing, const struct variant *variant,
		  enum confidence confidence);

void prediction_weigh(struct weighing *weighing);

/** What models of a base model do where nothing tells more; STR_NULL: mixed. */
struct str prediction_of_line(const struct knowledge *knowledge,
			      const struct architecture *architecture,
			      const struct base_model *base);

/** trained_on and merged_from. */
void trained_on_weigh(struct weighing *weighing);

void triggers_weigh(struct weighing *weighing);

/** Title, author, description, licence, resolution, alpha. */
void facts_weigh(struct weighing *weighing);

/** @folded  a word, against the folded globs of a fact */
bool fact_ignores(const struct texts *ignore, struct str folded);

/** Of a LoRA: the name beside its own by which prompts may name it. */
void alias_weigh(struct weighing *weighing);

/** Copies a list of texts; at most MODEL_LIST_MAX. */
struct text_list {
	struct str list[MODEL_LIST_MAX];
	size_t n;
};

/** Adds a trimmed text unless it is empty or there, whatever its case. */
void text_list_add(struct text_list *list, struct str text);
const struct str *text_list_copy(const struct text_list *list, struct arena *arena);

#endif
