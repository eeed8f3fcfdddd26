// SPDX-License-Identifier: MIT
/**
 * Files of the same content, as the library tells of them.
 */
#ifndef STORAGE_DUPLICATE_H
#define STORAGE_DUPLICATE_H

#include <stdint.h>

#include "core/base/str.h"

/** One content that is there more than once. */
struct duplicate {
	struct str sha256;
	uint64_t size_bytes;
	const struct str *paths;
	size_t n_paths;
	uint64_t wasted_bytes; /* names of one file take its room once */
};

#endif
