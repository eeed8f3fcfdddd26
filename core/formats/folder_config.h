// SPDX-License-Identifier: MIT
/**
 * The JSONs of a model folder: their values as pairs, and the Python that they would load. For
 * core/formats alone.
 */
#ifndef CORE_FORMATS_FOLDER_CONFIG_H
#define CORE_FORMATS_FOLDER_CONFIG_H

#include "core/formats/gather.h"

#define CONFIG_TEXT_BYTES_MAX (32u << 20) /* of all JSONs of a folder */
#define CONFIG_PAIRS_MAX 4096u            /* of one JSON */

/** A component as model_index.json names it. */
struct component {
	struct str name; /* "unet" */
	struct str
		class_name; /* "UNet2DConditionModel"; STR_NULL: written as null, it is left out */
};

struct components {
	const struct component *list; /* none when model_index.json is missing or broken */
	size_t n;
};

/**
 * Reads model_index.json, config.json of the folder and of each component, and the scheduler's;
 * of other JSONs that end in config.json only what Python they ask for.
 */
void folder_config_read(struct gather *gather, struct components *out);

#endif
