// SPDX-License-Identifier: MIT
/**
 * All that people made, as text and back: the lines of dump_line.h, in one order for one content.
 *
 * A head, the roots as they were added, models by root and path, sets by name. Without the history:
 * that is how it came to be.
 */
#ifndef STORAGE_USER_DUMP_H
#define STORAGE_USER_DUMP_H

#include "storage/index/db.h"
#include "storage/user/dump_line.h"

/** Appends the whole dump. @db  user.db, or has it attached */
NODISCARD bool dump_write(struct db *db, struct bytes *out, struct error *err);

/** A set as a line of its own, on `arena`. */
NODISCARD bool dump_set(struct db *db, int64_t id, struct str name, struct str note,
			struct arena *arena, struct dump_line *out, struct error *err);

/**
 * Adds what a dump tells to what is there, inside of an operation; what is there stays.
 *
 * Tags come together; a rating, a correction or a mark is taken where there is none; a note is put
 * below the one that is there unless that has it already; a set whose name stands for another one
 * gets a number behind its name. Roots and the places of files stay when the operation is undone.
 *
 * @n_changed  out: roots, models and sets
 * @err        with the line's number; all is to be rolled back then
 */
NODISCARD bool dump_restore(struct db *user, struct str text, uint64_t *n_changed,
			    struct error *err);

#endif
