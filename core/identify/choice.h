// SPDX-License-Identifier: MIT
/**
 * One base model out of all that a text may mean: contract.md, "Shared tokens".
 *
 * Candidates outside the proven architecture are out. Variants are no lineage: they are kept apart.
 */
#ifndef CORE_IDENTIFY_CHOICE_H
#define CORE_IDENTIFY_CHOICE_H

#include "core/identify/said.h"

struct choice {
	const struct knowledge *knowledge;
	const struct architecture *architecture;
	bool prefers_deepest;			/* of one line; else the nearest common ancestor */
	const struct base_model *base;		/* the lineage; NULL: none named */
	size_t weight;				/* of the token that named it */
	const struct base_model *variant;	/* the one variant named; NULL: none, or several */
	size_t n_variants;
	const struct base_model *foreign;	/* of another architecture; NULL: none */
	size_t foreign_weight, n_foreign;
};

struct choice_text {
	enum source_reader reader;
	struct str text;
	struct str with;		/* the text that must agree, for READ_LEGACY8; or STR_NULL */
	const struct texts *tags;	/* of training captions, folded: for READ_TAGS */
	bool is_adapter_name;		/* "midnight city" is what an adapter shows, not its base */
};

/** What a text means when read as the source says. */
void choice_read(struct choice *choice, const struct knowledge *knowledge,
		 const struct architecture *architecture, const struct choice_text *said);

#endif
