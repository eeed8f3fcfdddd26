// SPDX-License-Identifier: MIT
#include "core/base/utf8.h"
#include "core/formats/repeats.h"
#include "core/formats/st_scan.h"

enum { METADATA_TOTAL_MAX = 32 << 20, METADATA_PAIRS_MAX = 100000 };

/** A value as text of the metadata arena; what a header of 100 MB could hold is bounded. */
static struct str keep_value(struct st_scan *scan, struct json json)
{
	size_t left = METADATA_TOTAL_MAX - scan->metadata_bytes;
	size_t max = left < METADATA_VALUE_MAX ? left : METADATA_VALUE_MAX;
	json.value = str_slice(json.value, 0, (size_t)ST_ESCAPE_BYTES_MAX * METADATA_VALUE_MAX);
	struct str text = utf8_cut(json_text(&json, scan->metadata_arena), max);
	scan->metadata_bytes += text.len;
	return json.has_escapes ? text : arena_str(scan->metadata_arena, text);
}

static void note_metadata(struct st_scan *scan, struct str key)
{
	key = reading_quote(key);
	reading_note(scan->out, scan->metadata_arena, "W_ST_META", "metadata \"%.*s\" is not text",
		     STR_ARG(key));
}

static bool read_pair(struct st_scan *scan, struct json *json)
{
	if (json->value.len > SAFETENSORS_NAME_MAX * ST_ESCAPE_BYTES_MAX)
		return st_fail_limit(scan, "a metadata key", json->value.len, SAFETENSORS_NAME_MAX);
	struct str key = json_text(json, scan->metadata_arena);
	if (!json->has_escapes)
		key = arena_str(scan->metadata_arena, key);
	struct json before = *json;
	enum json_token token = st_next(scan, json);
	if (token == JSON_ERROR)
		return false;
	if (token != JSON_STRING) {
		note_metadata(scan, key);
		*json = before;
		return st_skip_value(scan, json);
	}
	if (scan->pairs.len == METADATA_PAIRS_MAX)
		return st_fail_limit(scan, "a metadata list", scan->pairs.len + 1,
				     METADATA_PAIRS_MAX);
	*ARRAY_PUSH(&scan->pairs, struct metadata_pair) =
		(struct metadata_pair){ key, keep_value(scan, *json) };
	return true;
}

static bool check_pairs(struct st_scan *scan)
{
	struct metadata_pair *pairs = scan->pairs.ptr;
	size_t n = scan->pairs.len, repeat = 0;
	if (n && !repeats_find(&pairs->key, sizeof *pairs, n, &repeat))
		return st_fail_memory(scan->out, scan->metadata_arena, n);
	if (repeat == n)
		return true;
	struct str key = reading_quote(pairs[repeat].key);
	reading_fail(scan->out, scan->metadata_arena, "E_ST_DUP",
		     "metadata \"%.*s\" is listed twice", STR_ARG(key));
	return false;
}

bool st_metadata(struct st_scan *scan)
{
	st_skip_blanks(scan);
	struct json json = st_json_here(scan);
	scan->has_metadata = true;
	scan->metadata_from = scan->at;
	enum json_token token = st_next(scan, &json);
	if (token == JSON_ERROR)
		return false;
	if (token != JSON_OBJECT) {
		note_metadata(scan, ST_METADATA_KEY);
		json = st_json_here(scan);
		if (!st_skip_value(scan, &json))
			return false;
	} else {
		while ((token = st_next(scan, &json)) == JSON_KEY)
			if (!read_pair(scan, &json))
				return false;
		if (token == JSON_ERROR)
			return false;
	}
	scan->at = scan->metadata_to = json.at;
	return check_pairs(scan);
}
