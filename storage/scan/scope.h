// SPDX-License-Identifier: MIT
/**
 * Which paths of a root a scan of some of its folders decides about. Pure.
 *
 * A folder that is looked at alone decides about the files in it and about itself, which may be a
 * model. One that is looked at with all that lies below is entered only when the folder above it
 * lists it: so the folder above is among the parts, too, and what is gone is found to be gone there.
 */
#ifndef STORAGE_SCAN_SCOPE_H
#define STORAGE_SCAN_SCOPE_H

#include "storage/messages.h"

struct scope {
	const struct scan_part *parts; /* of one root, sorted by folder, no folder twice */
	size_t n;                      /* 0: the whole root */
};

bool scope_is_whole(struct scope scope);
/** The part that is exactly this folder, or NULL. */
const struct scan_part *scope_find(struct scope scope, struct str folder);
/** Is it, or lies it below, a folder that is looked at with all below it? */
bool scope_is_deep(struct scope scope, struct str folder);
/** Is it decided whether there is a model at that path? */
bool scope_has(struct scope scope, struct str path);

/** The folder that holds what lies at `path`; "" for the root, whose own is "". */
struct str scope_above(struct str path);

#endif
