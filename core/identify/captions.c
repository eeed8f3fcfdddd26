// SPDX-License-Identifier: MIT
#include "core/identify/captions.h"

#include "core/base/json.h"

#define KEY_FREQUENCY STR("ss_tag_frequency")
#define KEY_FOLDERS STR("ss_dataset_dirs")

/* {"10_word": {"tag": 3, ...}, ...}: reads the inner object. */
static bool read_tags(struct json *json, struct arena *arena, struct array *tags)
{
	if (json_next(json) != JSON_OBJECT)
		return false;
	while (json_next(json) == JSON_KEY) {
		struct caption_tag tag = { .text = json_text(json, arena) };
		if (json_next(json) != JSON_NUMBER || !json_u64(json, &tag.n) ||
		    tags->len == CAPTION_TAGS_MAX)
			return false;
		*ARRAY_PUSH(tags, struct caption_tag) = tag;
	}
	return true;
}

static void read_frequency(struct str text, struct arena *arena, struct array *folders,
			   struct array *tags)
{
	struct json json;
	json_init(&json, text, JSON_DEPTH_MAX);
	if (json_next(&json) != JSON_OBJECT)
		return;
	while (json_next(&json) == JSON_KEY) {
		struct caption_folder *folder = ARRAY_PUSH(folders, struct caption_folder);
		folder->name = json_text(&json, arena);
		folder->first_tag = tags->len;
		bool whole = read_tags(&json, arena, tags);
		folder->n_tags = tags->len - folder->first_tag;
		if (!whole)
			return;
	}
}

static struct caption_folder *find_folder(const struct array *folders, struct str name)
{
	for (size_t i = 0; i < folders->len; i++) {
		struct caption_folder *folder = ARRAY_AT(folders, struct caption_folder, i);
		if (str_equal(folder->name, name))
			return folder;
	}
	return NULL;
}

/* {"10_word": {"n_repeats": 10, "img_count": 30}, ...} */
static bool read_image_count(struct json *json, struct caption_folder *folder)
{
	if (json_next(json) != JSON_OBJECT)
		return false;
	while (json_next(json) == JSON_KEY) {
		bool is_count = str_equal(json->value, STR("img_count"));
		if (!is_count || !folder) {
			if (!json_skip(json))
				return false;
		} else if (json_next(json) != JSON_NUMBER || !json_u64(json, &folder->n_images)) {
			return false;
		}
	}
	return true;
}

static void read_image_counts(struct str text, struct arena *arena, struct array *folders)
{
	struct json json;
	json_init(&json, text, JSON_DEPTH_MAX);
	if (json_next(&json) != JSON_OBJECT)
		return;
	while (json_next(&json) == JSON_KEY)
		if (!read_image_count(&json, find_folder(folders, json_text(&json, arena))))
			return;
}

bool captions_has_key(struct str key)
{
	return str_equal(key, KEY_FREQUENCY) || str_equal(key, KEY_FOLDERS);
}

void captions_read(const struct metadata *metadata, struct arena *arena, struct captions *out)
{
	struct array folders = ARRAY_OF(struct caption_folder);
	struct array tags = ARRAY_OF(struct caption_tag);
	struct str frequency = metadata_find(metadata, KEY_FREQUENCY);
	struct str dirs = metadata_find(metadata, KEY_FOLDERS);
	if (frequency.len)
		read_frequency(frequency, arena, &folders, &tags);
	if (folders.len && dirs.len)
		read_image_counts(dirs, arena, &folders);
	*out = (struct captions){
		.folders = array_to_arena(&folders, arena),
		.n_folders = folders.len,
		.tags = array_to_arena(&tags, arena),
		.n_tags = tags.len,
	};
	array_finish(&folders);
	array_finish(&tags);
}
