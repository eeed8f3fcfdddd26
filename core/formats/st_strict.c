// SPDX-License-Identifier: MIT
#include "core/formats/st_scan.h"

static bool fail_field(struct st_scan *scan, struct str name, const char *field)
{
	name = reading_quote(name);
	reading_fail(scan->out, scan->metadata_arena, "E_ST_FIELD", "tensor \"%.*s\" has no %s",
		     STR_ARG(name), field);
	return false;
}

/** What is no number may also be nested beyond the limit, or no JSON: that is told first. */
static bool fail_number(struct st_scan *scan, struct json *json, struct str name, const char *field)
{
	if (!st_skip_value(scan, json))
		return false;
	name = reading_quote(name);
	reading_fail(scan->out, scan->metadata_arena, "E_ST_NUM",
		     "tensor \"%.*s\": %s is not a whole number in range", STR_ARG(name), field);
	return false;
}

/** A key of the header with its colon; half a surrogate pair names nothing. */
bool st_strict_name(struct st_scan *scan, struct str *name)
{
	struct json json = st_json_here(scan);
	st_skip_blanks(scan);
	size_t from = scan->at;
	if (from == scan->header.len || scan->header.ptr[from] != '"')
		return st_fail_json(scan, from, st_why_not(scan, "expected a name"));
	if (st_next(scan, &json) == JSON_ERROR)
		return false;
	if (json.has_lone_surrogate)
		return st_fail_json(scan, from, "half a surrogate pair in a name");
	if (json.value.len > SAFETENSORS_NAME_MAX * ST_ESCAPE_BYTES_MAX)
		return st_fail_limit(scan, "a name", json.value.len, SAFETENSORS_NAME_MAX);
	*name = json_text(&json, scan->arena);
	if (name->len > SAFETENSORS_NAME_MAX)
		return st_fail_limit(scan, "a name", name->len, SAFETENSORS_NAME_MAX);
	scan->at = json.at;
	return st_eat(scan, ':') ||
	       st_fail_json(scan, scan->at, st_why_not(scan, "expected a colon"));
}

/** An array of whole numbers, at most `n_max` of them; `*n` how many. */
static bool read_numbers(struct st_scan *scan, struct json *json, struct str name,
			 const char *field, uint64_t *numbers, unsigned n_max, unsigned *n)
{
	enum json_token token = st_next(scan, json);
	if (token == JSON_ERROR)
		return false;
	if (token != JSON_ARRAY)
		return fail_field(scan, name, field);
	*n = 0;
	while ((token = st_next(scan, json)) != JSON_ARRAY_END) {
		uint64_t number;
		if (token == JSON_ERROR)
			return false;
		if (token != JSON_NUMBER || !json_u64(json, &number))
			return fail_number(scan, json, name, field);
		if (*n == n_max) {
			name = reading_quote(name);
			reading_fail(scan->out, scan->metadata_arena, "E_ST_OVERFLOW",
				     "tensor \"%.*s\" has an impossible shape", STR_ARG(name));
			return false;
		}
		numbers[(*n)++] = number;
	}
	return true;
}

static bool read_dtype(struct st_scan *scan, struct json *json, struct tensor_entry *entry)
{
	enum json_token token = st_next(scan, json);
	if (token == JSON_ERROR)
		return false;
	if (token != JSON_STRING)
		return fail_field(scan, entry->name, "dtype");
	entry->dtype_word = json_text(json, scan->arena);
	return true;
}

static bool read_offsets(struct st_scan *scan, struct json *json, struct tensor_entry *entry)
{
	uint64_t offsets[3];
	unsigned n = 0;
	if (!read_numbers(scan, json, entry->name, "data_offsets", offsets, 3, &n))
		return false;
	if (n != 2)
		return fail_field(scan, entry->name, "data_offsets");
	entry->begin = offsets[0];
	entry->end = offsets[1];
	return true;
}

static const char *const field_names[] = { "dtype", "shape", "data_offsets" };

static bool read_field(struct st_scan *scan, struct json *json, struct tensor_entry *entry,
		       bool seen[3])
{
	struct str key = json_text(json, scan->arena);
	int field = 0;
	while (field < 3 && !str_equal(key, str_from(field_names[field])))
		field++;
	if (field == 3)
		return st_skip_value(scan, json); /* the library ignores what it does not know */
	if (seen[field]) {
		struct str name = reading_quote(entry->name);
		reading_fail(scan->out, scan->metadata_arena, "E_ST_DUP",
			     "tensor \"%.*s\" has its %s listed twice", STR_ARG(name),
			     field_names[field]);
		return false;
	}
	seen[field] = true;
	if (field == 0)
		return read_dtype(scan, json, entry);
	if (field == 2)
		return read_offsets(scan, json, entry);
	return read_numbers(scan, json, entry->name, "shape", entry->shape, TENSOR_RANK_MAX,
			    &entry->rank);
}

/** The value of a tensor whose name has been read. */
bool st_strict_entry(struct st_scan *scan, struct tensor_entry *entry)
{
	struct json json = st_json_here(scan);
	bool seen[3] = { false };
	enum json_token token = st_next(scan, &json);
	if (token == JSON_ERROR)
		return false;
	if (token != JSON_OBJECT)
		return fail_field(scan, entry->name, field_names[0]);
	while ((token = st_next(scan, &json)) == JSON_KEY)
		if (!read_field(scan, &json, entry, seen))
			return false;
	if (token == JSON_ERROR)
		return false;
	for (int i = 0; i < 3; i++)
		if (!seen[i])
			return fail_field(scan, entry->name, field_names[i]);
	scan->at = json.at;
	return true;
}
