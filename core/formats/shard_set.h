// SPDX-License-Identifier: MIT
/**
 * The parts of one model, read as one. For core/formats alone.
 */
#ifndef CORE_FORMATS_SHARD_SET_H
#define CORE_FORMATS_SHARD_SET_H

#include "core/formats/gather.h"
#include "core/formats/shards.h"

struct shard_set {
	struct str folder;               /* where it lies: "" or "transformer/" */
	struct shard_name name;          /* of one of its parts; of the index when there is none */
	const struct folder_file *index; /* NULL: the names of the parts are all there is */
};

/** Reads every part. Parts and tensors that are missing become notes W_IX_MISSING. */
void shard_set_read(struct gather *gather, const struct shard_set *set, struct str prefix);

#endif
