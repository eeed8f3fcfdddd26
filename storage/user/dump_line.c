// SPDX-License-Identifier: MIT
#include "storage/user/dump_line.h"

#include <time.h>

#include "core/base/base64.h"
#include "core/base/json.h"
#include "core/base/json_write.h"

/* An object in an array in an object. */
enum { DEPTH_MAX = 4, TIME_BYTES = 20, HASH_BYTES = 64 };

static const char *const type_words[DUMP_TYPE_COUNT] = {
	[DUMP_HEAD] = "lorarium-dump",
	[DUMP_ROOT] = "root",
	[DUMP_MODEL] = "model",
	[DUMP_SET] = "set",
};

/* False for years that have not four digits. */
static bool format_time(int64_t seconds, char text[32])
{
	struct tm broken;
	time_t time = seconds;
	return gmtime_r(&time, &broken) &&
	       strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &broken) == TIME_BYTES;
}

static void write_time(struct json_writer *json, const char *key, bool is_known, int64_t seconds)
{
	char text[32];
	if (is_known && format_time(seconds, text))
		json_string(json, key, str_from(text));
	else
		json_null(json, key);
}

static void write_place(struct json_writer *json, const struct dump_place *place)
{
	json_string(json, "root", place->root);
	json_base64_if_broken(json, "root_bytes", place->root);
	json_string(json, "path", place->path);
	json_base64_if_broken(json, "path_bytes", place->path);
}

static void write_tags(struct json_writer *json, const struct dump_line *line)
{
	json_array(json, "tags");
	for (size_t i = 0; i < line->n_tags; i++)
		json_string(json, NULL, line->tags[i]);
	json_array_end(json);
}

static void write_note(struct json_writer *json, struct str note)
{
	json_string(json, "note", note);
	json_base64_if_broken(json, "note_bytes", note);
}

static void write_root(struct json_writer *json, const struct dump_line *line)
{
	json_string(json, "name", line->name);
	json_base64_if_broken(json, "name_bytes", line->name);
	json_string(json, "root", line->place.root);
	json_base64_if_broken(json, "root_bytes", line->place.root);
	write_time(json, "added", true, line->added_s);
	write_time(json, "removed", line->has_removed, line->removed_s);
}

static void write_formers(struct json_writer *json, const struct dump_line *line)
{
	json_array(json, "former");
	for (size_t i = 0; i < line->n_formers; i++) {
		json_object(json, NULL);
		json_u64_value(json, "bytes", line->formers[i].size_bytes);
		json_string(json, "quick_hash", line->formers[i].quick_hash);
		json_object_end(json);
	}
	json_array_end(json);
}

static void write_model(struct json_writer *json, const struct dump_line *line)
{
	write_place(json, &line->place);
	json_u64_value(json, "bytes", line->size_bytes);
	json_string(json, "quick_hash", line->quick_hash);
	json_string(json, "sha256", line->sha256);
	write_formers(json, line);
	write_tags(json, line);
	if (line->rating > 0)
		json_u64_value(json, "rating", line->rating);
	else
		json_null(json, "rating");
	json_bool(json, "favourite", line->is_favourite);
	write_note(json, line->note);
	json_string(json, "kind", line->kind);
	json_string(json, "base_model", line->base_model);
	write_time(json, "corrected", line->kind.ptr || line->base_model.ptr, line->corrected_s);
}

static void write_lora(struct json_writer *json, const struct dump_lora *lora)
{
	json_object(json, NULL);
	write_place(json, &lora->place);
	json_double_value(json, "weight", lora->weight);
	json_double_if(json, "weight_te", lora->has_weight_te, lora->weight_te);
	json_object_end(json);
}

static void write_set(struct json_writer *json, const struct dump_line *line)
{
	json_string(json, "name", line->name);
	write_note(json, line->note);
	write_tags(json, line);
	if (line->place.root.ptr) {
		json_object(json, "checkpoint");
		write_place(json, &line->place);
		json_object_end(json);
	} else {
		json_null(json, "checkpoint");
	}
	json_array(json, "loras");
	for (size_t i = 0; i < line->n_loras; i++)
		write_lora(json, &line->loras[i]);
	json_array_end(json);
}

void dump_line_write(const struct dump_line *line, struct bytes *out)
{
	struct json_writer json = json_writer(out);
	json_object(&json, NULL);
	json_string(&json, "type", str_from(type_words[line->type]));
	switch (line->type) {
	case DUMP_HEAD: json_u64_value(&json, "version", line->version); break;
	case DUMP_ROOT: write_root(&json, line); break;
	case DUMP_MODEL: write_model(&json, line); break;
	case DUMP_SET: write_set(&json, line); break;
	case DUMP_TYPE_COUNT: break;
	}
	json_object_end(&json);
	bytes_append_byte(out, '\n');
}

/* A line that is being read. What stands in base64 goes before the text beside it. */
struct reading {
	struct json json;
	struct arena *arena;
	struct dump_line *line;
	bool has_type;
};

typedef bool (*take_fn)(struct reading *reading, void *context, struct str key);

static bool read_object(struct reading *reading, take_fn take, void *context)
{
	for (;;) {
		enum json_token token = json_next(&reading->json);
		if (token == JSON_OBJECT_END)
			return true;
		if (token != JSON_KEY)
			return false;
		if (!take(reading, context, json_text(&reading->json, reading->arena)))
			return false;
	}
}

/* A string or null. */
static bool take_text(struct reading *reading, struct str *out)
{
	enum json_token token = json_next(&reading->json);
	if (token == JSON_STRING && !out->ptr)
		*out = json_text(&reading->json, reading->arena);
	return token == JSON_STRING || token == JSON_NULL;
}

static bool take_bytes(struct reading *reading, struct str *out)
{
	enum json_token token = json_next(&reading->json);
	if (token == JSON_STRING)
		return base64_decode(json_text(&reading->json, reading->arena), reading->arena,
				     out);
	return token == JSON_NULL;
}

static bool take_u64(struct reading *reading, uint64_t *out)
{
	enum json_token token = json_next(&reading->json);
	if (token == JSON_NULL)
		return true;
	return token == JSON_NUMBER && json_u64(&reading->json, out);
}

static bool take_double(struct reading *reading, double *out, bool *is_known)
{
	enum json_token token = json_next(&reading->json);
	*is_known = token == JSON_NUMBER;
	return token == JSON_NULL || (*is_known && json_double(&reading->json, out));
}

static bool take_bool(struct reading *reading, bool *out)
{
	enum json_token token = json_next(&reading->json);
	*out = token == JSON_TRUE;
	return *out || token == JSON_FALSE;
}

static bool take_hash(struct reading *reading, struct str *out)
{
	if (!take_text(reading, out))
		return false;
	for (size_t i = 0; i < out->len; i++) {
		if (str_find_byte(STR("0123456789abcdef"), out->ptr[i]) < 0)
			return false;
	}
	return !out->ptr || out->len == HASH_BYTES;
}

/* "2026-01-02T03:04:05Z" */
static bool read_time(struct str text, int64_t *out)
{
	static const struct {
		unsigned char at, len;
	} parts[] = {
		{ 0, 4 }, { 5, 2 }, { 8, 2 }, { 11, 2 }, { 14, 2 }, { 17, 2 },
	};
	uint64_t numbers[6];
	char again[32];
	if (text.len != TIME_BYTES)
		return false;
	for (size_t i = 0; i < 6; i++) {
		if (!str_to_u64(str_slice(text, parts[i].at, parts[i].at + parts[i].len),
				&numbers[i]))
			return false;
	}
	struct tm broken = {
		.tm_year = (int)numbers[0] - 1900,
		.tm_mon = (int)numbers[1] - 1,
		.tm_mday = (int)numbers[2],
		.tm_hour = (int)numbers[3],
		.tm_min = (int)numbers[4],
		.tm_sec = (int)numbers[5],
	};
	*out = timegm(&broken);
	/* The marks between, and days that no month has. */
	return format_time(*out, again) && str_equal(text, str_from(again));
}

static bool take_time(struct reading *reading, int64_t *out, bool *is_known)
{
	struct str text = STR_NULL;
	if (!take_text(reading, &text))
		return false;
	*is_known = text.ptr != NULL;
	return !text.ptr || read_time(text, out);
}

static bool take_texts(struct reading *reading, const struct str **out, size_t *n)
{
	struct array list = ARRAY_OF(struct str);
	enum json_token token = json_next(&reading->json);
	bool ok = token == JSON_ARRAY;
	while (ok && (token = json_next(&reading->json)) == JSON_STRING)
		*ARRAY_PUSH(&list, struct str) = json_text(&reading->json, reading->arena);
	*out = array_to_arena(&list, reading->arena);
	*n = list.len;
	array_finish(&list);
	return ok && token == JSON_ARRAY_END;
}

static bool is(struct str key, const char *word)
{
	return str_equal(key, str_from(word));
}

/* *`taken` tells whether the key was one of these. */
static bool take_place_key(struct reading *reading, struct dump_place *place, struct str key,
			   bool *taken)
{
	*taken = true;
	if (is(key, "root"))
		return take_text(reading, &place->root);
	if (is(key, "root_bytes"))
		return take_bytes(reading, &place->root);
	if (is(key, "path"))
		return take_text(reading, &place->path);
	if (is(key, "path_bytes"))
		return take_bytes(reading, &place->path);
	*taken = false;
	return true;
}

static bool take_place(struct reading *reading, void *context, struct str key)
{
	bool taken;
	return take_place_key(reading, context, key, &taken) && taken;
}

static bool take_lora(struct reading *reading, void *context, struct str key)
{
	struct dump_lora *lora = context;
	bool taken;
	if (!take_place_key(reading, &lora->place, key, &taken))
		return false;
	if (taken)
		return true;
	if (is(key, "weight"))
		return take_double(reading, &lora->weight, &lora->has_weight);
	return is(key, "weight_te") && take_double(reading, &lora->weight_te, &lora->has_weight_te);
}

static bool take_loras(struct reading *reading, struct dump_line *line)
{
	struct array list = ARRAY_OF(struct dump_lora);
	enum json_token token = json_next(&reading->json);
	bool ok = token == JSON_ARRAY;
	while (ok && (token = json_next(&reading->json)) == JSON_OBJECT) {
		struct dump_lora lora = { 0 };
		ok = read_object(reading, take_lora, &lora);
		*ARRAY_PUSH(&list, struct dump_lora) = lora;
	}
	line->loras = array_to_arena(&list, reading->arena);
	line->n_loras = list.len;
	array_finish(&list);
	return ok && token == JSON_ARRAY_END;
}

static bool take_former(struct reading *reading, void *context, struct str key)
{
	struct dump_former *former = context;
	if (is(key, "bytes"))
		return take_u64(reading, &former->size_bytes);
	return is(key, "quick_hash") && take_hash(reading, &former->quick_hash);
}

static bool take_formers(struct reading *reading, struct dump_line *line)
{
	struct array list = ARRAY_OF(struct dump_former);
	enum json_token token = json_next(&reading->json);
	bool ok = token == JSON_ARRAY;
	while (ok && (token = json_next(&reading->json)) == JSON_OBJECT) {
		struct dump_former former = { 0 };
		ok = read_object(reading, take_former, &former);
		*ARRAY_PUSH(&list, struct dump_former) = former;
	}
	line->formers = array_to_arena(&list, reading->arena);
	line->n_formers = list.len;
	array_finish(&list);
	return ok && token == JSON_ARRAY_END;
}

static bool take_checkpoint(struct reading *reading, struct dump_line *line)
{
	enum json_token token = json_next(&reading->json);
	return token == JSON_NULL ||
	       (token == JSON_OBJECT && read_object(reading, take_place, &line->place));
}

static bool take_type(struct reading *reading)
{
	struct str word = STR_NULL;
	if (!take_text(reading, &word))
		return false;
	for (enum dump_type type = 0; type < DUMP_TYPE_COUNT; type++) {
		if (is(word, type_words[type])) {
			reading->line->type = type;
			reading->has_type = true;
		}
	}
	return reading->has_type;
}

static bool take_named_key(struct reading *reading, struct str key, bool *taken)
{
	struct dump_line *line = reading->line;
	*taken = true;
	if (is(key, "name"))
		return take_text(reading, &line->name);
	if (is(key, "name_bytes"))
		return take_bytes(reading, &line->name);
	if (is(key, "note"))
		return take_text(reading, &line->note);
	if (is(key, "note_bytes"))
		return take_bytes(reading, &line->note);
	if (is(key, "tags"))
		return take_texts(reading, &line->tags, &line->n_tags);
	*taken = false;
	return true;
}

static bool take_set_key(struct reading *reading, struct str key, bool *taken)
{
	struct dump_line *line = reading->line;
	bool ignored;
	*taken = true;
	if (is(key, "checkpoint"))
		return take_checkpoint(reading, line);
	if (is(key, "loras"))
		return take_loras(reading, line);
	if (is(key, "version"))
		return take_u64(reading, &line->version);
	if (is(key, "added"))
		return take_time(reading, &line->added_s, &ignored);
	if (is(key, "removed"))
		return take_time(reading, &line->removed_s, &line->has_removed);
	*taken = false;
	return true;
}

static bool take_model_key(struct reading *reading, struct str key)
{
	struct dump_line *line = reading->line;
	bool ignored;
	if (is(key, "bytes"))
		return take_u64(reading, &line->size_bytes);
	if (is(key, "quick_hash"))
		return take_hash(reading, &line->quick_hash);
	if (is(key, "sha256"))
		return take_hash(reading, &line->sha256);
	if (is(key, "former"))
		return take_formers(reading, line);
	if (is(key, "rating"))
		return take_u64(reading, &line->rating);
	if (is(key, "favourite"))
		return take_bool(reading, &line->is_favourite);
	if (is(key, "kind"))
		return take_text(reading, &line->kind);
	if (is(key, "base_model"))
		return take_text(reading, &line->base_model);
	return is(key, "corrected") && take_time(reading, &line->corrected_s, &ignored);
}

static bool take_key(struct reading *reading, void *context, struct str key)
{
	bool taken = false;
	(void)context;
	if (is(key, "type"))
		return take_type(reading);
	if (!take_place_key(reading, &reading->line->place, key, &taken))
		return false;
	if (taken)
		return true;
	if (!take_named_key(reading, key, &taken))
		return false;
	if (taken)
		return true;
	if (!take_set_key(reading, key, &taken))
		return false;
	if (taken)
		return true;
	return take_model_key(reading, key);
}

static bool is_path(struct str path)
{
	return path.len > 0 && str_find_byte(path, '\0') < 0;
}

static bool is_root(struct str path)
{
	return is_path(path) && path.ptr[0] == '/';
}

/* What is relative to its root stays beneath it. */
static bool is_place(const struct dump_place *place)
{
	struct str rest = place->path, part;
	if (!is_root(place->root) || !is_path(place->path))
		return false;
	while (str_next_part(&rest, '/', &part)) {
		if (part.len == 0 || str_equal(part, STR(".")) || str_equal(part, STR("..")))
			return false;
	}
	return true;
}

static bool is_set(const struct dump_line *line)
{
	bool ok = line->name.len > 0 && (!line->place.root.ptr || is_place(&line->place));
	for (size_t i = 0; ok && i < line->n_loras; i++)
		ok = line->loras[i].has_weight && is_place(&line->loras[i].place);
	return ok;
}

static bool is_model(const struct dump_line *line)
{
	bool ok = is_place(&line->place) && line->rating <= 5 && line->size_bytes <= INT64_MAX;
	for (size_t i = 0; ok && i < line->n_formers; i++)
		ok = line->formers[i].quick_hash.ptr && line->formers[i].size_bytes <= INT64_MAX;
	return ok;
}

static bool is_whole(const struct dump_line *line)
{
	switch (line->type) {
	case DUMP_HEAD: return line->version > 0;
	case DUMP_ROOT: return line->name.len > 0 && is_root(line->place.root);
	case DUMP_MODEL: return is_model(line);
	case DUMP_SET: return is_set(line);
	case DUMP_TYPE_COUNT: break;
	}
	return false;
}

bool dump_line_read(struct str text, struct arena *arena, struct dump_line *out, struct error *err)
{
	struct reading reading = { .arena = arena, .line = out };
	*out = (struct dump_line){ 0 };
	if (text.len > DUMP_LINE_BYTES_MAX)
		return error_set(err, ERROR_LIMIT, NULL, "longer than %u bytes",
				 DUMP_LINE_BYTES_MAX);
	json_init(&reading.json, text, DEPTH_MAX);
	if (json_next(&reading.json) != JSON_OBJECT || !read_object(&reading, take_key, NULL) ||
	    json_next(&reading.json) != JSON_END)
		return error_set(err, ERROR_FORMAT, NULL, "column %zu: this is no line of a dump",
				 reading.json.at + 1);
	if (!reading.has_type || !is_whole(out))
		return error_set(err, ERROR_FORMAT, NULL, "something is missing, or cannot be");
	if (out->type == DUMP_HEAD && out->version > DUMP_VERSION)
		return error_set(err, ERROR_UNSUPPORTED, NULL,
				 "a newer lorarium made this: use that one");
	return true;
}
