// SPDX-License-Identifier: MIT
/* kohya sd-scripts and everyone who copied it: "lora_unet_..._to_q.lora_down.weight". */
#include "core/adapters/part.h"

static const struct part_suffix suffixes[] = {
	PART_SUFFIX(".lora_down", PART_DOWN, WEIGHT_MAY),
	PART_SUFFIX(".lora_up", PART_UP, WEIGHT_MAY),
	PART_SUFFIX(".lora_mid", PART_MID, WEIGHT_MAY),
	PART_SUFFIX(".alpha", PART_ALPHA, WEIGHT_NEVER),
	PART_SUFFIX(".dora_scale", PART_DORA, WEIGHT_NEVER),
	PART_SUFFIX(".diff", PART_DIFF, WEIGHT_NEVER),
	PART_SUFFIX(".diff_b", PART_DIFF_BIAS, WEIGHT_NEVER),
	PART_SUFFIX(".set_weight", PART_SET_WEIGHT, WEIGHT_NEVER),
	PART_SUFFIX(".reshape_weight", PART_RESHAPE, WEIGHT_NEVER),
	PART_SUFFIX(".scale", PART_SCALE, WEIGHT_NEVER),
};

const struct key_layout kohya_layout = { suffixes, sizeof(suffixes) / sizeof(*suffixes) };
