// SPDX-License-Identifier: MIT
/**
 * Facts and layouts in index.db: what conclusions are drawn from without a model's file.
 */
#ifndef STORAGE_INDEX_FACTS_ROWS_H
#define STORAGE_INDEX_FACTS_ROWS_H

#include "storage/index/db.h"
#include "storage/scan/facts.h"
#include "storage/scan/finding.h"

/** Stores a layout as layout_squeeze() gives it, unless it is there. Inside a transaction. */
NODISCARD bool facts_rows_put_layout(struct db *db, struct str squeezed, struct error *err);

/**
 * Stores what came along with a model whose layout, if it has any, is there. Inside a transaction.
 * @is_kept  out: can conclusions be drawn from it later? Else the file is to be read again
 */
NODISCARD bool facts_rows_put(struct db *db, uint32_t model_id, struct str flat, bool *is_kept,
			      struct error *err);

/**
 * A layout by its number.
 * @found  out: false when there is none, or it is not what this version writes
 */
NODISCARD bool facts_rows_layout(struct db *db, int64_t layout_id, struct arena *arena,
				 struct tensor_table *out, bool *found, struct error *err);

/** The key by which equal layouts are told. On `arena`; empty when there is none of that number. */
NODISCARD bool facts_rows_key(struct db *db, int64_t layout_id, struct arena *arena,
			      struct str *key, struct error *err);

/** The tensors of a model, as they were when it was read last. `found` as above. */
NODISCARD bool facts_rows_table(struct db *db, uint32_t model_id, struct arena *arena,
				struct tensor_table *out, bool *found, struct error *err);

#endif
