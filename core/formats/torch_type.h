// SPDX-License-Identifier: MIT
/**
 * Element types by the names that PyTorch gives them: of storage classes, tensor classes, dtypes.
 */
#ifndef CORE_FORMATS_TORCH_TYPE_H
#define CORE_FORMATS_TORCH_TYPE_H

#include "core/formats/tensor_table.h"

struct torch_type {
	enum dtype dtype;
	unsigned element_bytes; /* 0: not known */
};

/** "FloatStorage", "FloatTensor", "UntypedStorage". */
bool torch_type_find_class(struct str name, struct torch_type *out);
/** "float32", "half", "float8_e4m3fn". */
bool torch_type_find_dtype(struct str name, struct torch_type *out);

#endif
