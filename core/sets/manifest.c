// SPDX-License-Identifier: MIT
#include "core/sets/manifest.h"

#include <math.h>

#include "core/base/json.h"
#include "core/base/json_write.h"
#include "core/base/map.h"
#include "core/base/member.h"
#include "core/base/text.h"
#include "core/base/user_text.h"

enum { DEPTH_MAX = 8, VERSION = 1, SHA256_DIGITS = 64 };

static void write_lora(struct json_writer *json, const struct manifest_lora *lora)
{
	json_object(json, NULL);
	json_string(json, "path", lora->path);
	json_double_value(json, "weight", lora->weight);
	json_double_if(json, "weight_te", lora->has_weight_te, lora->weight_te);
	json_object_end(json);
}

static void write_file(struct json_writer *json, const struct manifest_file *file)
{
	json_object(json, NULL);
	json_string(json, "path", file->path);
	json_u64_value(json, "bytes", file->size_bytes);
	json_string(json, "sha256", file->sha256);
	json_object_end(json);
}

void manifest_write(const struct manifest *manifest, struct bytes *out)
{
	struct json_writer json = json_writer(out);
	json_object(&json, NULL);
	json_u64_value(&json, "lorarium_set", VERSION);
	json_string(&json, "name", manifest->name);
	json_string(&json, "note", manifest->note);
	json_array(&json, "tags");
	for (size_t i = 0; i < manifest->n_tags; i++)
		json_string(&json, NULL, manifest->tags[i]);
	json_array_end(&json);
	json_string(&json, "checkpoint", manifest->checkpoint);
	json_array(&json, "loras");
	for (size_t i = 0; i < manifest->n_loras; i++)
		write_lora(&json, &manifest->loras[i]);
	json_array_end(&json);
	json_array(&json, "files");
	for (size_t i = 0; i < manifest->n_files; i++)
		write_file(&json, &manifest->files[i]);
	json_array_end(&json);
	json_object_end(&json);
}

/** A manifest on its way in. */
struct reading {
	struct json json;
	struct arena *arena;
	struct manifest *out;
	struct array tags, loras, files; /* struct str, manifest_lora, manifest_file */
	uint64_t version;
	struct error *err;
};

static bool fail(struct reading *reading, const char *why)
{
	return error_set(reading->err, ERROR_FORMAT, NULL, MANIFEST_NAME ": at byte %zu: %s",
			 reading->json.at, why);
}

static bool read_text(struct reading *reading, struct str *out)
{
	if (json_next(&reading->json) != JSON_STRING || reading->json.has_lone_surrogate)
		return fail(reading, "a text is expected");
	*out = json_text(&reading->json, reading->arena);
	return true;
}

static bool read_text_or_null(struct reading *reading, struct str *out)
{
	enum json_token token = json_next(&reading->json);
	if (token == JSON_STRING && !reading->json.has_lone_surrogate)
		*out = json_text(&reading->json, reading->arena);
	return (token == JSON_STRING && out->ptr) || token == JSON_NULL ||
	       fail(reading, "a text or null is expected");
}

static bool read_number(struct reading *reading, uint64_t *out)
{
	return (json_next(&reading->json) == JSON_NUMBER && json_u64(&reading->json, out)) ||
	       fail(reading, "a whole number is expected");
}

static bool read_weight(struct reading *reading, double *out, bool *has)
{
	enum json_token token = json_next(&reading->json);
	*has = token == JSON_NUMBER;
	return (token == JSON_NUMBER && json_double(&reading->json, out) && isfinite(*out)) ||
	       token == JSON_NULL || fail(reading, "a number is expected");
}

static bool read_lora_key(struct reading *reading, struct str key, struct manifest_lora *lora)
{
	bool has_weight;
	if (str_equal(key, STR("path")))
		return read_text(reading, &lora->path);
	if (str_equal(key, STR("weight")))
		return read_weight(reading, &lora->weight, &has_weight);
	if (str_equal(key, STR("weight_te")))
		return read_weight(reading, &lora->weight_te, &lora->has_weight_te);
	return json_skip(&reading->json) || fail(reading, "this is no JSON");
}

static bool is_sha256(struct str hex)
{
	for (size_t i = 0; i < hex.len; i++)
		if (!str_is_digit(hex.ptr[i]) && !(hex.ptr[i] >= 'a' && hex.ptr[i] <= 'f'))
			return false;
	return hex.len == SHA256_DIGITS;
}

static bool read_file_key(struct reading *reading, struct str key, struct manifest_file *file)
{
	if (str_equal(key, STR("path")))
		return read_text(reading, &file->path);
	if (str_equal(key, STR("bytes")))
		return read_number(reading, &file->size_bytes);
	if (str_equal(key, STR("sha256")))
		return read_text(reading, &file->sha256) &&
		       (is_sha256(file->sha256) || fail(reading, "this is no SHA-256"));
	return json_skip(&reading->json) || fail(reading, "this is no JSON");
}

static bool read_lora(struct reading *reading)
{
	struct manifest_lora lora = { .weight = 1 };
	enum json_token token;
	while ((token = json_next(&reading->json)) == JSON_KEY)
		if (!read_lora_key(reading, json_text(&reading->json, reading->arena), &lora))
			return false;
	if (token != JSON_OBJECT_END || !lora.path.ptr)
		return fail(reading, "a LoRA with its path is expected");
	*ARRAY_PUSH(&reading->loras, struct manifest_lora) = lora;
	return true;
}

static bool read_file(struct reading *reading)
{
	struct manifest_file file = { 0 };
	enum json_token token;
	while ((token = json_next(&reading->json)) == JSON_KEY)
		if (!read_file_key(reading, json_text(&reading->json, reading->arena), &file))
			return false;
	if (token != JSON_OBJECT_END || !file.path.ptr || !file.sha256.ptr)
		return fail(reading, "a file with its path and its hash is expected");
	const char *fault = member_fault(file.path);
	if (fault)
		return fail(reading, fault);
	*ARRAY_PUSH(&reading->files, struct manifest_file) = file;
	return true;
}

static bool read_tag(struct reading *reading)
{
	if (reading->json.has_lone_surrogate)
		return fail(reading, "a text is expected");
	*ARRAY_PUSH(&reading->tags, struct str) = json_text(&reading->json, reading->arena);
	return true;
}

/* A list of what begins with `first`; each is read by `read_one`. */
static bool read_list(struct reading *reading, enum json_token first, const struct array *list,
		      size_t n_max, bool (*read_one)(struct reading *reading))
{
	enum json_token token;
	if (json_next(&reading->json) != JSON_ARRAY)
		return fail(reading, "a list is expected");
	while ((token = json_next(&reading->json)) == first) {
		if (!read_one(reading))
			return false;
		if (list->len > n_max)
			return error_set(reading->err, ERROR_LIMIT, NULL,
					 MANIFEST_NAME ": it is too long");
	}
	return token == JSON_ARRAY_END || fail(reading, "this does not belong into the list");
}

static bool read_key(struct reading *reading, struct str key)
{
	struct manifest *out = reading->out;
	if (str_equal(key, STR("lorarium_set")))
		return read_number(reading, &reading->version);
	if (str_equal(key, STR("name")))
		return read_text(reading, &out->name);
	if (str_equal(key, STR("note")))
		return read_text_or_null(reading, &out->note);
	if (str_equal(key, STR("checkpoint")))
		return read_text_or_null(reading, &out->checkpoint);
	if (str_equal(key, STR("tags")))
		return read_list(reading, JSON_STRING, &reading->tags, MANIFEST_LORAS_MAX,
				 read_tag);
	if (str_equal(key, STR("loras")))
		return read_list(reading, JSON_OBJECT, &reading->loras, MANIFEST_LORAS_MAX,
				 read_lora);
	if (str_equal(key, STR("files")))
		return read_list(reading, JSON_OBJECT, &reading->files, MANIFEST_FILES_MAX,
				 read_file);
	return json_skip(&reading->json) || fail(reading, "this is no JSON");
}

static bool read_object(struct reading *reading)
{
	enum json_token token;
	if (json_next(&reading->json) != JSON_OBJECT)
		return fail(reading, "an object is expected");
	while ((token = json_next(&reading->json)) == JSON_KEY)
		if (!read_key(reading, json_text(&reading->json, reading->arena)))
			return false;
	return (token == JSON_OBJECT_END && json_next(&reading->json) == JSON_END) ||
	       fail(reading, "this is no JSON");
}

bool manifest_is_of(struct str file, struct str model)
{
	return str_equal(file, model) ||
	       (file.len > model.len && str_has_prefix(file, model) && file.ptr[model.len] == '/');
}

static bool has_model(const struct manifest *manifest, struct str model)
{
	for (size_t i = 0; i < manifest->n_files; i++)
		if (manifest_is_of(manifest->files[i].path, model))
			return true;
	return false;
}

bool manifest_may_hold(struct str path)
{
	static const char extensions[] =
		"safetensors sft ckpt pt pt2 pth bin pkl gguf onnx json txt md html info yaml yml "
		"sha256 model msgpack csv png jpg jpeg webp gif avif bmp mp4 webm mov";
	struct arena scratch = { 0 };
	struct str name = text_fold_copy(&scratch, str_after_last(path, '/'));
	ptrdiff_t dot = str_rfind_byte(name, '.');
	bool is_data =
		dot >= 0 && str_is_listed(extensions, str_slice(name, (size_t)dot + 1, name.len));
	arena_finish(&scratch);
	return is_data;
}

static bool check_file(const struct manifest_file *file, struct map *seen, struct arena *scratch,
		       struct error *err)
{
	void **place = map_place(seen, text_fold_copy(scratch, file->path));
	bool is_taken = *place != NULL;
	*place = (void *)file;
	if (is_taken)
		return error_set(err, ERROR_FORMAT, NULL,
				 MANIFEST_NAME ": two files have one name: %.*s",
				 STR_ARG(file->path));
	return manifest_may_hold(file->path) ||
	       error_set(err, ERROR_FORMAT, NULL,
			 MANIFEST_NAME ": nothing that a set is made of is called so: %.*s",
			 STR_ARG(file->path));
}

/* Names that differ by case alone are one file on some disks. The manifest's own is taken. */
static bool check_files(const struct manifest *manifest, struct error *err)
{
	const struct manifest_file own = { .path = STR(MANIFEST_NAME) };
	struct arena scratch = { 0 };
	struct map seen;
	map_init(&seen, &scratch, manifest->n_files + 1);
	bool ok = check_file(&own, &seen, &scratch, err);
	for (size_t i = 0; ok && i < manifest->n_files; i++)
		ok = check_file(&manifest->files[i], &seen, &scratch, err);
	arena_finish(&scratch);
	return ok;
}

/* Before anything is unpacked: a set that could not be made afterwards is none. */
static bool check_words(const struct manifest *manifest, struct error *err)
{
	struct str name, tag;
	bool ok = name_check("set", manifest->name, &name, err) && note_check(manifest->note, err);
	for (size_t i = 0; ok && i < manifest->n_tags; i++)
		ok = tag_check(manifest->tags[i], &tag, err);
	if (!ok)
		err->code = ERROR_FORMAT;
	return ok || error_context(err, MANIFEST_NAME);
}

static bool has_lora_twice(const struct manifest *manifest)
{
	for (size_t i = 0; i < manifest->n_loras; i++)
		for (size_t j = 0; j < i; j++)
			if (str_equal(manifest->loras[i].path, manifest->loras[j].path))
				return true;
	return false;
}

static bool check(const struct manifest *manifest, uint64_t version, struct error *err)
{
	if (version != VERSION)
		return error_set(err, ERROR_UNSUPPORTED, NULL,
				 MANIFEST_NAME ": version %llu is not known here",
				 (unsigned long long)version);
	if (!check_words(manifest, err) || !check_files(manifest, err))
		return false;
	bool has_all = !manifest->checkpoint.ptr || has_model(manifest, manifest->checkpoint);
	for (size_t i = 0; has_all && i < manifest->n_loras; i++)
		has_all = has_model(manifest, manifest->loras[i].path);
	if (!has_all)
		return error_set(err, ERROR_FORMAT, NULL,
				 MANIFEST_NAME ": a model of the set is not among its files");
	return !has_lora_twice(manifest) ||
	       error_set(err, ERROR_FORMAT, NULL, MANIFEST_NAME ": it names a LoRA twice");
}

bool manifest_read(struct str text, struct arena *arena, struct manifest *out, struct error *err)
{
	struct reading reading = {
		.arena = arena,
		.out = out,
		.err = err,
		.tags = ARRAY_OF(struct str),
		.loras = ARRAY_OF(struct manifest_lora),
		.files = ARRAY_OF(struct manifest_file),
	};
	*out = (struct manifest){ 0 };
	json_init(&reading.json, text, DEPTH_MAX);
	bool ok = read_object(&reading);
	out->n_tags = reading.tags.len;
	out->tags = array_to_arena(&reading.tags, arena);
	out->n_loras = reading.loras.len;
	out->loras = array_to_arena(&reading.loras, arena);
	out->n_files = reading.files.len;
	out->files = array_to_arena(&reading.files, arena);
	array_finish(&reading.tags);
	array_finish(&reading.loras);
	array_finish(&reading.files);
	return ok && check(out, reading.version, err);
}
