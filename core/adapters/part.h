// SPDX-License-Identifier: MIT
/**
 * Parts of an adapter: the factors that together change one module, told by how names end.
 *
 * One table a naming (kohya.c, peft.c, ...); this module only walks them. Source: binding facts,
 * section 2.
 */
#ifndef CORE_ADAPTERS_PART_H
#define CORE_ADAPTERS_PART_H

#include "core/base/str.h"

enum adapter_part {
	PART_NONE,
	PART_UP,
	PART_DOWN,
	PART_MID,
	PART_HADA_W1_A,
	PART_HADA_W1_B,
	PART_HADA_W2_A,
	PART_HADA_W2_B,
	PART_HADA_T1,
	PART_HADA_T2,
	PART_LOKR_W1,
	PART_LOKR_W1_A,
	PART_LOKR_W1_B,
	PART_LOKR_W2,
	PART_LOKR_W2_A,
	PART_LOKR_W2_B,
	PART_LOKR_T1,
	PART_LOKR_T2,
	PART_OFT_BLOCKS,
	PART_OFT_R,
	PART_BOFT_R,
	PART_GLORA_A1,
	PART_GLORA_A2,
	PART_GLORA_B1,
	PART_GLORA_B2,
	PART_GLORA_BM,
	PART_ON_INPUT,
	PART_IA3,
	PART_DIFF,
	PART_DIFF_BIAS,
	PART_NORM,
	PART_SET_WEIGHT,
	PART_MAIN_END, /* those above make a module; those below only accompany one */
	PART_DORA,
	PART_ALPHA,
	PART_SCALE,
	PART_FACTOR_BIAS,
	PART_RESHAPE,
	PART_OTHER,
	PART_WEIGHT, /* a plain ".weight": a part only beside PART_ON_INPUT */
	PART_COUNT
};

/** Whether ".weight" follows the suffix. */
enum weight_tail { WEIGHT_NEVER, WEIGHT_MAY, WEIGHT_MUST };

struct part_suffix {
	const char *suffix; /* without ".weight" */
	unsigned char len;
	unsigned char keep;   /* bytes of it that belong to the module's name */
	unsigned char part;   /* enum adapter_part */
	unsigned char weight; /* enum weight_tail */
	bool may_be_named;    /* ".lora_A.NAME.weight": an adapter name may follow */
};

#define PART_SUFFIX(text, part_, weight_)                                                       \
	{                                                                                       \
		.suffix = (text), .len = sizeof(text) - 1, .part = (part_), .weight = (weight_) \
	}

struct key_layout {
	const struct part_suffix *suffixes;
	size_t n_suffixes;
};

extern const struct key_layout kohya_layout, peft_layout, diffusers_layout, lycoris_layout,
	ordinal_layout;

#define PART_SUFFIXES_MAX 128

/** All suffixes of all namings by their last byte, for thousands of names a file. */
struct part_finder {
	const struct part_suffix *suffixes[PART_SUFFIXES_MAX];
	unsigned char next[PART_SUFFIXES_MAX]; /* index + 1 of the next with the same last byte */
	unsigned char head[256];               /* index + 1; 0: none ends so */
};

void part_finder_init(struct part_finder *finder);

/**
 * Cuts the part off the end of a tensor name.
 * @name  becomes the module's stem; untouched when it has no part
 */
enum adapter_part part_cut(const struct part_finder *finder, struct str *name);

#endif
