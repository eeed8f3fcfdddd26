// SPDX-License-Identifier: MIT
/**
 * What a checkpoint was merged from, as programs that merge write it.
 */
#ifndef CORE_IDENTIFY_MERGE_H
#define CORE_IDENTIFY_MERGE_H

#include "core/base/arena.h"

enum { MERGE_PARTS_MAX = 32 }; /* more are dropped */

struct merge_part {
	struct str name;   /* STR_NULL: only the hash is known */
	struct str sha256; /* 64 digits of any case, or STR_NULL */
};

struct merge_parts {
	struct merge_part list[MERGE_PARTS_MAX];
	size_t n;
};

/**
 * A1111's sd_merge_models ({"HASH": {"name": "a.safetensors"}}), its sd_merge_recipe and
 * SuperMerger's ({"primary_model_hash": "HASH"}, {"model_a": "a"}), or titles with commas between.
 * Reads as far as the text is sound.
 */
void merge_read(struct str text, struct arena *arena, struct merge_parts *out);

/** What a part is called: its name, else the first digits of its hash. */
struct str merge_part_name(const struct merge_part *part);

#endif
