// SPDX-License-Identifier: MIT
/**
 * Single facts of all models as arrays by slot: read from the index when a query first asks for
 * them, and kept until the library changes. For comparing, and for sorting.
 */
#ifndef STORAGE_INDEX_COLUMNS_H
#define STORAGE_INDEX_COLUMNS_H

#include "storage/index/shelf.h"

enum column { COLUMN_RANK_MIN, COLUMN_RANK_MAX, COLUMN_SIZE, COLUMN_PARAMS, COLUMN_ADDED,
	      COLUMN_MODIFIED, COLUMN_FOLDER, COLUMN_TRAINED, COLUMN_COUNT };

/** What a model has in a column where nothing is known. */
#define COLUMN_NONE INT64_MIN

struct columns {
	struct array values[COLUMN_COUNT];	/* int64_t by slot; empty: not read yet */
};

void columns_init(struct columns *columns);
void columns_finish(struct columns *columns);
/** The library has changed. */
void columns_forget(struct columns *columns);
/** By slot, borrowed until columns_forget; NULL with `err`. */
const int64_t *columns_read(struct columns *columns, enum column column, const struct shelf *shelf,
			    struct db *db, struct error *err);

/** Sorts slots by their keys, rising; those with equal keys stay as they stand. */
void columns_sort(const int64_t *keys, uint32_t *slots, size_t n_slots);

#endif
