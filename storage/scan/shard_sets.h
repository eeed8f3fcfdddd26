// SPDX-License-Identifier: MIT
/**
 * Which names of a folder are parts of one model. Pure.
 */
#ifndef STORAGE_SCAN_SHARD_SETS_H
#define STORAGE_SCAN_SHARD_SETS_H

#include "core/base/array.h"
#include "core/formats/shards.h"

/** The part of the least number that is there: it stands for the whole. */
struct shard_set_first {
	struct str file;
	struct shard_name name;
};

/**
 * Takes the parts out of `models`; those of one model give one element of `out`.
 *
 * @models  array of struct str; what is left are models of one file
 * @out     array of struct shard_set_first, empty; borrows from the names
 */
void shard_sets_find(struct array *models, struct arena *arena, struct array *out);

#endif
