// SPDX-License-Identifier: MIT
#include "core/formats/st_scan.h"

#include <inttypes.h>
#include <string.h>

enum {
	ENTRY_BYTES_USUAL = 96, /* of header a tensor, for the first guess */
	ENTRY_BYTES_LEAST =
		52, /* where growing would copy megabytes: room costs nothing until used */
	HEADER_LARGE = 4 << 20,
};

bool st_fail_json(struct st_scan *scan, size_t at, const char *why)
{
	reading_fail(scan->out, scan->metadata_arena, "E_ST_JSON",
		     "header is not valid JSON at byte %zu: %s", at, why);
	return false;
}

bool st_fail_limit(struct st_scan *scan, const char *what, size_t n, size_t limit)
{
	reading_fail(scan->out, scan->metadata_arena, "E_ST_HDR_BIG",
		     "header has %s of %zu; the limit is %zu", what, n, limit);
	return false;
}

void st_skip_blanks(struct st_scan *scan)
{
	while (scan->at < scan->header.len) {
		char byte = scan->header.ptr[scan->at];
		if (byte != ' ' && byte != '\n' && byte != '\r' && byte != '\t')
			return;
		scan->at++;
	}
}

bool st_eat(struct st_scan *scan, char byte)
{
	st_skip_blanks(scan);
	if (scan->at == scan->header.len || scan->header.ptr[scan->at] != byte)
		return false;
	scan->at++;
	return true;
}

const char *st_why_not(const struct st_scan *scan, const char *why)
{
	return scan->at == scan->header.len ? "ends too early" : why;
}

struct json st_json_here(const struct st_scan *scan)
{
	struct json json;
	json_init(&json, scan->header, SAFETENSORS_DEPTH_MAX - 1);
	json.at = scan->at;
	return json;
}

/** The next token, or JSON_ERROR with the error told. */
enum json_token st_next(struct st_scan *scan, struct json *json)
{
	enum json_token token = json_next(json);
	if (token == JSON_ERROR)
		st_fail_json(scan, json->at, json->error);
	return token;
}

bool st_skip_value(struct st_scan *scan, struct json *json)
{
	return json_skip(json) || st_fail_json(scan, json->at, json->error);
}

/** Tensors of one shape share it: a table of thousands holds a few dozen. */
static const uint64_t *keep_shape(struct st_scan *scan, const struct tensor_entry *entry)
{
	uint64_t hash = entry->rank;
	for (unsigned i = 0; i < entry->rank; i++)
		hash = (hash ^ entry->shape[i]) * 0x9e3779b97f4a7c15u;
	struct shape_slot *slot = &scan->shapes[(hash >> 32) % SHAPE_SLOTS];
	size_t size_bytes = entry->rank * sizeof *entry->shape;
	if (slot->shape && slot->rank == entry->rank &&
	    memcmp(slot->shape, entry->shape, size_bytes) == 0)
		return slot->shape;
	uint64_t *shape = arena_try_room(scan->arena, size_bytes);
	if (!shape)
		return NULL;
	memcpy(shape, entry->shape, size_bytes);
	*slot = (struct shape_slot){ shape, (uint8_t)entry->rank };
	return shape;
}

static enum dtype keep_dtype(struct st_scan *scan, const struct tensor_entry *entry)
{
	if (scan->dtype_word.ptr && str_equal(entry->dtype_word, scan->dtype_word))
		return scan->dtype;
	scan->dtype_word = entry->dtype_word;
	scan->dtype = dtype_find(entry->dtype_word);
	if (!dtype_bits(scan->dtype)) /* blocks are of other formats */
		scan->dtype = DTYPE_UNKNOWN;
	return scan->dtype;
}

static bool has_room(struct st_scan *scan)
{
	if (scan->n_tensors < scan->cap)
		return true;
	size_t entry_bytes =
		scan->header.len < HEADER_LARGE ? ENTRY_BYTES_USUAL : ENTRY_BYTES_LEAST;
	size_t cap = scan->cap ? scan->cap * 2 : scan->header.len / entry_bytes + 8;
	struct tensor *tensors = arena_try_room(scan->arena, cap * sizeof *tensors);
	if (!tensors)
		return false;
	if (scan->n_tensors)
		memcpy(tensors, scan->tensors, scan->n_tensors * sizeof *tensors);
	scan->tensors = tensors;
	scan->cap = cap;
	return true;
}

static void note_dtype(struct st_scan *scan, const struct tensor_entry *entry)
{
	struct str name = reading_quote(entry->name);
	struct str word = reading_quote(entry->dtype_word);
	reading_note(scan->out, scan->metadata_arena, "W_ST_DTYPE",
		     "tensor \"%.*s\" has unknown type \"%.*s\"", STR_ARG(name), STR_ARG(word));
}

bool st_add_tensor(struct st_scan *scan, const struct tensor_entry *entry)
{
	if (entry->end < entry->begin) {
		struct str name = reading_quote(entry->name);
		reading_fail(scan->out, scan->metadata_arena, "E_ST_RANGE",
			     "tensor \"%.*s\" ends at %" PRIu64 ", before its start at %" PRIu64,
			     STR_ARG(name), entry->end, entry->begin);
		return false;
	}
	if (scan->n_tensors == SAFETENSORS_TENSORS_MAX)
		return st_fail_limit(scan, "a list", scan->n_tensors + 1, SAFETENSORS_TENSORS_MAX);
	const uint64_t *shape = entry->rank ? keep_shape(scan, entry) : NULL;
	if ((entry->rank && !shape) || !has_room(scan))
		return st_fail_memory(scan->out, scan->metadata_arena, scan->n_tensors + 1);
	enum dtype dtype = keep_dtype(scan, entry);
	if (dtype == DTYPE_UNKNOWN)
		note_dtype(scan, entry);
	scan->tensors[scan->n_tensors++] = (struct tensor){
		.name = entry->name,
		.shape = shape,
		.offset_bytes = entry->begin,
		.size_bytes = entry->end - entry->begin,
		.rank = (uint8_t)entry->rank,
		.dtype = (uint8_t)dtype,
	};
	return true;
}
