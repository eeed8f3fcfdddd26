// SPDX-License-Identifier: MIT
/**
 * Facts and layouts in index.db: what conclusions are drawn from without a model's file.
 */
#ifndef STORAGE_INDEX_FACTS_ROWS_H
#define STORAGE_INDEX_FACTS_ROWS_H

#include "storage/index/db.h"
#include "storage/scan/facts.h"
#include "storage/scan/finding.h"

/**
 * Stores what came along with a model, and its layout when that is new. Inside a transaction.
 * @is_kept  out: can conclusions be drawn from it later? Else the file is to be read again
 */
NODISCARD bool facts_rows_put(struct db *db, uint32_t model_id, const struct flat *flat,
			      bool *is_kept, struct error *err);

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
