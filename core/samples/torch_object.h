// SPDX-License-Identifier: MIT
/**
 * The object that tools put around a model's tensors before PyTorch pickles it.
 */
#ifndef CORE_SAMPLES_TORCH_OBJECT_H
#define CORE_SAMPLES_TORCH_OBJECT_H

#include "core/samples/container.h"
#include "core/samples/pickler.h"

/** Appends the pickle of an entry's tensors, nested as its `object` says. */
NODISCARD bool torch_object_append(const struct container_input *input, struct pickler *pickler,
				   struct error *err);

#endif
