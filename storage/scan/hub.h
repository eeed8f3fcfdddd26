// SPDX-License-Identifier: MIT
/**
 * The cache of the Hugging Face hub: models--ORG--NAME/{blobs,refs,snapshots/REVISION/...}, where a
 * snapshot is a folder of links to blobs that are named after their content.
 *
 * Paths in, parts of paths out, but for one look into a folder. Source: interop facts, section 5.
 */
#ifndef STORAGE_SCAN_HUB_H
#define STORAGE_SCAN_HUB_H

#include "core/base/arena.h"

/** A place in a snapshot. */
struct hub_place {
	struct str repository; /* the path up to and with models--ORG--NAME */
	struct str revision;
	struct str rest; /* below the snapshot; "" is the snapshot itself */
};

/** False when the path does not lead into a snapshot. */
bool hub_place_parse(struct str path, struct hub_place *out);

/** "ORG/NAME" */
struct str hub_name(const struct hub_place *place, struct arena *arena);

/** Is a blob of the repository that the path leads into still coming? Looks at its folder of blobs. */
bool hub_is_fetching(struct str path);

/** Does the path lead to a blob of that repository? Both paths real. */
bool hub_is_blob(struct str repository, struct str path);

/** The SHA-256 that the blob at that path is named after; STR_NULL for anything else. */
struct str hub_sha256(struct str path);

/** Folders of a repository that hold no model under its own name. @path: ends in the folder's name */
bool hub_is_inner_folder(struct str path);

#endif
