// SPDX-License-Identifier: MIT
#include "core/formats/tensor_table.h"

/* Words and widths: safetensors README. Precisions are those of weights: contract.md. */
static const struct {
	struct str word;
	unsigned bits;
	const char *precision;
} dtypes[DTYPE_COUNT] = {
	[DTYPE_UNKNOWN] = { { "", 0 }, 0, NULL },
	[DTYPE_BOOL] = { { "BOOL", 4 }, 8, NULL },
	[DTYPE_U8] = { { "U8", 2 }, 8, NULL },
	[DTYPE_I8] = { { "I8", 2 }, 8, "int8" },
	[DTYPE_U16] = { { "U16", 3 }, 16, NULL },
	[DTYPE_I16] = { { "I16", 3 }, 16, NULL },
	[DTYPE_U32] = { { "U32", 3 }, 32, NULL },
	[DTYPE_I32] = { { "I32", 3 }, 32, NULL },
	[DTYPE_U64] = { { "U64", 3 }, 64, NULL },
	[DTYPE_I64] = { { "I64", 3 }, 64, NULL },
	[DTYPE_F16] = { { "F16", 3 }, 16, "fp16" },
	[DTYPE_BF16] = { { "BF16", 4 }, 16, "bf16" },
	[DTYPE_F32] = { { "F32", 3 }, 32, "fp32" },
	[DTYPE_F64] = { { "F64", 3 }, 64, "fp64" },
	[DTYPE_C64] = { { "C64", 3 }, 64, NULL },
	[DTYPE_F8_E5M2] = { { "F8_E5M2", 7 }, 8, "fp8-e5m2" },
	[DTYPE_F8_E4M3] = { { "F8_E4M3", 7 }, 8, "fp8-e4m3" },
	[DTYPE_F8_E8M0] = { { "F8_E8M0", 7 }, 8, NULL },
	[DTYPE_F8_E4M3FNUZ] = { { "F8_E4M3FNUZ", 11 }, 8, "fp8-e4m3" },
	[DTYPE_F8_E5M2FNUZ] = { { "F8_E5M2FNUZ", 11 }, 8, "fp8-e5m2" },
	[DTYPE_F6_E2M3] = { { "F6_E2M3", 7 }, 6, NULL },
	[DTYPE_F6_E3M2] = { { "F6_E3M2", 7 }, 6, NULL },
	[DTYPE_F4] = { { "F4", 2 }, 4, "fp4" },
};

enum dtype dtype_find(struct str word)
{
	for (int i = DTYPE_UNKNOWN + 1; i < DTYPE_COUNT; i++)
		if (str_equal(dtypes[i].word, word))
			return (enum dtype)i;
	return DTYPE_UNKNOWN;
}

unsigned dtype_bits(enum dtype dtype)
{
	return dtypes[dtype].bits;
}

const char *dtype_precision(enum dtype dtype)
{
	return dtypes[dtype].precision;
}

bool tensor_elements(const struct tensor *tensor, uint64_t *out)
{
	uint64_t product = 1;
	for (unsigned i = 0; i < tensor->rank; i++) {
		uint64_t size = tensor->shape[i];
		if (size && product > UINT64_MAX / size)
			return false;
		product *= size;
	}
	*out = product;
	return true;
}
