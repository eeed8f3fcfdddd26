// SPDX-License-Identifier: MIT
/**
 * The tensors of a sample: its parts, each a key list and what is done to it.
 */
#ifndef CORE_SAMPLES_PARTS_H
#define CORE_SAMPLES_PARTS_H

#include "core/samples/key_list.h"
#include "core/samples/sample.h"
#include "core/samples/spec.h"

/**
 * Appends the tensors of a manifest entry to `rows`: every dtype known, every shape in numbers.
 *
 * A part goes through `keys`, `expand`, `rename`, `sub`, `only`, `drop`, `adapter`, `quant`,
 * `shapes`, `prefix`, in this order.
 */
NODISCARD bool parts_build(const struct spec *entry, const struct key_source *keys,
			   struct arena *arena, struct array *rows, struct error *err);

#endif
