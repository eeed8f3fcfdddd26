// SPDX-License-Identifier: MIT
/**
 * The journal of operations on files: what is going to be done stands in user.db before the disk is
 * touched (never-lose-data.md, section 5). Rows only; the disk is looked at by others.
 */
#ifndef STORAGE_FILES_JOURNAL_H
#define STORAGE_FILES_JOURNAL_H

#include "core/organise/plan.h"
#include "storage/index/db.h"
#include "storage/messages.h"
#include "storage/scan/finding.h"

enum step_state {
	STEP_PLANNED, /* look at the disk */
	STEP_COPIED,  /* its bytes are there, under the new name or a temporary one */
	STEP_DONE,
	STEP_ROLLED_BACK, /* never happened */
	STEP_CONFLICT,    /* somebody else's file was met: nothing is touched any more */
	STEP_STATE_COUNT
};

enum journal_state {
	JOURNAL_PLANNED,
	JOURNAL_RUNNING,
	JOURNAL_DONE,
	JOURNAL_ROLLED_BACK,
	JOURNAL_CONFLICT
};

/** A step and how far it came. */
struct journal_step {
	struct plan_step step;
	enum step_state state;
	struct str sha256; /* of a folder: of all that is in it; empty: its bytes were not copied */
	const struct tree *tree;  /* a folder as this run copied it; not journaled; else NULL */
	struct file_state before; /* a plain file's, before its rename in this run; not journaled */
	bool is_followed;         /* by the index; not journaled */
	bool is_known; /* the index knows all of it where it lies now, and it is one file; not journaled */
};

/**
 * Writes an operation down with all its steps, as running: on the disk when this returns.
 * @reverts  the operation whose files it takes back, or forth again; 0: none
 * @id       out
 */
NODISCARD bool journal_begin(struct db *user, const struct plan *plan, bool is_asked,
			     int64_t reverts, int64_t now_s, int64_t *id, struct error *err);

/** How far the steps from `first` to before `end` came. */
NODISCARD bool journal_steps_state(struct db *user, int64_t id, size_t first, size_t end,
				   enum step_state state, struct error *err);
/** On the disk when this returns, as the next two. */
NODISCARD bool journal_copied(struct db *user, int64_t id, size_t place, const char *sha256,
			      struct error *err);
/** The name that the trash really gave. */
NODISCARD bool journal_renamed(struct db *user, int64_t id, size_t place, struct str new_path,
			       struct error *err);
NODISCARD bool journal_folder(struct db *user, int64_t id, struct str path, struct error *err);

NODISCARD bool journal_state(struct db *user, int64_t id, enum journal_state state,
			     uint64_t n_changed, struct error *err);

/** Appends the steps, of struct journal_step. @arena owns the texts */
NODISCARD bool journal_steps(struct db *user, int64_t id, struct arena *arena, struct array *steps,
			     struct error *err);
/** Appends ids of operations that were cut short, of int64_t. */
NODISCARD bool journal_unfinished(struct db *user, struct array *ids, struct error *err);
/** Appends folders that it made, the deepest first, of struct str. */
NODISCARD bool journal_folders(struct db *user, int64_t id, struct arena *arena,
			       struct array *paths, struct error *err);

#endif
