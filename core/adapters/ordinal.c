// SPDX-License-Identifier: MIT
/* cloneofsimo: "unet:17:up"; the number counts layers, no name says which. */
#include "core/adapters/part.h"

static const struct part_suffix suffixes[] = {
	PART_SUFFIX(":down", PART_DOWN, WEIGHT_NEVER),
	PART_SUFFIX(":up", PART_UP, WEIGHT_NEVER),
};

const struct key_layout ordinal_layout = { suffixes, sizeof(suffixes) / sizeof(*suffixes) };
