// SPDX-License-Identifier: MIT
/**
 * Members of an archive on their way to files: all of them in one pass, each under a temporary name in
 * the folder that it goes to. A group gives them their names when its turn comes.
 */
#ifndef STORAGE_FILES_EXTRACT_H
#define STORAGE_FILES_EXTRACT_H

#include "storage/files/execute.h"
#include "storage/readers/readers.h"

/**
 * Unpacks what the EXTRACT steps want, if there are any; `sha256` of each is filled and journaled. After
 * a failure nothing of it is left.
 *
 * @readers  borrowed; NULL: this process unpacks
 * @err      CHANGED: the archive, or what is in it, is not what the plan saw; else as unpacker_run()
 */
NODISCARD bool extract_all(struct execution *execution, struct readers *readers,
			   struct journal_step *steps, size_t n, struct error *err);

/** Is the archive of a step still there as the plan saw it? Then what came out of it may go. */
NODISCARD bool extract_has_source(const struct plan_step *step, struct error *err);

#endif
