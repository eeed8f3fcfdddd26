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
	DTYPE_BOOL,
	DTYPE_U8,
	DTYPE_I8,
	DTYPE_U16,
	DTYPE_I16,
	DTYPE_U32,
	DTYPE_I32,
	DTYPE_U64,
	DTYPE_I64,
	DTYPE_F16,
	DTYPE_BF16,
	DTYPE_F32,
	DTYPE_F64,
	DTYPE_C64,
	DTYPE_F8_E5M2,
	DTYPE_F8_E4M3,
	DTYPE_F8_E8M0,
	DTYPE_F8_E4M3FNUZ,
	DTYPE_F8_E5M2FNUZ,
	DTYPE_F6_E2M3,
	DTYPE_F6_E3M2,
	DTYPE_F4,
	/* of GGUF: elements come in blocks that share their scales */
	DTYPE_Q4_0,
	DTYPE_Q4_1,
	DTYPE_Q5_0,
	DTYPE_Q5_1,
	DTYPE_Q8_0,
	DTYPE_Q8_1,
	DTYPE_Q2_K,
	DTYPE_Q3_K,
	DTYPE_Q4_K,
	DTYPE_Q5_K,
	DTYPE_Q6_K,
	DTYPE_Q8_K,
	DTYPE_IQ1_S,
	DTYPE_IQ1_M,
	DTYPE_IQ2_XXS,
	DTYPE_IQ2_XS,
	DTYPE_IQ2_S,
	DTYPE_IQ3_XXS,
	DTYPE_IQ3_S,
	DTYPE_IQ4_NL,
	DTYPE_IQ4_XS,
	DTYPE_TQ1_0,
	DTYPE_TQ2_0,
	DTYPE_MXFP4,
	DTYPE_NVFP4,
	DTYPE_Q1_0,
	DTYPE_Q2_0,
	DTYPE_COUNT
};

#define TENSOR_RANK_MAX 64

struct tensor {
	struct str name;       /* raw bytes, unescaped */
	const uint64_t *shape; /* outermost first; NULL for rank 0 */
	uint64_t offset_bytes; /* from the start of the data */
	uint64_t size_bytes;
	uint8_t rank;
	uint8_t dtype; /* enum dtype */
};

struct tensor_table {
	const struct tensor *tensors; /* in file order */
	size_t n_tensors;
};

enum dtype dtype_find(struct str word); /* "F16", "Q4_K", ...; DTYPE_UNKNOWN otherwise */
unsigned dtype_bits(enum dtype dtype);  /* of an element; 0 for unknown and for blocks */
uint64_t dtype_block(enum dtype dtype); /* elements of a block; 1 without blocks */
/** Bytes of so many elements; false on overflow, for unknown, and when blocks or bytes are not whole. */
NODISCARD bool dtype_size(enum dtype dtype, uint64_t n_elements, uint64_t *size_bytes);
const char *
dtype_precision(enum dtype dtype); /* "fp16", "q4_k", ...; NULL when it is no weight type */
/** Product of the shape; false on overflow. Rank 0 has 1 element. */
bool tensor_elements(const struct tensor *tensor, uint64_t *out);

#endif
