// SPDX-License-Identifier: MIT
#include "core/formats/shards.h"

#include <inttypes.h>

#include "core/base/array.h"
#include "core/base/json.h"

enum { DIGITS_MAX = 6 };

/** Takes the digits off the end of `text`; how many there are tells how the number is padded. */
static bool cut_number(struct str *text, uint32_t *number)
{
	size_t from = text->len;
	uint64_t value;
	while (from > 0 && str_is_digit(text->ptr[from - 1]))
		from--;
	struct str digits = str_slice(*text, from, text->len);
	if (!digits.len || digits.len > DIGITS_MAX || !str_to_u64(digits, &value))
		return false;
	*number = (uint32_t)value;
	text->len = from;
	return true;
}

/** "STEM-00001-of-00003" in `text`, which stays whole where the numbers make no sense. */
static bool cut_numbers(struct str *text, struct shard_name *out)
{
	struct str rest = *text;
	if (!cut_number(&rest, &out->count) || !str_cut_suffix(&rest, STR("-of-")) ||
	    !cut_number(&rest, &out->number) || !str_cut_suffix(&rest, STR("-")))
		return false;
	if (!rest.len || out->number < 1 || out->number > out->count || out->count > SHARDS_MAX)
		return false;
	*text = rest;
	return true;
}

/** The final extension with its dot; false when there is none. */
static bool cut_extension(struct str *text, struct str *extension)
{
	ptrdiff_t dot = str_rfind_byte(*text, '.');
	if (dot <= 0)
		return false;
	*extension = str_slice(*text, (size_t)dot, text->len);
	text->len = (size_t)dot;
	return extension->len > 1;
}

/** "model.safetensors.index.json", "model.safetensors.index.fp16.json" */
static bool parse_index(struct str name, struct shard_name *out)
{
	*out = (struct shard_name){ .tail = STR("") };
	if (!str_cut_suffix(&name, STR(".json")))
		return false;
	if (!str_cut_suffix(&name, STR(".index")) &&
	    (!cut_extension(&name, &out->tail) || !str_cut_suffix(&name, STR(".index"))))
		return false;
	bool has_extension = cut_extension(&name, &out->extension);
	out->stem = name;
	return has_extension;
}

/** "model-00001-of-00003.safetensors", "model-00001-of-00003.fp16.safetensors" */
static bool parse_part(struct str name, struct shard_name *out)
{
	*out = (struct shard_name){ .tail = STR("") };
	if (!cut_extension(&name, &out->extension))
		return false;
	bool is_part = cut_numbers(&name, out) ||
		       (cut_extension(&name, &out->tail) && cut_numbers(&name, out));
	out->stem = name;
	return is_part;
}

bool shard_name_parse(struct str name, struct shard_name *out)
{
	return parse_part(name, out) || parse_index(name, out);
}

/** Stem and tail together are the same text, wherever one ends and the other begins. */
static bool is_same_common(const struct shard_name *a, const struct shard_name *b)
{
	if (a->stem.len > b->stem.len)
		return is_same_common(b, a);
	struct str more = b->stem, tail = a->tail;
	return str_cut_prefix(&more, a->stem) && str_cut_prefix(&tail, more) &&
	       str_equal(tail, b->tail);
}

bool shard_name_is_same_set(const struct shard_name *a, const struct shard_name *b)
{
	return str_equal(a->extension, b->extension) && is_same_common(a, b) &&
	       (!a->count || !b->count || a->count == b->count);
}

bool shard_path_is_same_set(struct str a, struct str b)
{
	size_t a_from = (size_t)(str_rfind_byte(a, '/') + 1);
	size_t b_from = (size_t)(str_rfind_byte(b, '/') + 1);
	struct shard_name left, right;
	return str_equal(str_slice(a, 0, a_from), str_slice(b, 0, b_from)) &&
	       shard_name_parse(str_slice(a, a_from, a.len), &left) &&
	       shard_name_parse(str_slice(b, b_from, b.len), &right) &&
	       shard_name_is_same_set(&left, &right);
}

struct str shard_name_common(const struct shard_name *name, struct arena *arena)
{
	return arena_strf(arena, "%.*s%.*s", STR_ARG(name->stem), STR_ARG(name->tail));
}

struct str shard_name_of_whole(const struct shard_name *name, struct arena *arena)
{
	return arena_strf(arena, "%.*s%.*s%.*s", STR_ARG(name->stem), STR_ARG(name->tail),
			  STR_ARG(name->extension));
}

struct str shard_name_of_part(const struct shard_name *part, uint32_t number, struct arena *arena)
{
	return arena_strf(arena, "%.*s-%05" PRIu32 "-of-%05" PRIu32 "%.*s%.*s", STR_ARG(part->stem),
			  number, part->count, STR_ARG(part->tail), STR_ARG(part->extension));
}

bool shard_file_is_plain(struct str file)
{
	return file.len && *file.ptr != '.' && str_find_byte(file, '/') < 0 &&
	       str_find_byte(file, '\\') < 0 && str_find_byte(file, '\0') < 0;
}

/* The index. */

struct index_parse {
	struct json json;
	struct arena *arena;
	struct array places;
	struct shard_index *out;
};

static bool read_places(struct index_parse *parse)
{
	struct json *json = &parse->json;
	enum json_token token = json_next(json);
	if (token != JSON_OBJECT)
		return false;
	while ((token = json_next(json)) == JSON_KEY) {
		struct shard_place place = { .tensor = json_text(json, parse->arena) };
		if (json_next(json) != JSON_STRING)
			return false;
		place.file = json_text(json, parse->arena);
		*ARRAY_PUSH(&parse->places, struct shard_place) = place;
	}
	return token == JSON_OBJECT_END;
}

/** Some writers put other things there, or a size with a fraction: those say nothing. */
static bool read_metadata(struct index_parse *parse)
{
	struct json *json = &parse->json, before = *json;
	enum json_token token = json_next(json);
	if (token != JSON_OBJECT) {
		*json = before;
		return json_skip(json);
	}
	while ((token = json_next(json)) == JSON_KEY) {
		bool is_total = str_equal(json->value, STR("total_size"));
		before = *json;
		if (is_total && json_next(json) == JSON_NUMBER) {
			parse->out->has_total = json_u64(json, &parse->out->total_bytes);
			continue;
		}
		*json = before;
		if (!json_skip(json))
			return false;
	}
	return token == JSON_OBJECT_END;
}

static bool read_index(struct index_parse *parse)
{
	struct json *json = &parse->json;
	enum json_token token = json_next(json);
	bool has_map = false;
	if (token != JSON_OBJECT)
		return false;
	while ((token = json_next(json)) == JSON_KEY) {
		bool is_map = !has_map && str_equal(json->value, STR("weight_map"));
		bool is_read = is_map                                    ? read_places(parse)
			       : str_equal(json->value, STR("metadata")) ? read_metadata(parse)
									 : json_skip(json);
		has_map |= is_map;
		if (!is_read)
			return false;
	}
	return token == JSON_OBJECT_END && json_next(json) == JSON_END && has_map;
}

bool shard_index_parse(struct str text, struct arena *arena, struct shard_index *out,
		       struct error *err)
{
	struct index_parse parse = {
		.arena = arena,
		.places = ARRAY_OF(struct shard_place),
		.out = out,
	};
	*out = (struct shard_index){ 0 };
	json_init(&parse.json, text, JSON_DEPTH_MAX);
	bool is_read = read_index(&parse);
	if (is_read) {
		out->places = array_to_arena(&parse.places, arena);
		out->n_places = parse.places.len;
	}
	array_finish(&parse.places);
	return is_read ||
	       error_set(err, ERROR_FORMAT, "W_JSON", "%s at byte %zu",
			 parse.json.error ? parse.json.error : "not a shard index", parse.json.at);
}
