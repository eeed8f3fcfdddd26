// SPDX-License-Identifier: MIT
/**
 * Of the revisions of a Hugging Face repository: what was shown in one is not shown again in
 * another, since both link to the same blobs.
 */
#ifndef STORAGE_SCAN_REVISIONS_H
#define STORAGE_SCAN_REVISIONS_H

#include "storage/scan/candidate.h"
#include "storage/scan/hub.h"

struct revisions {
	struct hub_place place; /* of the folder being walked */
	int root_fd;            /* borrowed */
	struct array before;    /* struct str: revisions that are shown before this one */
};

/**
 * The revisions that come before the one of `path`: that of refs/main first, the others by name.
 * @path   relative to the root; elsewhere than in a snapshot there are none
 * @arena  owns the names
 */
void revisions_init(struct revisions *revisions, int root_fd, struct str path, struct arena *arena);
void revisions_finish(struct revisions *revisions);

/** Is the same file, or the same weights of several, in a revision that comes before? */
bool revisions_show(const struct revisions *revisions, const struct candidate *candidate,
		    struct arena *arena);

#endif
