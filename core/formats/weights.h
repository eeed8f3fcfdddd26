// SPDX-License-Identifier: MIT
/**
 * What names tell of the files of a model folder: weights, copies of them, configuration.
 */
#ifndef CORE_FORMATS_WEIGHTS_H
#define CORE_FORMATS_WEIGHTS_H

#include "core/base/str.h"

/** Holds weights, or is the index of files that do. */
bool weights_is_name(struct str name);

/** The same, called as diffusers and transformers call them: "diffusion_pytorch_model.fp16.bin". */
bool weights_is_usual(struct str name);

/** Of several copies in one folder the one of the least rank is loaded. */
unsigned weights_rank(struct str name);

/** A JSON that is read, or Python that would be loaded. */
bool weights_is_configuration(struct str name);

#endif
