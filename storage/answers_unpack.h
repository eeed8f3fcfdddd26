// SPDX-License-Identifier: MIT
/**
 * The plan of unpacking a set: the files that its manifest names, with the hashes that they must have.
 * Reads the manifest in a process that can open nothing; writes nothing.
 */
#ifndef STORAGE_ANSWERS_UNPACK_H
#define STORAGE_ANSWERS_UNPACK_H

#include "storage/answers_import.h"

/** Where the set's files would go, and what set it is. */
struct unpack_plan {
	struct plan *plan;
	struct manifest *set;
	struct str *folder;
};

/**
 * Makes the steps. A file that is there already with the same bytes needs none: so one that was
 * interrupted goes on where it was. What a survey finds is not in them yet.
 *
 * @arena  owns what is found
 * @err    USAGE: the folder, or the archive is no packed set; SYSTEM; FORMAT, LIMIT, UNSUPPORTED
 */
NODISCARD bool answers_unpack(struct answers *answers, const struct import_wish *wish,
			      struct arena *arena, const struct unpack_plan *out,
			      struct error *err);

#endif
