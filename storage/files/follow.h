// SPDX-License-Identifier: MIT
/**
 * Sidecars that repeat the names of files which a group of steps moves: their text as it shall be.
 * Reads, and writes nothing.
 */
#ifndef STORAGE_FILES_FOLLOW_H
#define STORAGE_FILES_FOLLOW_H

#include "storage/files/journal.h"
#include "storage/files/place.h"

/** What is longer is moved as it is. */
#define FOLLOW_BYTES_MAX ((uint64_t)4 << 20)

/** May the file of this step repeat names? */
bool follow_is_wanted(const struct plan_step *step);

/**
 * Appends what the sidecar says under the new names.
 *
 * @source  descriptor of the sidecar
 * @steps   the group that it belongs to
 * @return  false: it moves as it is
 */
NODISCARD bool follow_names(int source, const struct journal_step *steps, size_t n,
			    const struct places *places, struct bytes *out);

#endif
