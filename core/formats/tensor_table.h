// SPDX-License-Identifier: MIT
/**
 * The tensors of one model, whatever the file format: names, types, shapes, places.
 */
#ifndef CORE_FORMATS_TENSOR_TABLE_H
#define CORE_FORMATS_TENSOR_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"

enum dtype {
	DTYPE_UNKNOWN,
	DTYPE_BOOL, DTYPE_U8, DTYPE_I8, DTYPE_U16, DTYPE_I16, DTYPE_U32, DTYPE_I32, DTYPE_U64, DTYPE_I64,
	DTYPE_F16, DTYPE_BF16, DTYPE_F32, DTYPE_F64, DTYPE_C64,
	DTYPE_F8_E5M2, DTYPE_F8_E4M3, DTYPE_F8_E8M0, DTYPE_F8_E4M3FNUZ, DTYPE_F8_E5M2FNUZ,
	DTYPE_F6_E2M3, DTYPE_F6_E3M2, DTYPE_F4,
	DTYPE_COUNT
};

#define TENSOR_RANK_MAX 64

struct tensor {
	struct str name;		/* raw bytes, unescaped */
	const uint64_t *shape;		/* outermost first; NULL for rank 0 */
	uint64_t offset_bytes;		/* from the start of the data */
	uint64_t size_bytes;
	uint8_t rank;
	uint8_t dtype;			/* enum dtype */
};

struct tensor_table {
	const struct tensor *tensors;	/* in file order */
	size_t n_tensors;
};

enum dtype dtype_find(struct str word);		/* "F16", "F8_E4M3", ...; DTYPE_UNKNOWN otherwise */
unsigned dtype_bits(enum dtype dtype);		/* 0 for unknown */
const char *dtype_precision(enum dtype dtype);	/* "fp16", "fp8-e4m3", ...; NULL when it is no weight type */
/** Product of the shape; false on overflow. Rank 0 has 1 element. */
bool tensor_elements(const struct tensor *tensor, uint64_t *out);

#endif
