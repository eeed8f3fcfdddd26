// SPDX-License-Identifier: MIT
/**
 * Storages and tensors that older formats wrote in other words, put in those of torch_tensor.
 */
#ifndef CORE_FORMATS_TORCH_REMAKE_H
#define CORE_FORMATS_TORCH_REMAKE_H

#include "core/formats/torch_tensor.h"

/** A persistent id of this storage; 0 when the budget is used up. */
uint32_t torch_remake_storage(struct pickle *pickle, const struct torch_storage *storage);

/** Makes the value the call that rebuilds this tensor. */
void torch_remake_tensor(struct pickle *pickle, uint32_t value, const struct torch_tensor *tensor);

#endif
