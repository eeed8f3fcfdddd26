// SPDX-License-Identifier: MIT
/**
 * Quantised packings, as the knowledge tells them: shapes of packed weights lie, and what is asked of
 * them goes through here.
 */
#ifndef CORE_IDENTIFY_PACKING_H
#define CORE_IDENTIFY_PACKING_H

#include "core/formats/tensor_table.h"
#include "core/identify/names.h"
#include "core/knowledge/knowledge.h"

enum { PACKINGS_MAX = 8 }; /* in one file; further ones are not seen */

/** How a file packs its weights. */
struct packings {
	const struct packing *list[PACKINGS_MAX];
	size_t n;
};

/** Those whose marker stands among the names. */
void packings_find(struct packings *out, const struct knowledge *knowledge,
		   const struct name_index *tensors);

/** How this tensor is packed; NULL: not at all. */
const struct packing *packing_of(const struct packings *packings, const struct tensor *tensor);

/** A dimension as the model has it; 0 when there is none or the packing lost it. */
uint64_t packing_dim(const struct packings *packings, const struct tensor *tensor, unsigned axis);

/** As packing_dim for a matrix whose shape is lost but whose rows are known; 0: cannot be. */
uint64_t packing_dim_of_rows(const struct packing *packing, const struct tensor *tensor,
			     unsigned axis, uint64_t rows);

/** Does the name belong to the bookkeeping of training or quantising, not to the weights? */
bool packing_is_bookkeeping(const struct packings *packings, const struct knowledge *knowledge,
			    struct str name);

#endif
