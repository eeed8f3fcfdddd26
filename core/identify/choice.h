// SPDX-License-Identifier: MIT
/**
 * One base model out of all that a text may mean: contract.md, "Shared tokens".
 *
 * Candidates outside the proven architecture are out. Variants are no lineage: they are kept apart.
 */
#ifndef CORE_IDENTIFY_CHOICE_H
#define CORE_IDENTIFY_CHOICE_H

#include "core/identify/heard.h"

struct choice {
	const struct knowledge *knowledge;
	const struct architecture *architecture;
	bool prefers_deepest;             /* of one line; else the nearest common ancestor */
	const struct base_model *base;    /* the lineage; NULL: none named */
	uint32_t weight;                  /* of the token that named it */
	const struct base_model *variant; /* the one variant named; NULL: none, or several */
	size_t n_variants;
	const struct base_model *foreign; /* of another architecture; NULL: none */
	uint32_t foreign_weight;
	size_t n_foreign;
};

/** What a text means where the architecture is proven. */
void choice_read(struct choice *choice, const struct knowledge *knowledge,
		 const struct architecture *architecture, const struct heard *heard);

#endif
