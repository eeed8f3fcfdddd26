// SPDX-License-Identifier: MIT
/**
 * A set of slots, one bit each: what the parts of a query are combined with.
 *
 * Bits past the last slot are always 0.
 */
#ifndef STORAGE_INDEX_BITMAP_H
#define STORAGE_INDEX_BITMAP_H

#include "core/base/arena.h"

struct bitmap {
	uint64_t *words;
	size_t n_bits;
};

static inline size_t bitmap_n_words(size_t n_bits)
{
	return (n_bits + 63) / 64;
}

/** Empty, on `arena`. */
static inline struct bitmap bitmap_new(struct arena *arena, size_t n_bits)
{
	return (struct bitmap){ ARENA_NEW_N(arena, uint64_t, bitmap_n_words(n_bits) + 1), n_bits };
}

static inline void bitmap_set(struct bitmap *bitmap, size_t i)
{
	bitmap->words[i / 64] |= UINT64_C(1) << (i % 64);
}

static inline void bitmap_clear(struct bitmap *bitmap, size_t i)
{
	bitmap->words[i / 64] &= ~(UINT64_C(1) << (i % 64));
}

static inline bool bitmap_has(const struct bitmap *bitmap, size_t i)
{
	return bitmap->words[i / 64] >> (i % 64) & 1;
}

/** The same for what may lie past its end. */
static inline bool bitmap_holds(const struct bitmap *bitmap, size_t i)
{
	return i < bitmap->n_bits && bitmap_has(bitmap, i);
}

/** Those numbers; on `arena`. */
static inline struct bitmap bitmap_of_ids(struct arena *arena, const uint32_t *ids, size_t n)
{
	uint32_t highest = 0;
	for (size_t i = 0; i < n; i++)
		highest = ids[i] > highest ? ids[i] : highest;
	struct bitmap bitmap = bitmap_new(arena, (size_t)highest + 1);
	for (size_t i = 0; i < n; i++)
		bitmap_set(&bitmap, ids[i]);
	return bitmap;
}

static inline void bitmap_and(struct bitmap *a, const struct bitmap *b)
{
	for (size_t i = 0; i < bitmap_n_words(a->n_bits); i++)
		a->words[i] &= b->words[i];
}

static inline void bitmap_or(struct bitmap *a, const struct bitmap *b)
{
	for (size_t i = 0; i < bitmap_n_words(a->n_bits); i++)
		a->words[i] |= b->words[i];
}

/** Takes b out of a. */
static inline void bitmap_and_not(struct bitmap *a, const struct bitmap *b)
{
	for (size_t i = 0; i < bitmap_n_words(a->n_bits); i++)
		a->words[i] &= ~b->words[i];
}

static inline struct bitmap bitmap_copy(struct arena *arena, const struct bitmap *from)
{
	struct bitmap copy = bitmap_new(arena, from->n_bits);
	bitmap_or(&copy, from);
	return copy;
}

static inline size_t bitmap_count(const struct bitmap *bitmap)
{
	size_t n = 0;
	for (size_t i = 0; i < bitmap_n_words(bitmap->n_bits); i++)
		n += (size_t)__builtin_popcountll(bitmap->words[i]);
	return n;
}

/** The first set bit from `from` on, or n_bits. */
static inline size_t bitmap_next(const struct bitmap *bitmap, size_t from)
{
	for (size_t i = from; i < bitmap->n_bits; i = (i / 64 + 1) * 64) {
		uint64_t word = bitmap->words[i / 64] >> (i % 64);
		if (word)
			return i + (size_t)__builtin_ctzll(word);
	}
	return bitmap->n_bits;
}

#endif
