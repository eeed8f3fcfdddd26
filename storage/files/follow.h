// SPDX-License-Identifier: MIT
/**
 * Sidecars whose text changes on the way: that repeat the names of files which their group of steps
 * moves, or that are told what a person made of their model. Reads, and writes nothing.
 */
#ifndef STORAGE_FILES_FOLLOW_H
#define STORAGE_FILES_FOLLOW_H

#include "storage/files/journal.h"
#include "storage/files/place.h"

/** What is longer is moved as it is, and told nothing. */
#define FOLLOW_BYTES_MAX ((uint64_t)4 << 20)

/** May the text of this step's file change? */
bool follow_is_wanted(const struct plan_step *step);

/** Reads all of a small file; false when it cannot be read, or is longer than FOLLOW_BYTES_MAX. */
NODISCARD bool follow_read(int fd, struct arena *arena, struct str *out);

/**
 * Appends what the sidecar says after the step.
 *
 * @source  descriptor of the sidecar
 * @steps   the group that it belongs to
 * @return  false: it moves as it is; a WRITE cannot be done
 */
NODISCARD bool follow_text(int source, const struct plan_step *step,
			   const struct journal_step *steps, size_t n, const struct places *places,
			   struct bytes *out);

#endif
