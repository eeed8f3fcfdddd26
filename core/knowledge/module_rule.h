// SPDX-License-Identifier: MIT
/**
 * One module under two names: a line of the maps between the namings of one architecture.
 *
 *   double_blocks.#.img_mlp.0 = transformer_blocks.#.ff.net.0.proj
 *   double_blocks.#.img_attn.qkv = transformer_blocks.#.attn.{to_q|to_k|to_v}
 *   single_blocks.#.linear1 = single_transformer_blocks.#.{attn.to_q=in|attn.to_k=in|attn.to_v=in|proj_mlp}
 *
 * # is a number, the same on both sides. Several parts in braces lie one below the other in the
 * rows of the module on the left. A part is as tall as the module has inputs ("=in", "=3in") or
 * takes an equal share of the rows that are left. Parts that do not fill the module name a piece
 * of it.
 */
#ifndef CORE_KNOWLEDGE_MODULE_RULE_H
#define CORE_KNOWLEDGE_MODULE_RULE_H

#include "core/base/arena.h"
#include "core/base/error.h"

#define MODULE_PARTS_MAX 8
#define MODULE_NUMBERS_MAX 6

struct module_part {
	struct str name;
	unsigned inputs; /* rows, counted in inputs of the whole; 0: an equal share */
};

struct module_rule {
	struct str whole;
	struct module_part parts[MODULE_PARTS_MAX];
	size_t n_parts;
	bool is_piece; /* the parts have all their sizes and need not fill the whole */
};

/** Between the namings of some architectures. */
struct module_rules {
	const struct module_rule *rules;
	size_t n_rules;
};

/** @err FORMAT: what is wrong. Names are copied into `arena` where they do not stand in `text`. */
NODISCARD bool module_rule_parse(struct str text, struct arena *arena, struct module_rule *out,
				 struct error *err);

/**
 * A name with every number as #, and the numbers.
 *
 * @masked   at least name.len bytes
 * @numbers  MODULE_NUMBERS_MAX of them, slices of `name`
 * @return   how many numbers; MODULE_NUMBERS_MAX + 1 when there are more, and then nothing is filled
 *           to the end
 */
size_t module_rule_mask(struct str name, char *masked, struct str *numbers);

#endif
