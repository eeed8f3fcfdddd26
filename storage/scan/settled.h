// SPDX-License-Identifier: MIT
/**
 * Has a file come to rest? For what is seen by itself: a scan that was asked for takes what is there.
 * Pure: the time is passed in.
 */
#ifndef STORAGE_SCAN_SETTLED_H
#define STORAGE_SCAN_SETTLED_H

#include "storage/scan/finding.h"

/** A file that changed less than this ago is not looked at yet. */
#define SETTLED_AFTER_NS INT64_C(2000000000)
/** One that is not all there, not before this: then it is listed as the part that it is. */
#define SETTLED_PART_AFTER_NS INT64_C(60000000000)

/** @now_ns  as the times of files count. A time that is still to come says nothing */
bool settled_not(const struct file_state *state, int64_t now_ns);
/** After reading: it changed meanwhile, or its end is missing and may be on its way. */
bool settled_not_whole(const struct model *model, const struct file_state *state, int64_t now_ns);

int64_t settled_now_ns(void);

#endif
