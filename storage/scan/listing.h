// SPDX-License-Identifier: MIT
/**
 * The names in one folder, read in large steps and not sorted.
 */
#ifndef STORAGE_SCAN_LISTING_H
#define STORAGE_SCAN_LISTING_H

#include "core/base/array.h"
#include "core/base/error.h"

struct listed {
	struct str name;    /* NUL-terminated; never "." or ".." */
	unsigned char type; /* DT_REG, ..., DT_UNKNOWN as <dirent.h> has them */
};

/** Reused from folder to folder; zeroed is a valid empty one. */
struct listing {
	struct arena arena; /* owns the names */
	struct array names; /* struct listed */
};

void listing_finish(struct listing *listing);

/**
 * Replaces the listing by that of an open folder, read from its beginning.
 * @err  SYSTEM; the listing then holds what was read so far and must not be taken for the whole
 */
NODISCARD bool listing_read(struct listing *listing, int folder_fd, struct error *err);

#endif
