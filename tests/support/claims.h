// SPDX-License-Identifier: MIT
/**
 * What ought to be said of a model, and whether it was: the rules of tests/corpus/README.md.
 */
#ifndef TESTS_SUPPORT_CLAIMS_H
#define TESTS_SUPPORT_CLAIMS_H

#include "core/base/array.h"
#include "core/base/map.h"
#include "core/identify/model.h"

/** In the order of expected.tsv, after its first column. */
enum claim {
	CLAIM_FORMAT,
	CLAIM_STATUS,
	CLAIM_ERROR,
	CLAIM_KIND,
	CLAIM_ARCHITECTURE,
	CLAIM_BASE,
	CLAIM_VARIANT,
	CLAIM_ADAPTER,
	CLAIM_RANK,
	CLAIM_TENSORS,
	CLAIM_SAFETY,
	CLAIM_CONFIDENCE,
	CLAIM_COUNT
};

struct claims {
	struct str values[CLAIM_COUNT]; /* "-" or STR_NULL: nothing is claimed */
};

extern const char *const claim_words[CLAIM_COUNT]; /* "format", "status", ... */

/** Parents of base models: tests/corpus/base-models.tsv, not what ships. */
struct lineage {
	struct arena arena;
	struct map parents; /* id -> struct str * */
};

void lineage_init(struct lineage *lineage);
void lineage_finish(struct lineage *lineage);
bool lineage_is_below(const struct lineage *lineage, struct str id, struct str ancestor);

/**
 * Appends a sentence for every claim that does not hold: " kind lora (is vae)".
 *
 * @lineage  how far a guessed base may be off; NULL: not at all
 */
void claims_check(const struct claims *claims, const struct model *model,
		  const struct lineage *lineage, struct bytes *complaints);

#endif
