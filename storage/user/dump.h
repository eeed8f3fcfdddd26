// SPDX-License-Identifier: MIT
/**
 * Everything people made as lines of JSON, and back: `user.jsonl`.
 *
 * Sorted, without ids and without what the index knows: two dumps of the same are the same bytes. Three
 * kinds of lines, told by "type": "root", "model" (with tags, rating, favourite, note, correction) and
 * "set". Paths that are not UTF-8 stand in base64 as well.
 */
#ifndef STORAGE_USER_DUMP_H
#define STORAGE_USER_DUMP_H

#include "core/base/array.h"
#include "storage/index/db.h"

/** Appends all lines. @db  user.db, or a connection that has it attached */
NODISCARD bool dump_write(struct db *db, struct bytes *out, struct error *err);

/**
 * Puts what a dump holds into user.db, which may have things already: roots and tags are added; where
 * the dump has a rating, a note, a correction or a set of a name, it wins. Inside an operation.
 *
 * @n_changed  out: lines that were taken
 * @err        FORMAT: the line that is none of a dump; nothing may be kept then
 */
NODISCARD bool dump_restore(struct db *user, struct str text, uint64_t *n_changed,
			    struct error *err);

#endif
