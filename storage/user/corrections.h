// SPDX-License-Identifier: MIT
/**
 * Corrections: a kind and a base model that a person set by hand, on subjects.
 */
#ifndef STORAGE_USER_CORRECTIONS_H
#define STORAGE_USER_CORRECTIONS_H

#include "storage/index/db.h"
#include "storage/messages.h"

/** What is set at a place; an empty one when nothing is. @arena owns its texts */
NODISCARD bool corrections_find(struct db *user, int64_t root_id, struct str path,
				struct arena *arena, struct correction *out, struct error *err);

/** `*changed` tells whether it is another now. */
NODISCARD bool corrections_change(struct db *user, int64_t subject_id,
				  const struct correction_change *change, int64_t now_s,
				  bool *changed, struct error *err);

struct placed_correction {
	int64_t root_id;
	struct str path;
	struct correction correction;
};

/** All of them, appended to `list`, of struct placed_correction. @arena owns the texts */
NODISCARD bool corrections_list(struct db *user, struct arena *arena, struct array *list,
				struct error *err);

/** From the columns of a statement: a word for the kind and an id, each of which may be NULL. */
struct correction corrections_read(sqlite3_stmt *row, int kind, int base_model,
				   struct arena *arena);
/** The same as values to bind. */
struct db_value corrections_kind(const struct correction *correction);
struct db_value corrections_base(const struct correction *correction);

#endif
