// SPDX-License-Identifier: MIT
/**
 * Tensors that follow from others: the factors of an adapter, the scales of a quantised model.
 *
 * Source: binding facts, sections 2 to 4; the writers of kohya, PEFT, LyCORIS, bitsandbytes and
 * ComfyUI.
 */
#ifndef CORE_SAMPLES_DERIVE_H
#define CORE_SAMPLES_DERIVE_H

#include "core/samples/key_list.h"
#include "core/samples/spec.h"

/**
 * Replaces a model's rows by those of an adapter of it.
 *
 * @spec  `match` (which layers), `algo` (lora, dora, loha, lokr, ia3, oft, full, glora), `style`
 *        (kohya, lycoris-dot, peft, peft-default, diffusers, underscore), `prefix`, `alpha`,
 *        `conv_rank`, `factor`, `full`
 * @rank  of linear layers, and of convolutions unless `conv_rank` says otherwise
 */
NODISCARD bool derive_adapter(const struct spec *spec, uint64_t rank, struct arena *arena,
			      struct array *rows, struct error *err);

/**
 * Gives the matrices that `match` finds another dtype, and the companions such a file has.
 *
 * @spec  `match`, and either `scheme` (nf4, nvfp4) or `dtype` and `with` ([[leaf, shape, dtype]],
 *        "out" in a shape standing for the first dimension)
 */
NODISCARD bool derive_quantised(const struct spec *spec, struct arena *arena, struct array *rows,
				struct error *err);

#endif
