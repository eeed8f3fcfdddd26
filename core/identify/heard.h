// SPDX-License-Identifier: MIT
/**
 * All that is said of a file's lineage, read once: every text at every source, and which base models
 * it names. Whether what it says is possible is for others to judge.
 */
#ifndef CORE_IDENTIFY_HEARD_H
#define CORE_IDENTIFY_HEARD_H

#include "core/identify/said.h"

struct heard {
	const struct lineage_source *source;
	struct said said;
	const uint32_t *weights; /* by place in base_models: letters or rank; 0: not named */
};

#define HEARD_MAX 32 /* texts; more are passed over */

struct hearing {
	struct heard list[HEARD_MAX]; /* the most trusted first */
	size_t n;
};

/**
 * @tags   of training captions, folded
 * @arena  owns the weights
 */
void hearing_read(struct hearing *out, const struct knowledge *knowledge,
		  const struct identify_input *input, const struct texts *tags,
		  struct arena *arena);

/** The most trusted text that names the base model or one below it, and how strongly; or NULL. */
const struct heard *hearing_find(const struct hearing *hearing, const struct knowledge *knowledge,
				 struct str base_id, uint32_t *weight);

#endif
