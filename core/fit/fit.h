// SPDX-License-Identifier: MIT
/**
 * Does this LoRA work with this checkpoint? A verdict with reasons and advice.
 *
 * Three steps, worst wins: binding (facts, where both tensor tables are at hand), lineage
 * (experience: light and heavy edges of the tree), prediction and distillation.
 */
#ifndef CORE_FIT_FIT_H
#define CORE_FIT_FIT_H

#include "core/fit/binding.h"
#include "core/fit/notes.h"
#include "core/fit/reasons.h"
#include "core/identify/model.h"
#include "core/knowledge/knowledge.h"

enum verdict {
	FIT_COMPATIBLE,
	FIT_UNKNOWN,
	FIT_CAUTION,
	FIT_INCOMPATIBLE,
	FIT_COUNT
}; /* rising: worst wins */

const char *verdict_word(enum verdict verdict);
enum verdict verdict_find(struct str word); /* FIT_COUNT when there is none */

/** The side of a pair, as far as a verdict needs it: cheap to build from a row of the index. */
struct fit_side {
	enum kind kind;
	enum status status;
	enum safety safety;
	struct str architecture, base_model;
	bool lineage_known;
	const struct str *variants;
	size_t n_variants;
	struct str prediction;
	const char *content; /* hash that tells the same content, or NULL */
	struct str name;     /* for sentences; raw */
	const struct binding
		*binding;   /* of a LoRA, to the checkpoint at hand; NULL: not computed */
	struct notes notes; /* of a LoRA, by its tensors; they change no verdict */
};

struct fit_side fit_side_of(const struct model *model);

#define FIT_REASONS_MAX 12

struct fit {
	enum verdict verdict;
	struct reason reasons[FIT_REASONS_MAX];
	size_t n_reasons;
	struct str advice[FIT_REASONS_MAX];
	size_t n_advice;
	const struct binding *binding; /* the LoRA's; NULL: not computed */
};

/** One pair. @arena owns the sentences. */
void fit_pair(const struct knowledge *knowledge, const struct fit_side *checkpoint,
	      const struct fit_side *lora, struct arena *arena, struct fit *out);

/** Verdict alone, without sentences: for lists. Equal to fit_pair's. */
enum verdict fit_verdict(const struct knowledge *knowledge, const struct fit_side *checkpoint,
			 const struct fit_side *lora);

/** A reason more, with its advice unless that is there; the verdict falls to `verdict`, or stays. Of
 *  more reasons than there is room for, the verdict counts. */
void fit_add(struct fit *fit, enum verdict verdict, struct reason reason);

#endif
