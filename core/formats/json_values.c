// SPDX-License-Identifier: MIT
#include "core/formats/json_values.h"

#include <string.h>

/** Where each level's path ends; a path that is too long has no room and is met by nobody. */
struct walk {
	struct json json;
	struct arena *arena;
	json_value_fn take;
	void *context;
	char path[JSON_PATH_MAX];
	size_t lens[JSON_DEPTH_MAX + 1]; /* of the open levels */
	size_t at;                       /* of the value that comes next */
};

static size_t extend_path(struct walk *walk, size_t len, struct str part, bool wants_dot)
{
	if (part.len + 1 > JSON_PATH_MAX - 1 || len > JSON_PATH_MAX - 2 - part.len)
		return JSON_PATH_MAX; /* stays past the end for all that stand below */
	if (wants_dot && len)
		walk->path[len++] = '.';
	memcpy(walk->path + len, part.ptr, part.len);
	return len + part.len;
}

static void take_value(struct walk *walk, enum json_token type)
{
	struct json_value value = { .path = { walk->path, walk->at }, .type = type };
	if (walk->at >= JSON_PATH_MAX)
		return;
	if (type == JSON_STRING)
		value.text = json_text(&walk->json, walk->arena);
	else if (type == JSON_NUMBER)
		value.text = walk->json.value;
	else
		value.text = type == JSON_TRUE    ? STR("true")
			     : type == JSON_FALSE ? STR("false")
						  : STR("null");
	walk->take(walk->context, &value);
}

static bool walk_object(struct walk *walk)
{
	struct json *json = &walk->json;
	for (;;) {
		enum json_token token = json_next(json);
		switch (token) {
		case JSON_ERROR: return false;
		case JSON_END: return true;
		case JSON_OBJECT: walk->lens[json->depth] = walk->at; break;
		case JSON_ARRAY:
			walk->at = extend_path(walk, walk->at, STR("[]"), false);
			walk->lens[json->depth] = walk->at;
			break;
		case JSON_KEY:
			walk->at = extend_path(walk, walk->lens[json->depth],
					       json_text(json, walk->arena), true);
			break;
		case JSON_OBJECT_END:
		case JSON_ARRAY_END: walk->at = walk->lens[json->depth]; break;
		case JSON_STRING:
		case JSON_NUMBER:
		case JSON_TRUE:
		case JSON_FALSE:
		case JSON_NULL: take_value(walk, token); break;
		}
	}
}

bool json_values_each(struct str text, struct arena *arena, json_value_fn take, void *context,
		      const char **why)
{
	struct walk walk = { .arena = arena, .take = take, .context = context };
	(void)str_cut_prefix(&text, STR("\xef\xbb\xbf")); /* Windows tools put one in front */
	text = str_trim(text);
	*why = "not a JSON object";
	if (!text.len || *text.ptr != '{')
		return false;
	json_init(&walk.json, text, JSON_DEPTH_MAX);
	if (walk_object(&walk))
		return true;
	*why = walk.json.error;
	return false;
}
