// SPDX-License-Identifier: MIT
/**
 * Undo and redo of what an operation did to files: its steps the other way round, as a plan like any
 * other. Files that changed since are refused one by one, when their turn comes. Where an undo or a redo was cut
 * short, the next one goes on with what that left.
 */
#ifndef STORAGE_FILES_REVERSAL_H
#define STORAGE_FILES_REVERSAL_H

#include "storage/files/journal.h"

/**
 * Makes the plan: of each file that the operation touched, the opposite of what was done to it last, by itself or
 * by its undos and redos. Undo takes those that stand, redo those that were taken back.
 *
 * @trash  that of the home folder: where copies go that are taken back
 * @arena  owns the texts
 * @err    USAGE: there is no such operation, or it did nothing to files; UNSUPPORTED: no trash
 */
NODISCARD bool reversal_plan(struct db *user, int64_t operation, enum operation_way way,
			     struct str trash, struct arena *arena, struct plan *out,
			     struct error *err);

/**
 * Appends what made that which the operation made and which no undo took back as a whole: its redos, the newest
 * first, and itself; of int64_t.
 */
NODISCARD bool reversal_forths(struct db *user, int64_t operation, struct array *ids,
			       struct error *err);

/** Which operation that one takes back (`way` is UNDO) or forth again; 0: none. */
NODISCARD bool reversal_of(struct db *user, int64_t operation, int64_t *reverts,
			   enum operation_way *way, struct error *err);

#endif
