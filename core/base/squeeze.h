// SPDX-License-Identifier: MIT
/**
 * Bytes made smaller for keeping, by zlib, and back from bytes that nobody vouches for.
 *
 * A dictionary of what is often in them makes small ones small; whoever reads must have the same.
 */
#ifndef CORE_BASE_SQUEEZE_H
#define CORE_BASE_SQUEEZE_H

#include "core/base/array.h"

/** Buffers and the dictionary. One thread each. */
struct squeezer;

/**
 * @level       1 (fast) to 9 (small)
 * @dictionary  borrowed for the life of the squeezer; may be empty
 */
struct squeezer *squeezer_create(int level, struct str dictionary);
void squeezer_destroy(struct squeezer *squeezer);

/** Appends the size of `bytes` and what became of them. */
void squeezer_pack(struct squeezer *squeezer, struct str bytes, struct bytes *out);

/**
 * @max    more than that is refused before anything is allocated
 * @arena  owns `out`
 * @return false when it is not what squeezer_pack made, to the last byte
 */
NODISCARD bool squeezer_unpack(struct squeezer *squeezer, struct str squeezed, size_t max,
			       struct arena *arena, struct str *out);

#endif
