// SPDX-License-Identifier: MIT
/**
 * The memo of one pickle: slot to value. A hash map, since slot 0xFFFFFFFF is as good as slot 0.
 */
#ifndef CORE_FORMATS_PICKLE_MEMO_H
#define CORE_FORMATS_PICKLE_MEMO_H

#include "core/base/arena.h"
#include "core/formats/pickle_budget.h"

#define PICKLE_MEMO_MAX 8000000u

struct pickle_memo_cell;

struct pickle_memo {
	struct pickle_memo_cell *cells;
	size_t n, cap;
};

/** Empties it, and keeps its memory unless that is much. */
void pickle_memo_clear(struct pickle_memo *memo);
/** false when a limit is met. */
NODISCARD bool pickle_memo_put(struct pickle_memo *memo, uint64_t slot, uint32_t value,
			       struct arena *arena, struct pickle_budget *budget);
bool pickle_memo_get(const struct pickle_memo *memo, uint64_t slot, uint32_t *value);

#endif
