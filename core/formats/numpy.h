// SPDX-License-Identifier: MIT
/**
 * NumPy's array files: no models, but an array of objects is a pickle behind a header.
 */
#ifndef CORE_FORMATS_NUMPY_H
#define CORE_FORMATS_NUMPY_H

#include "core/formats/pickle_findings.h"
#include "core/formats/pickle_budget.h"

#define NUMPY_HEADER_MAX (64u << 10)

/** Adds what is found in the pickle of an array; false when it is no array. */
bool numpy_scan(const struct blob *blob, uint64_t at, uint64_t end, struct pickle_budget *budget,
		struct pickle_findings *findings);

#endif
