// SPDX-License-Identifier: MIT
#include "core/formats/pickle_memo.h"

#include <string.h>

enum {
	CELLS_FIRST = 64,
	CELLS_KEPT_MAX = 4096, /* more are not worth emptying for the next pickle */
};

struct pickle_memo_cell {
	uint64_t slot;
	uint32_t value;
	bool is_used;
};

/** The cell of `slot`, or the free one where it belongs. */
static struct pickle_memo_cell *cell_of(const struct pickle_memo *memo, uint64_t slot)
{
	uint64_t mixed = (slot ^ slot >> 31) * UINT64_C(0x9e3779b97f4a7c15);
	for (size_t i = (size_t)(mixed >> 32);; i++) {
		struct pickle_memo_cell *cell = &memo->cells[i & (memo->cap - 1)];
		if (!cell->is_used || cell->slot == slot)
			return cell;
	}
}

static bool grow(struct pickle_memo *memo, struct arena *arena, struct pickle_budget *budget)
{
	size_t cap = memo->cap ? memo->cap * 2 : CELLS_FIRST;
	struct pickle_memo bigger = { .n = memo->n, .cap = cap };
	size_t bytes = bigger.cap * sizeof *bigger.cells;
	if (!pickle_budget_spend(budget, bytes))
		return false;
	bigger.cells = arena_try(arena, bytes);
	if (!bigger.cells)
		return false;
	for (size_t i = 0; i < memo->cap; i++)
		if (memo->cells[i].is_used)
			*cell_of(&bigger, memo->cells[i].slot) = memo->cells[i];
	*memo = bigger;
	return true;
}

void pickle_memo_clear(struct pickle_memo *memo)
{
	if (memo->cap > CELLS_KEPT_MAX)
		*memo = (struct pickle_memo){ 0 };
	else if (memo->n)
		memset(memo->cells, 0, memo->cap * sizeof *memo->cells);
	memo->n = 0;
}

bool pickle_memo_put(struct pickle_memo *memo, uint64_t slot, uint32_t value, struct arena *arena,
		     struct pickle_budget *budget)
{
	if (memo->n >= memo->cap / 2 && !grow(memo, arena, budget))
		return false;
	struct pickle_memo_cell *cell = cell_of(memo, slot);
	if (!cell->is_used) {
		if (memo->n == PICKLE_MEMO_MAX)
			return false;
		memo->n++;
	}
	*cell = (struct pickle_memo_cell){ slot, value, true };
	return true;
}

bool pickle_memo_get(const struct pickle_memo *memo, uint64_t slot, uint32_t *value)
{
	if (memo->n == 0)
		return false;
	const struct pickle_memo_cell *cell = cell_of(memo, slot);
	*value = cell->value;
	return cell->is_used;
}
