// SPDX-License-Identifier: MIT
/**
 * What a path names that a person gave: the same as a walk would have pointed out. A folder, a shard
 * or the index of shards stands for the whole.
 */
#ifndef STORAGE_SCAN_NAMED_H
#define STORAGE_SCAN_NAMED_H

#include "storage/scan/opened.h"

/** A link that is named is followed. @arena  owns the candidate */
struct opened_target named_target(const char *path, struct arena *arena);

#endif
