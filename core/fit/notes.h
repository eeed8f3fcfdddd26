// SPDX-License-Identifier: MIT
/**
 * Which notes of the knowledge hold for an adapter by its tensors: what programs leave out of it.
 */
#ifndef CORE_FIT_NOTES_H
#define CORE_FIT_NOTES_H

#include "core/formats/tensor_table.h"
#include "core/knowledge/knowledge.h"

struct notes {
	const struct fit_note *const *list; /* the knowledge's own */
	size_t n;
};

/** @arena  owns the list */
void notes_read(const struct knowledge *knowledge, const struct tensor_table *adapter,
		struct arena *arena, struct notes *out);

#endif
