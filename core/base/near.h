// SPDX-License-Identifier: MIT
/**
 * "Did you mean": the word of a table that is nearest to what somebody typed.
 *
 * Start with NEAR(word), offer every word of the table, look at `best`. Says nothing when no
 * word is near: a far-fetched suggestion is worse than none.
 */
#ifndef CORE_BASE_NEAR_H
#define CORE_BASE_NEAR_H

#include "core/base/str.h"

#define NEAR_WORD_MAX 40 /* longer words are not compared */

struct near {
	struct str word; /* borrowed: what was typed */
	struct str best; /* borrowed from an offer; STR_NULL: nothing is near */
	size_t distance;
};

#define NEAR(typed) ((struct near){ .word = (typed) })

/** Keeps `candidate` when it is nearer than all before: one edit in three letters at most. */
void near_offer(struct near *near, struct str candidate);

#endif
