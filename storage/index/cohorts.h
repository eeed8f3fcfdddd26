// SPDX-License-Identifier: MIT
/**
 * The adapters on the shelf sorted into cohorts: one class and one layout each, so that all of a
 * cohort have the same verdict. A library of a hundred thousand adapters has a few hundred.
 *
 * Read from the index when first asked for, and kept until the library changes.
 */
#ifndef STORAGE_INDEX_COHORTS_H
#define STORAGE_INDEX_COHORTS_H

#include "storage/index/class.h"
#include "storage/index/shelf.h"

struct cohort {
	uint32_t class_id;
	int64_t layout_id;
}; /* 0: no layout */

struct cohorts {
	struct array list;    /* struct cohort */
	struct array of_slot; /* uint32_t: place in `list` + 1; 0: no adapter. Empty: not read */
};

void cohorts_init(struct cohorts *cohorts);
void cohorts_finish(struct cohorts *cohorts);
/** The library has changed. */
void cohorts_forget(struct cohorts *cohorts);
/** Reads them, unless they are there. */
NODISCARD bool cohorts_read(struct cohorts *cohorts, const struct shelf *shelf,
			    const struct classes *classes, struct db *db, struct error *err);
/** How many of the slots are of each cohort. @counts  zeroed, one a cohort */
void cohorts_count(const struct cohorts *cohorts, const struct bitmap *slots, uint64_t *counts);

#endif
