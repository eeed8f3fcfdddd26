// SPDX-License-Identifier: MIT
/**
 * Which places of a checkpoint an adapter changes, so that those of several can be compared.
 */
#ifndef CORE_SETS_OVERLAP_H
#define CORE_SETS_OVERLAP_H

#include "core/adapters/module_names.h"

/** Places as hashes of their names: rising, each once. */
struct overlap {
	const uint64_t *places;
	size_t n;
};

/**
 * Reads what an adapter changes.
 * @checkpoint  what finds no place there counts for nothing; NULL: by the adapter's own names,
 *              which tells adapters of one naming apart and no others
 */
struct overlap overlap_read(const struct module_names *checkpoint, const struct adapter *adapter,
			    struct arena *arena);

/** How many places are changed by `many` or more of these. */
size_t overlap_shared(const struct overlap *list, size_t n, size_t many);

#endif
