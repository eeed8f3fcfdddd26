// SPDX-License-Identifier: MIT
/**
 * Evidence as it gathers: what speaks for the answer, and what speaks against it.
 */
#ifndef CORE_IDENTIFY_EVIDENCE_H
#define CORE_IDENTIFY_EVIDENCE_H

#include "core/identify/model.h"

struct evidence_list {
	struct evidence list[MODEL_LIST_MAX];
	size_t n;
};

/** Adds one unless it is there already; more than MODEL_LIST_MAX are dropped. */
void evidence_add(struct evidence_list *list, enum evidence_source source, struct str field,
		  struct str says, struct str detail);

/** Copies into `arena`; NULL when empty. */
const struct evidence *evidence_copy(const struct evidence_list *list, struct arena *arena);

#endif
