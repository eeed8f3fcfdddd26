// SPDX-License-Identifier: MIT
/*
 * diffusers before PEFT ("....to_q.lora.down.weight", and attention processors with the projection
 * inside the part: "....processor.to_q_lora.down.weight"), and XLabs on FLUX.1, whose number after
 * "_lora" tells image from text stream and so stays with the module.
 */
#include "core/adapters/part.h"

#define KEEPING(text, keep_, part_)                                                          \
	{                                                                                    \
		.suffix = (text), .len = sizeof(text) - 1, .keep = (keep_), .part = (part_), \
		.weight = WEIGHT_MUST                                                        \
	}

static const struct part_suffix suffixes[] = {
	PART_SUFFIX(".lora_linear_layer.down", PART_DOWN, WEIGHT_MUST),
	PART_SUFFIX(".lora_linear_layer.up", PART_UP, WEIGHT_MUST),
	PART_SUFFIX(".lora.down", PART_DOWN, WEIGHT_MUST),
	PART_SUFFIX(".lora.up", PART_UP, WEIGHT_MUST),
	PART_SUFFIX("_lora.down", PART_DOWN, WEIGHT_MUST),
	PART_SUFFIX("_lora.up", PART_UP, WEIGHT_MUST),
	KEEPING("_lora1.down", 6, PART_DOWN),
	KEEPING("_lora1.up", 6, PART_UP),
	KEEPING("_lora2.down", 6, PART_DOWN),
	KEEPING("_lora2.up", 6, PART_UP),
};

const struct key_layout diffusers_layout = { suffixes, sizeof(suffixes) / sizeof(*suffixes) };
