// SPDX-License-Identifier: MIT
/**
 * The captions a LoRA was trained with, as kohya's trainers sum them up: which tags, how often,
 * in folders of which names. Source: binding facts, "Metadata worth showing".
 */
#ifndef CORE_IDENTIFY_CAPTIONS_H
#define CORE_IDENTIFY_CAPTIONS_H

#include "core/base/array.h"
#include "core/formats/format.h"

#define CAPTION_TAGS_MAX 65536u /* tags of all folders; a set of 10,000 pictures has fewer */

struct caption_folder {
	struct str name;   /* "10_ohwx woman" */
	uint64_t n_images; /* 0: not told */
	size_t first_tag, n_tags;
	bool is_cut; /* it had more tags */
};

struct caption_tag {
	struct str text;
	uint64_t n;
};

struct captions {
	const struct caption_folder *folders;
	size_t n_folders;
	const struct caption_tag *tags;
	size_t n_tags;
};

/** Is it one of the keys that captions are read from? */
bool captions_has_key(struct str key);

/** @arena owns the tags. Broken JSON gives what could be read before it broke. */
void captions_read(const struct metadata *metadata, struct arena *arena, struct captions *out);

#endif
