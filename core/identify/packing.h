// SPDX-License-Identifier: MIT
/**
 * Quantised packings: several weights in one stored element, told by the names beside the weights.
 *
 * Shapes of packed weights lie; what is asked of them goes through here.
 */
#ifndef CORE_IDENTIFY_PACKING_H
#define CORE_IDENTIFY_PACKING_H

#include "core/formats/tensor_table.h"
#include "core/identify/names.h"

struct packing {
	const char *marker;		/* how the name of a tensor beside the weights ends */
	enum dtype stored;		/* the weights' type in the file */
	unsigned per_element;		/* weights in one stored element */
	bool keeps_rows;		/* only the last dimension is shorter; else the shape is lost */
	const char *precision;		/* contract.md, precision */
};

/** How the file packs its weights; NULL: not at all. */
const struct packing *packing_find(const struct name_index *tensors);

/** A dimension as the model has it; 0 when there is none or the packing lost it. */
uint64_t packing_dim(const struct packing *packing, const struct tensor *tensor, unsigned axis);

/** Is the tensor packed in a way that its shape does not tell the model's? */
bool packing_hides_shape(const struct packing *packing, const struct tensor *tensor);

/** As packing_dim for a matrix whose shape is hidden but whose rows are known; 0: cannot be. */
uint64_t packing_dim_of_rows(const struct packing *packing, const struct tensor *tensor,
			     unsigned axis, uint64_t rows);

/** Does the name belong to the bookkeeping of training or quantising, not to the weights? */
bool packing_is_bookkeeping(struct str name);

#endif
