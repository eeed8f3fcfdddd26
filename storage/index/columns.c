// SPDX-License-Identifier: MIT
#include "storage/index/columns.h"

#include <string.h>

/* Digits of the radix sort: few passes, and counters that stay in the cache. */
enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

/* Ids and ranks; what is larger counts as the largest. */
static bool is_narrow(enum column column)
{
	return column == COLUMN_RANK_MIN || column == COLUMN_RANK_MAX || column == COLUMN_FOLDER ||
	       column == COLUMN_TRAINED;
}

void columns_init(struct columns *columns)
{
	*columns = (struct columns){ 0 };
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		columns->values[i] =
			is_narrow((enum column)i) ? ARRAY_OF(int32_t) : ARRAY_OF(int64_t);
}

void columns_finish(struct columns *columns)
{
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		array_finish(&columns->values[i]);
}

void columns_forget(struct columns *columns)
{
	if (columns->rows)
		db_reset(columns->rows);
	columns_finish(columns);
	columns_init(columns);
}

static void set(struct columns *columns, enum column column, size_t slot, int64_t value)
{
	struct array *values = &columns->values[column];
	if (!is_narrow(column))
		*ARRAY_AT(values, int64_t, slot) = value;
	else if (value == COLUMN_NONE)
		*ARRAY_AT(values, int32_t, slot) = COLUMN_NONE_NARROW;
	else
		*ARRAY_AT(values, int32_t, slot) = value < INT32_MAX ? (int32_t)value : INT32_MAX;
}

/* Room for every slot, and one more, so that an empty library has its columns too. */
static void widen(struct columns *columns, size_t n_slots)
{
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		struct array *values = &columns->values[i];
		if (values->len <= n_slots)
			array_reserve(values, n_slots + 1 - values->len);
		while (values->len <= n_slots) {
			array_push(values);
			set(columns, (enum column)i, values->len - 1, COLUMN_NONE);
		}
	}
}

/* The id comes first, then the columns in the order of their enum. */
static void take_row(struct columns *columns, const struct shelf *shelf, sqlite3_stmt *row)
{
	size_t slot;
	if (!shelf_find(shelf, (uint32_t)sqlite3_column_int64(row, 0), &slot))
		return;
	for (int i = 0; i < COLUMN_COUNT; i++) {
		bool is_known = sqlite3_column_type(row, i + 1) != SQLITE_NULL;
		set(columns, (enum column)i, slot,
		    is_known ? sqlite3_column_int64(row, i + 1) : COLUMN_NONE);
	}
}

static bool begin(struct columns *columns, const struct shelf *shelf, struct db *db,
		  struct error *err)
{
	columns_forget(columns);
	widen(columns, shelf_n(shelf));
	columns->renumbered = shelf->renumbered;
	columns->rows = db_bind(db, SQL_COLUMNS, NULL, 0, err);
	return columns->rows != NULL;
}

bool columns_read_some(struct columns *columns, const struct shelf *shelf, struct db *db, size_t n,
		       struct error *err)
{
	err->code = ERROR_NONE;
	if (columns->is_whole)
		return true;
	if (!columns->rows && !begin(columns, shelf, db, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (db_next(columns->rows, err)) {
			take_row(columns, shelf, columns->rows);
			continue;
		}
		columns->rows = NULL;
		if (err->code != ERROR_NONE)
			columns_forget(columns);
		columns->is_whole = err->code == ERROR_NONE;
		break;
	}
	return err->code == ERROR_NONE;
}

bool columns_read(struct columns *columns, const struct shelf *shelf, struct db *db,
		  struct error *err)
{
	return columns_read_some(columns, shelf, db, SIZE_MAX, err);
}

bool columns_update(struct columns *columns, const struct shelf *shelf, struct db *db,
		    const uint32_t *ids, size_t n_ids, struct error *err)
{
	err->code = ERROR_NONE;
	if (!columns->is_whole || columns->renumbered != shelf->renumbered) {
		columns_forget(columns);
		return true;
	}
	widen(columns, shelf_n(shelf));
	for (size_t i = 0; i < n_ids; i++) {
		sqlite3_stmt *row = DB_BIND(db, SQL_COLUMNS_OF_MODEL, err, db_int(ids[i]));
		if (row && db_next(row, err)) {
			take_row(columns, shelf, row);
			db_reset(row);
		}
		if (err->code != ERROR_NONE) {
			columns_forget(columns);
			return false;
		}
	}
	return true;
}

/* Order kept: of equal digits the one that stands first stays first. */
static void sort_by_digit(const int64_t *keys, int64_t lowest, unsigned shift, const uint32_t *from,
			  uint32_t *to, size_t n)
{
	size_t starts[DIGITS + 1] = { 0 };
	for (size_t i = 0; i < n; i++)
		starts[(((uint64_t)keys[from[i]] - (uint64_t)lowest) >> shift & (DIGITS - 1)) +
		       1]++;
	for (size_t i = 0; i < DIGITS; i++)
		starts[i + 1] += starts[i];
	for (size_t i = 0; i < n; i++) {
		uint64_t digit =
			((uint64_t)keys[from[i]] - (uint64_t)lowest) >> shift & (DIGITS - 1);
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
