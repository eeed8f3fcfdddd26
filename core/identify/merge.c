// SPDX-License-Identifier: MIT
#include "core/identify/merge.h"

#include "core/base/json.h"

enum { SHA256_DIGITS = 64, AUTOV2_DIGITS = 10 };

static void add(struct merge_parts *out, struct str name, struct str sha256)
{
	name = str_trim(name);
	if (sha256.len != SHA256_DIGITS)
		sha256 = STR_NULL;
	if (out->n < MERGE_PARTS_MAX && (name.len || sha256.len))
		out->list[out->n++] = (struct merge_part){ name.len ? name : STR_NULL, sha256 };
}

/* {"name": "a.safetensors", ...}: false when it is not sound. */
static bool read_model(struct json *json, struct arena *arena, struct str *name)
{
	enum json_token token;
	while ((token = json_next(json)) == JSON_KEY) {
		bool is_name = str_equal(json->value, STR("name"));
		if (!is_name) {
			if (!json_skip(json))
				return false;
			continue;
		}
		token = json_next(json);
		if (token == JSON_STRING)
			*name = json_text(json, arena);
		else if ((token == JSON_OBJECT || token == JSON_ARRAY) && !json_skip(json))
			return false;
	}
	return token == JSON_OBJECT_END;
}

static void add_of_recipe(struct merge_parts *out, struct str key, struct str value)
{
	if (str_has_suffix(key, STR("_model_hash")))
		add(out, STR_NULL, value);
	else if (str_has_prefix(key, STR("model_")))
		add(out, value, STR_NULL);
}

static void read_object(struct json *json, struct arena *arena, struct merge_parts *out)
{
	while (json_next(json) == JSON_KEY) {
		struct str key = json_text(json, arena), name = STR_NULL;
		enum json_token token = json_next(json);
		if (token == JSON_OBJECT) {
			if (!read_model(json, arena, &name))
				return;
			add(out, name, key);
		} else if (token == JSON_STRING) {
			add_of_recipe(out, key, json_text(json, arena));
		} else if (token == JSON_ARRAY && !json_skip(json)) {
			return;
		}
	}
}

void merge_read(struct str text, struct arena *arena, struct merge_parts *out)
{
	struct json json;
	struct str part;
	out->n = 0;
	json_init(&json, text, JSON_DEPTH_MAX);
	if (json_next(&json) == JSON_OBJECT)
		read_object(&json, arena, out);
	else
		while (out->n < MERGE_PARTS_MAX && str_next_part(&text, ',', &part))
			add(out, part, STR_NULL);
}

struct str merge_part_name(const struct merge_part *part)
{
	return part->name.len ? part->name : str_slice(part->sha256, 0, AUTOV2_DIGITS);
}
