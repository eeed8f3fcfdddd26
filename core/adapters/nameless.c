// SPDX-License-Identifier: MIT
#include "core/adapters/nameless.h"

enum { PAIRS_MIN = 8 };

/* A place in the list, which is the whole name. */
static bool is_place(struct str name, size_t n, size_t *place)
{
	uint64_t number;
	if (!str_to_u64(name, &number) || number >= n || (name.len > 1 && name.ptr[0] == '0'))
		return false;
	*place = (size_t)number;
	return true;
}

/** The tensors in the order of the list; NULL when some have other names. */
static const struct tensor **list_places(const struct tensor_table *table, struct arena *arena)
{
	size_t place, n = table->n_tensors;
	if (n < 2 * (size_t)PAIRS_MIN || n % 2 || !is_place(table->tensors[0].name, n, &place))
		return NULL;
	const struct tensor **list = ARENA_NEW_N(arena, const struct tensor *, n);
	for (size_t i = 0; i < n; i++) {
		if (!is_place(table->tensors[i].name, n, &place) || list[place])
			return NULL;
		list[place] = &table->tensors[i];
	}
	return list;
}

/* Thin, and of one rank throughout: what other lists of matrices are not. */
static bool is_pair(const struct tensor *up, const struct tensor *down, uint64_t rank)
{
	return up->rank >= 2 && up->rank == down->rank && up->shape[1] == rank &&
	       down->shape[0] == rank && up->shape[0] > rank && down->shape[1] > rank;
}

/** False when they are no pairs; @is_even: whether all layers have the same width in and out. */
static bool are_pairs(const struct tensor **list, size_t n, bool *is_even)
{
	uint64_t rank = list[1]->rank ? list[1]->shape[0] : 0;
	*is_even = true;
	for (size_t i = 0; i < n; i += 2) {
		if (!rank || !is_pair(list[i], list[i + 1], rank))
			return false;
		*is_even &= list[i]->shape[0] == list[0]->shape[0] &&
			    list[i + 1]->shape[1] == list[0]->shape[0];
	}
	return true;
}

bool nameless_call(const struct tensor_table *table, struct arena *arena, struct tensor_table *out)
{
	size_t n = table->n_tensors;
	bool is_encoder;
	const struct tensor **list = list_places(table, arena);
	if (!list || !are_pairs(list, n, &is_encoder))
		return false;
	struct tensor *named = ARENA_NEW_N(arena, struct tensor, n);
	for (size_t i = 0; i < n; i++) {
		named[i] = *list[i];
		named[i].name = arena_strf(arena, "%s:%zu:%s", is_encoder ? "text_encoder" : "unet",
					   i / 2, i % 2 ? "down" : "up");
	}
	*out = (struct tensor_table){ named, n };
	return true;
}
