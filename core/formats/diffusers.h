// SPDX-License-Identifier: MIT
/**
 * A folder of diffusers or transformers: a pipeline of components, or one component.
 *
 * The tensors of a pipeline are those of its components under the component's name, as in a pipeline
 * that was poured into one file: "unet.conv_in.weight". For core/formats alone.
 */
#ifndef CORE_FORMATS_DIFFUSERS_H
#define CORE_FORMATS_DIFFUSERS_H

#include "core/formats/gather.h"

/** false when the folder is neither: it has no configuration. */
bool diffusers_read(struct gather *gather);

#endif
