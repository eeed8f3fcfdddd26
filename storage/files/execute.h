// SPDX-License-Identifier: MIT
/**
 * Steps of a plan, done to the disk: all steps of a group, or none.
 *
 * Right before anything is done each source is looked at again, and each target; what is not as it
 * was planned stops its group. Between devices a source goes only after every target of its group is
 * on the disk and was read back; one that changed meanwhile stays, beside its copy.
 */
#ifndef STORAGE_FILES_EXECUTE_H
#define STORAGE_FILES_EXECUTE_H

#include "storage/files/journal.h"
#include "storage/files/place.h"

struct execution {
	struct places places;
	struct db *user; /* borrowed: the journal */
	int64_t operation;
	int64_t now_s;
	struct place_watch watch; /* of long copies */
	struct arena arena;       /* names and hashes */
	size_t n_waiting;         /* copied, and their old names not removed yet */
	uint64_t bytes_waiting;   /* these have */
	size_t n_extracted;       /* members of an archive that are on the disk */
	struct error kept;        /* what stayed beside its copy, and why; else NONE */
};

/** @roots  borrowed: absolute paths; nothing outside of them is touched but trashes */
void execution_init(struct execution *execution, struct db *user, int64_t operation,
		    const struct str *roots, size_t n_roots);
void execution_finish(struct execution *execution);

/**
 * Does one group. After a failure everything it did is taken back, as far as it is still ours.
 *
 * @first   place of `steps[0]` in the operation
 * @steps   their `state` is DONE, COPIED, ROLLED_BACK or CONFLICT afterwards, not journaled yet
 * @err     CHANGED: the disk is not as planned; SYSTEM; CANCELLED
 */
NODISCARD bool execute_group(struct execution *execution, size_t first, struct journal_step *steps,
			     size_t n, struct error *err);

/**
 * Ends whole groups that were done: what was copied reaches the disk, all of it together, and then the
 * old names go. COPIED becomes DONE; when the disk does not vouch for it, ROLLED_BACK or CONFLICT, with
 * the whole group.
 * @n_lost  out: groups that were taken back
 * @err     SYSTEM
 */
NODISCARD bool execute_end(struct execution *execution, size_t first, struct journal_step *steps,
			   size_t n, size_t *n_lost, struct error *err);

/** Removes the temporary file of a step that did not come to have its name, if there is one. */
void execution_forget_part(struct execution *execution, size_t place,
			   const struct journal_step *step);

/** Removes whatever has the temporary name of a step, of a folder only what its source has as well. */
void execution_drop_part(struct execution *execution, size_t place,
			 const struct journal_step *step);

/** The temporary name of a step's copy. On `arena`. */
const char *execution_part_name(int64_t operation, size_t place, struct arena *arena);

/** Takes one step back that was done; false when it is not ours any more. */
NODISCARD bool execute_back(struct execution *execution, const struct journal_step *step,
			    struct error *err);

/**
 * Removes the old name of a step whose bytes are under the new one, after a last look at both. In a
 * folder that goes file by file; what is another by now stays.
 */
NODISCARD bool execute_remove_source(struct execution *execution, const struct journal_step *step,
				     struct error *err);

/** Has the open file, or all of a folder, that hash? @err SYSTEM, LIMIT; CHANGED when it is another */
NODISCARD bool execution_has_bytes(int fd, struct str path, struct str sha256, struct error *err);

/** Is the file what the plan saw? Folders are known by their inode; devices have other numbers after a
 *  restart. */
bool plan_file_is(const struct plan_step *step, const struct stat *state);
/** What a plan keeps of a file. */
struct plan_file plan_file_of(const struct stat *state);

#endif
