// SPDX-License-Identifier: MIT
/* Hugging Face PEFT: "transformer....to_q.lora_A.default.weight"; the adapter's name may be absent. */
#include "core/adapters/part.h"

#define NAMED(text, part_)                                                                        \
	{                                                                                         \
		.suffix = (text), .len = sizeof(text) - 1, .part = (part_), .weight = WEIGHT_MAY, \
		.may_be_named = true                                                              \
	}

static const struct part_suffix suffixes[] = {
	NAMED(".lora_A", PART_DOWN),
	NAMED(".lora_B", PART_UP),
	NAMED(".lora_embedding_A", PART_DOWN),
	NAMED(".lora_embedding_B", PART_UP),
	NAMED(".lora_magnitude_vector", PART_DORA),
	NAMED(".oft_R", PART_OFT_R),
	NAMED(".oft_r", PART_OFT_R), /* before PEFT 0.16 */
	NAMED(".boft_R", PART_BOFT_R),
	NAMED(".boft_s", PART_OTHER),
	NAMED(".ia3_l", PART_IA3),
	PART_SUFFIX(".lora_A.bias", PART_FACTOR_BIAS, WEIGHT_NEVER),
	PART_SUFFIX(".lora_B.bias", PART_FACTOR_BIAS, WEIGHT_NEVER),
};

const struct key_layout peft_layout = { suffixes, sizeof(suffixes) / sizeof(*suffixes) };
