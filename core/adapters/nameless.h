// SPDX-License-Identifier: MIT
/**
 * A list of factors without names: cloneofsimo's .pt, up and down by turns.
 */
#ifndef CORE_ADAPTERS_NAMELESS_H
#define CORE_ADAPTERS_NAMELESS_H

#include "core/base/arena.h"
#include "core/formats/tensor_table.h"

/**
 * Gives the tensors of such a list the names that the same author's safetensors files have:
 * "unet:17:up", or "text_encoder:3:down" where all layers are as wide as one another.
 *
 * @return false when it is no such list; then nothing is written
 */
bool nameless_call(const struct tensor_table *table, struct arena *arena, struct tensor_table *out);

#endif
