// SPDX-License-Identifier: MIT
/**
 * Single facts of all models as arrays by slot: for comparing, and for sorting.
 *
 * All of them are read in one pass over the index: in idle time, or when a query asks for one
 * before that. Afterwards only what changes is read again.
 */
#ifndef STORAGE_INDEX_COLUMNS_H
#define STORAGE_INDEX_COLUMNS_H

#include "storage/index/shelf.h"

enum column {
	COLUMN_RANK_MIN,
	COLUMN_RANK_MAX,
	COLUMN_SIZE,
	COLUMN_PARAMS,
	COLUMN_ADDED,
	COLUMN_MODIFIED,
	COLUMN_FOLDER,
	COLUMN_TRAINED,
	COLUMN_COUNT
};

/** What a model has in a column where nothing is known; the second one in a narrow column. */
#define COLUMN_NONE INT64_MIN
#define COLUMN_NONE_NARROW INT32_MIN

struct columns {
	struct array values[COLUMN_COUNT]; /* int64_t by slot, or int32_t where that is enough */
	sqlite3_stmt *rows;                /* while they are being read */
	unsigned renumbered;               /* as the shelf's when they were read */
	bool is_whole;
};

void columns_init(struct columns *columns);
void columns_finish(struct columns *columns);
/** The library has changed; a reading that is under way ends. */
void columns_forget(struct columns *columns);

/** Reads up to n models more; `is_whole` is set when those were the last. */
NODISCARD bool columns_read_some(struct columns *columns, const struct shelf *shelf, struct db *db,
				 size_t n, struct error *err);
/** Reads whatever is missing. */
NODISCARD bool columns_read(struct columns *columns, const struct shelf *shelf, struct db *db,
			    struct error *err);
/** After shelf_update of these ids: reads them again, or forgets all where that is not enough. */
NODISCARD bool columns_update(struct columns *columns, const struct shelf *shelf, struct db *db,
			      const uint32_t *ids, size_t n_ids, struct error *err);
/** Of whole columns. */
static inline int64_t columns_at(const struct columns *columns, enum column column, size_t slot)
{
	const struct array *values = &columns->values[column];
	if (values->element_bytes == sizeof(int64_t))
		return ((const int64_t *)values->ptr)[slot];
	int32_t value = ((const int32_t *)values->ptr)[slot];
	return value == COLUMN_NONE_NARROW ? COLUMN_NONE : value;
}

/** Sorts slots by their keys, rising; those with equal keys stay as they stand. */
void columns_sort(const int64_t *keys, uint32_t *slots, size_t n_slots);

#endif
