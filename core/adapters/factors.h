// SPDX-License-Identifier: MIT
/**
 * Factor algebra: what the shapes of a module's parts say of the layer that they change.
 *
 * Never trusts a shape: a part of too few dimensions gives 0, "cannot tell". Source: binding
 * facts, section 3.
 */
#ifndef CORE_ADAPTERS_FACTORS_H
#define CORE_ADAPTERS_FACTORS_H

#include "core/adapters/adapter.h"
#include "core/adapters/part.h"

/** The parts of one module; NULL where it has none. */
struct factors {
	const struct tensor *of[PART_COUNT];
};

/** Fills algorithm, in, out, rank and is_convolution; false when the parts make no module. */
bool factors_read(const struct factors *factors, struct adapter_module *out);

/** Which algorithm the parts are of, whether or not a magnitude goes with them; NONE: of none. */
enum adapter_type factors_algorithm(const struct factors *factors);

#endif
