// SPDX-License-Identifier: MIT
#include "storage/index/columns.h"

#include <string.h>

/* Digits of the radix sort: few passes, and counters that stay in the cache. */
enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

static const enum sql statements[COLUMN_COUNT] = {
	[COLUMN_RANK_MIN] = SQL_COLUMN_RANK_MIN, [COLUMN_RANK_MAX] = SQL_COLUMN_RANK_MAX,
	[COLUMN_SIZE] = SQL_COLUMN_SIZE, [COLUMN_PARAMS] = SQL_COLUMN_PARAMS,
	[COLUMN_ADDED] = SQL_COLUMN_ADDED, [COLUMN_MODIFIED] = SQL_COLUMN_MODIFIED,
	[COLUMN_FOLDER] = SQL_COLUMN_FOLDER, [COLUMN_TRAINED] = SQL_COLUMN_TRAINED,
};

void columns_init(struct columns *columns)
{
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		columns->values[i] = ARRAY_OF(int64_t);
}

void columns_finish(struct columns *columns)
{
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		array_finish(&columns->values[i]);
}

void columns_forget(struct columns *columns)
{
	columns_finish(columns);
	columns_init(columns);
}

const int64_t *columns_read(struct columns *columns, enum column column, const struct shelf *shelf,
			    struct db *db, struct error *err)
{
	struct array *values = &columns->values[column];
	if (values->len > 0)
		return values->ptr;
	/* One more than slots, so that an empty library has its columns too. */
	array_reserve(values, shelf_n(shelf) + 1);
	while (values->len <= shelf_n(shelf))
		*ARRAY_PUSH(values, int64_t) = COLUMN_NONE;
	sqlite3_stmt *rows = db_bind(db, statements[column], NULL, 0, err);
	while (rows && db_next(rows, err)) {
		size_t slot;
		if (shelf_find(shelf, (uint32_t)sqlite3_column_int64(rows, 0), &slot)
		    && sqlite3_column_type(rows, 1) != SQLITE_NULL)
			*ARRAY_AT(values, int64_t, slot) = sqlite3_column_int64(rows, 1);
	}
	if (err->code != ERROR_NONE)
		array_clear(values);
	return err->code == ERROR_NONE ? values->ptr : NULL;
}

/* Order kept: of equal digits the one that stands first stays first. */
static void sort_by_digit(const int64_t *keys, int64_t lowest, unsigned shift, const uint32_t *from,
			  uint32_t *to, size_t n)
{
	size_t starts[DIGITS + 1] = { 0 };
	for (size_t i = 0; i < n; i++)
		starts[(((uint64_t)keys[from[i]] - (uint64_t)lowest) >> shift & (DIGITS - 1)) + 1]++;
	for (size_t i = 0; i < DIGITS; i++)
		starts[i + 1] += starts[i];
	for (size_t i = 0; i < n; i++) {
		uint64_t digit = ((uint64_t)keys[from[i]] - (uint64_t)lowest) >> shift & (DIGITS - 1);
		to[starts[digit]++] = from[i];
	}
}

void columns_sort(const int64_t *keys, uint32_t *slots, size_t n_slots)
{
	int64_t lowest = INT64_MAX, highest = INT64_MIN;
	struct arena arena = { 0 };
	uint32_t *other = ARENA_NEW_N(&arena, uint32_t, n_slots + 1), *from = slots, *to = other;
	for (size_t i = 0; i < n_slots; i++) {
		lowest = keys[slots[i]] < lowest ? keys[slots[i]] : lowest;
		highest = keys[slots[i]] > highest ? keys[slots[i]] : highest;
	}
	/* As unsigned numbers above the lowest, only digits that differ are sorted by. */
	uint64_t range = n_slots ? (uint64_t)highest - (uint64_t)lowest : 0;
	for (unsigned shift = 0; shift < 64 && range >> shift; shift += DIGIT_BITS) {
		sort_by_digit(keys, lowest, shift, from, to, n_slots);
		uint32_t *swap = from;
		from = to;
		to = swap;
	}
	if (from != slots)
		memcpy(slots, from, n_slots * sizeof *slots);
	arena_finish(&arena);
}
