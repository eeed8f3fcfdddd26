// SPDX-License-Identifier: MIT
/**
 * A folder that is written to, or would be: what its disk can do, and which names it takes.
 */
#ifndef STORAGE_FILES_TARGET_H
#define STORAGE_FILES_TARGET_H

#include <sys/types.h>

#include "core/base/arena.h"

/** The nearest folder that is there tells what it is like. */
struct target {
	bool is_there; /* itself, not only one above */
	dev_t device;
	bool is_writable, folds_case, is_windows, has_links;
	uint64_t free_bytes;
	uint64_t wanted_bytes;
	int sys; /* it cannot be looked at */
};

/**
 * Looks at it, or where it is not there yet at the nearest above.
 *
 * @roots    may be links: that is their owner's word
 * @scratch  holds paths
 */
void target_look(struct str path, const struct str *roots, size_t n_roots, struct arena *scratch,
		 struct target *target);

/** Why no file there can have that path, in a line; NULL: it can. */
const char *target_name_fault(const struct target *target, struct str path);

#endif
