// SPDX-License-Identifier: MIT
/**
 * Tensor tables written by hand: one line a tensor, "NAME DIM DIM ...", all of one type.
 */
#ifndef TESTS_UNIT_CORE_ADAPTERS_TABLE_H
#define TESTS_UNIT_CORE_ADAPTERS_TABLE_H

#include "core/base/arena.h"
#include "core/formats/tensor_table.h"

struct tensor_table table_of(struct arena *arena, enum dtype dtype, const char *lines);

#endif
