// SPDX-License-Identifier: MIT
/**
 * Numbers that look thrown but follow from a text: the same sample in the same bytes every time.
 */
#ifndef CORE_SAMPLES_DICE_H
#define CORE_SAMPLES_DICE_H

#include "core/base/arena.h"

struct dice {
	uint64_t state;
};

struct dice dice_from(struct str seed);
/** 0 <= number < below; 0 when `below` is 0. */
uint64_t dice_throw(struct dice *dice, uint64_t below);
/** 64 hexadecimal digits that follow from the texts: a hash of nothing real. */
struct str dice_hash(struct arena *arena, struct str first, struct str second);

#endif
