// SPDX-License-Identifier: MIT
/**
 * Which blocks of a network an adapter touches, and by which rank: "in 4-8, mid, out 0-5".
 *
 * A block is what the first number in a tensor's name counts. How rows of blocks are called in
 * short, and in which order they stand, is knowledge.
 */
#ifndef CORE_FIT_STRIP_H
#define CORE_FIT_STRIP_H

#include "core/fit/binding.h"

#define STRIP_ROWS_MAX 8
#define STRIP_BLOCKS_MAX 256 /* of a row; networks have some dozens */

struct strip_block {
	uint32_t n_bound, n_mismatched; /* modules of the adapter */
	uint32_t rank; /* the highest of those that bind; 0: none, or they have none */
};

struct strip_row {
	struct str name; /* "in"; or as tensors spell it */
	const struct strip_block *blocks;
	size_t n_blocks;
};

struct strip {
	const struct strip_row *rows;
	size_t n_rows;
};

/** @arena  owns the rows; short names are borrowed from `knowledge` */
void strip_read(const struct knowledge *knowledge, const struct module_names *checkpoint,
		const struct adapter *adapter, struct arena *arena, struct strip *out);

/** The blocks in which modules bind, in words; empty when there is none. */
struct str strip_words(const struct strip *strip, struct arena *arena);

#endif
