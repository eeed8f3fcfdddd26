// SPDX-License-Identifier: MIT
/**
 * The fit of a whole set over the fits of its LoRAs: what they do to one another.
 *
 * Mixed lineages, the same LoRA twice, triggers that call two of them, two distillers, weights that
 * are too high together; and what is only told: many that change the same modules, and the two
 * halves of a pair for a model that is two experts. What each does with the checkpoint is core/fit's.
 */
#ifndef CORE_SETS_SET_H
#define CORE_SETS_SET_H

#include "core/fit/fit.h"
#include "core/sets/overlap.h"

/** A LoRA of a set. */
struct set_lora {
	struct fit_side side;
	double weight;
	const struct str *triggers;
	size_t n_triggers;
	struct overlap overlap; /* n 0: not known */
};

/**
 * Judges a set as a whole.
 * @pairs  the fits of the LoRAs, in their order: the set is never better than the worst
 * @arena  owns the sentences
 */
void set_judge(const struct knowledge *knowledge, const struct set_lora *loras,
	       const struct fit *pairs, size_t n_loras, struct arena *arena, struct fit *out);

/** Is this LoRA the half of a pair that is for much noise, or for little? */
enum set_expert { EXPERT_NONE, EXPERT_HIGH, EXPERT_LOW };
enum set_expert set_expert_of(const struct knowledge *knowledge, const struct fit_side *lora);

#endif
