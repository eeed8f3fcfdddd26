// SPDX-License-Identifier: MIT
#include "core/formats/tensor_table.h"

/* Words and widths: safetensors README; blocks: ggml-common.h. Precisions are those of weights:
 * contract.md. */
static const struct {
	struct str word;
	unsigned bits; /* of a block, where there are blocks */
	const char *precision;
	unsigned block; /* elements; 0: there are none */
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
	[DTYPE_Q4_0] = { { "Q4_0", 4 }, 18 * 8, "q4_0", 32 },
	[DTYPE_Q4_1] = { { "Q4_1", 4 }, 20 * 8, "q4_1", 32 },
	[DTYPE_Q5_0] = { { "Q5_0", 4 }, 22 * 8, "q5_0", 32 },
	[DTYPE_Q5_1] = { { "Q5_1", 4 }, 24 * 8, "q5_1", 32 },
	[DTYPE_Q8_0] = { { "Q8_0", 4 }, 34 * 8, "q8_0", 32 },
	[DTYPE_Q8_1] = { { "Q8_1", 4 }, 36 * 8, "q8_1", 32 },
	[DTYPE_Q2_K] = { { "Q2_K", 4 }, 84 * 8, "q2_k", 256 },
	[DTYPE_Q3_K] = { { "Q3_K", 4 }, 110 * 8, "q3_k", 256 },
	[DTYPE_Q4_K] = { { "Q4_K", 4 }, 144 * 8, "q4_k", 256 },
	[DTYPE_Q5_K] = { { "Q5_K", 4 }, 176 * 8, "q5_k", 256 },
	[DTYPE_Q6_K] = { { "Q6_K", 4 }, 210 * 8, "q6_k", 256 },
	[DTYPE_Q8_K] = { { "Q8_K", 4 }, 292 * 8, "q8_k", 256 },
	[DTYPE_IQ1_S] = { { "IQ1_S", 5 }, 50 * 8, "iq1_s", 256 },
	[DTYPE_IQ1_M] = { { "IQ1_M", 5 }, 56 * 8, "iq1_m", 256 },
	[DTYPE_IQ2_XXS] = { { "IQ2_XXS", 7 }, 66 * 8, "iq2_xxs", 256 },
	[DTYPE_IQ2_XS] = { { "IQ2_XS", 6 }, 74 * 8, "iq2_xs", 256 },
	[DTYPE_IQ2_S] = { { "IQ2_S", 5 }, 82 * 8, "iq2_s", 256 },
	[DTYPE_IQ3_XXS] = { { "IQ3_XXS", 7 }, 98 * 8, "iq3_xxs", 256 },
	[DTYPE_IQ3_S] = { { "IQ3_S", 5 }, 110 * 8, "iq3_s", 256 },
	[DTYPE_IQ4_NL] = { { "IQ4_NL", 6 }, 18 * 8, "iq4_nl", 32 },
	[DTYPE_IQ4_XS] = { { "IQ4_XS", 6 }, 136 * 8, "iq4_xs", 256 },
	[DTYPE_TQ1_0] = { { "TQ1_0", 5 }, 54 * 8, "tq1_0", 256 },
	[DTYPE_TQ2_0] = { { "TQ2_0", 5 }, 66 * 8, "tq2_0", 256 },
	[DTYPE_MXFP4] = { { "MXFP4", 5 }, 17 * 8, "mxfp4", 32 },
	[DTYPE_NVFP4] = { { "NVFP4", 5 }, 36 * 8, "nvfp4", 64 },
	[DTYPE_Q1_0] = { { "Q1_0", 4 }, 18 * 8, "q1_0", 128 },
	[DTYPE_Q2_0] = { { "Q2_0", 4 }, 18 * 8, "q2_0", 64 },
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
	return dtypes[dtype].block ? 0 : dtypes[dtype].bits;
}

uint64_t dtype_block(enum dtype dtype)
{
	return dtypes[dtype].block ? dtypes[dtype].block : 1;
}

bool dtype_size(enum dtype dtype, uint64_t n_elements, uint64_t *size_bytes)
{
	uint64_t block = dtype_block(dtype), bits = dtypes[dtype].bits;
	uint64_t n_blocks = n_elements / block;
	if (!bits || n_elements % block || n_blocks > UINT64_MAX / bits || n_blocks * bits % 8)
		return false;
	*size_bytes = n_blocks * bits / 8;
	return true;
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
