// SPDX-License-Identifier: MIT
/**
 * Which LoRAs to take for a checkpoint: the best fit first, then what was wished for, then what
 * people like; of equals those that change what is not changed yet. The same question gets the same
 * answer, and no choice clashes with one before it.
 */
#ifndef CORE_SETS_SUGGEST_H
#define CORE_SETS_SUGGEST_H

#include "core/sets/set.h"

/** A LoRA that could be taken. */
struct suggest_candidate {
	struct set_lora lora;  /* its weight is not looked at */
	const struct fit *fit; /* with the checkpoint */
	unsigned n_wished;     /* wished tags that it has */
	int rating;
	bool is_favourite;
	uint32_t id;     /* in the library; not looked at */
	struct str path; /* tells equals apart */
};

/** Puts the best first, as far as that is known before any is chosen. */
void suggest_sort(struct suggest_candidate *list, size_t n);

struct suggest_choice {
	size_t candidate;          /* its place in the sorted list */
	size_t n_shared, n_places; /* of the places that it changes: by those chosen before, too */
};

/**
 * Chooses from a sorted list; what does not fit the checkpoint, and what would worsen the set, is
 * left out.
 * @out     room for `n_max`
 * @return  how many were chosen
 */
size_t suggest_choose(const struct knowledge *knowledge, const struct suggest_candidate *list,
		      size_t n, size_t n_max, struct arena *arena, struct suggest_choice *out);

/** The weight for each of n LoRAs: less when they are many, so that all stay below the limit. */
double suggest_weight(const struct knowledge *knowledge, size_t n);

#endif
