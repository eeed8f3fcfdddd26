// SPDX-License-Identifier: MIT
/**
 * Which text encoder a name belongs to, by what stands in front: "conditioner.embedders.1.model."
 * in a checkpoint, "lora_te2_" in an adapter. Which root means which is knowledge.
 */
#ifndef CORE_ADAPTERS_ENCODER_ROOTS_H
#define CORE_ADAPTERS_ENCODER_ROOTS_H

#include "core/knowledge/knowledge.h"

enum encoder_side { ENCODER_IN_CHECKPOINT, ENCODER_IN_ADAPTER, ENCODER_SIDES };

struct encoder_root {
	struct str root;
	unsigned number;
	bool is_there; /* models of this architecture have it */
};

struct encoder_roots {
	const struct encoder_root *list[ENCODER_SIDES]; /* longest first, those with a * last */
	size_t n[ENCODER_SIDES];
};

void encoder_roots_init(struct encoder_roots *roots, const struct knowledge *knowledge,
			struct str architecture, struct arena *arena);

/**
 * Cuts a text encoder's root off a name.
 * @is_there  out, may be NULL: false when it is a root of other architectures alone
 * @return    the encoder's number; 0 and `name` untouched when there is none
 */
unsigned encoder_roots_cut(const struct encoder_roots *roots, enum encoder_side side,
			   struct str *name, bool *is_there);

#endif
