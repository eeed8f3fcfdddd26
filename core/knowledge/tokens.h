// SPDX-License-Identifier: MIT
/**
 * Whole delimited tokens in names, and an index of many of them by their first piece.
 *
 * A piece is a run of letters and digits of any script; a token is a sequence of pieces.
 */
#ifndef CORE_KNOWLEDGE_TOKENS_H
#define CORE_KNOWLEDGE_TOKENS_H

#include "core/base/map.h"

/** Owners are numbers, such as places in an array. */
struct token_index {
	struct map by_first; /* piece to struct token_place */
};

/**
 * A name as tokens are looked for in it: folded, and behind that with the words apart that are written
 * in one: "noobaiXLNAIXL_vPred10" is "noobai XLNAIXL_v Pred10" and "noobai XLNAIXL_v Pred 10" as well.
 *
 * @is_split  shops name checkpoints like that; in what a person calls a LoRA, "PonyTail" is a tail
 */
struct str token_text(struct str name, bool is_split, struct arena *arena);

/** Letters and digits of `token` if its pieces stand in `folded_name` in a row, else 0. */
size_t token_weight_in(struct str token, struct str folded_name);

/** @arena  keeps the index; tokens are borrowed */
void token_index_init(struct token_index *index, struct arena *arena, size_t n_expected);
void token_index_add(struct token_index *index, struct str token, size_t owner_i);

/** Raises `weights[owner]` to the weight of the owner's longest token in the name; false: none. */
bool token_index_weigh(const struct token_index *index, struct str folded_name, uint32_t *weights);

#endif
