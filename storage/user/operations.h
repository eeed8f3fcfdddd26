// SPDX-License-Identifier: MIT
/**
 * Operations: what was changed in user.db, each with its way back.
 *
 * Nobody who changes tags, notes, sets or corrections writes code for undo: what a transaction
 * changes is recorded by SQLite itself (its session extension), and taken back by the inverse of
 * the record. A change that met other values than it left behind is refused as a whole.
 *
 * Subjects that are made on the way stay after an undo: with nothing attached to them they are
 * nothing to anybody, and somebody may have attached something since.
 */
#ifndef STORAGE_USER_OPERATIONS_H
#define STORAGE_USER_OPERATIONS_H

#include "core/base/array.h"
#include "storage/index/db.h"
#include "storage/messages.h"

/** Begins a transaction of user.db whose changes are recorded. */
NODISCARD bool operation_begin(struct db *user, struct error *err);

/** From now on what is changed about roots is recorded, too: only where a root itself is what a person
 *  changed. */
NODISCARD bool operation_record_roots(struct db *user, struct error *err);

/**
 * Ends it, and keeps the record when anything was changed.
 *
 * @operation  `what`, `words`, `is_asked`, `n_changed`, `at_s`; the rest is not looked at
 * @id         out: 0 when nothing was changed; may be NULL
 * @return     false: everything was rolled back
 */
NODISCARD bool operation_commit(struct db *user, const struct operation *operation, int64_t *id,
				struct error *err);
/** After a failure before operation_commit. */
void operation_rollback(struct db *user);

/** What is changed in between is not recorded: it stays whatever is undone. */
void operation_pause(struct db *user, bool is_paused);

/**
 * For operations on files, whose row was there before they began: ends the transaction and gives
 * the record to that row, as done.
 */
NODISCARD bool operation_settle(struct db *user, int64_t id, struct error *err);

/**
 * Takes the changes of user.db back that an operation on files recorded, as part of the transaction
 * that is open. @err  CHANGED: they were changed again since; nothing was taken back
 */
NODISCARD bool operation_take_back(struct db *user, int64_t id, struct error *err);

/** The next number of the count that operations and undos share. */
int64_t operation_number(struct db *user);

/** A part of a long list: from `first` on at most `n`; n 0: as many as there are. */
struct operation_window {
	size_t first, n;
};

/** Appends operations, newest first, of struct operation. @arena owns the texts */
NODISCARD bool operations_list(struct db *user, struct operation_window window, struct arena *arena,
			       struct array *list, struct error *err);
/** The same of one by its id: nothing when there is none. */
NODISCARD bool operations_find(struct db *user, int64_t id, struct arena *arena, struct array *list,
			       struct error *err);
size_t operations_count(struct db *user);
/** Appends what it did to files, in order, of struct operation_step. @arena owns the texts */
NODISCARD bool operation_steps(struct db *user, int64_t id, struct operation_window window,
			       struct arena *arena, struct array *steps, struct error *err);

/** A file that an operation put into a trash. */
struct operation_trashed {
	int64_t operation;
	uint32_t group; /* of its steps */
	bool is_companion;
	struct str old, new;
};
/** Appends all of them, the oldest first, of struct operation_trashed. @arena owns the texts */
NODISCARD bool operations_trashed(struct db *user, struct arena *arena, struct array *list,
				  struct error *err);

/** What undo or redo would take next; 0 when there is nothing. */
int64_t operation_next(struct db *user, enum operation_way way);

/** Somebody who may refuse. */
struct operation_asked {
	bool (*may)(void *context, struct error *err);
	void *context;
};

/**
 * Takes the changes of user.db back, or makes them again, in a transaction of its own, and notes in
 * the operation's row that it was undone, or stands again. Does nothing to files.
 *
 * @may  asked when all is as it would be, before it is kept; NULL: nobody is
 * @err  CHANGED: what it changed was changed again since; USAGE: there is no such operation, or it
 *       is undone (or stands) already
 */
NODISCARD bool operation_revert(struct db *user, int64_t id, enum operation_way way,
				const struct operation_asked *may, struct error *err);

#endif
