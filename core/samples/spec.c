// SPDX-License-Identifier: MIT
#include "core/samples/spec.h"

#include <string.h>

#include "core/base/array.h"
#include "core/base/json.h"

struct parser {
	struct json json;
	struct arena *arena;
};

static unsigned hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	return (unsigned)((c | 0x20) - 'a') + 10;
}

/* "\udc80" to "\udcff": a byte that was no UTF-8. Other escapes before and after it are left to
 * the JSON reader, one stretch at a time. */
static bool is_byte_escape(struct str raw, size_t at)
{
	return raw.len - at >= 6 && memcmp(raw.ptr + at, "\\udc", 4) == 0 &&
	       hex_digit(raw.ptr[at + 4]) >= 8;
}

static void append_unescaped(struct parser *parser, struct str raw, struct bytes *out)
{
	struct json part;
	struct str quoted = arena_strf(parser->arena, "\"%.*s\"", STR_ARG(raw));

	json_init(&part, quoted, 1);
	if (json_next(&part) == JSON_STRING)
		bytes_append_str(out, json_text(&part, parser->arena));
}

static struct str text_with_bytes(struct parser *parser)
{
	struct str raw = parser->json.value, result;
	struct bytes out = { 0 };
	size_t from = 0;

	for (size_t i = 0; i < raw.len; i++) {
		if (raw.ptr[i] != '\\')
			continue;
		if (is_byte_escape(raw, i)) {
			append_unescaped(parser, str_slice(raw, from, i), &out);
			bytes_append_byte(&out, (char)(hex_digit(raw.ptr[i + 4]) << 4 |
						       hex_digit(raw.ptr[i + 5])));
			from = i + 6;
			i += 5;
		} else {
			i++;
		}
	}
	append_unescaped(parser, str_slice(raw, from, raw.len), &out);
	result = arena_str(parser->arena, bytes_str(&out));
	bytes_finish(&out);
	return result;
}

static struct str token_text(struct parser *parser)
{
	if (parser->json.has_lone_surrogate)
		return text_with_bytes(parser);
	return arena_str(parser->arena, json_text(&parser->json, parser->arena));
}

/* Depth is bounded by the JSON reader. */
static bool read_value(struct parser *parser, enum json_token token, struct spec *out);

static bool read_members(struct parser *parser, enum json_token end, struct spec *out)
{
	const struct spec **link = &out->first;

	for (;;) {
		enum json_token token = json_next(&parser->json);
		if (token == end)
			return true;
		struct spec *member = ARENA_NEW(parser->arena, struct spec);
		if (token == JSON_KEY) {
			member->key = token_text(parser);
			token = json_next(&parser->json);
		}
		if (!read_value(parser, token, member))
			return false;
		*link = member;
		link = &member->next;
	}
}

static bool read_value(struct parser *parser, enum json_token token, struct spec *out)
{
	switch (token) {
	case JSON_NULL: out->type = SPEC_NULL; return true;
	case JSON_FALSE: out->type = SPEC_FALSE; return true;
	case JSON_TRUE: out->type = SPEC_TRUE; return true;
	case JSON_NUMBER:
		out->type = SPEC_NUMBER;
		out->text = arena_str(parser->arena, parser->json.value);
		return true;
	case JSON_STRING:
		out->type = SPEC_TEXT;
		out->text = token_text(parser);
		return true;
	case JSON_ARRAY: out->type = SPEC_LIST; return read_members(parser, JSON_ARRAY_END, out);
	case JSON_OBJECT: out->type = SPEC_TABLE; return read_members(parser, JSON_OBJECT_END, out);
	case JSON_ERROR:
	case JSON_END:
	case JSON_KEY:
	case JSON_ARRAY_END:
	case JSON_OBJECT_END: return false;
	}
	return false;
}

bool spec_parse(struct str json, struct arena *arena, const struct spec **out, struct error *err)
{
	struct parser parser = { .arena = arena };
	struct spec *spec = ARENA_NEW(arena, struct spec);

	json_init(&parser.json, json, JSON_DEPTH_MAX);
	if (!read_value(&parser, json_next(&parser.json), spec) ||
	    json_next(&parser.json) != JSON_END)
		return error_set(err, ERROR_FORMAT, NULL, "not JSON at byte %zu: %s",
				 parser.json.at, parser.json.error ? parser.json.error : "");
	*out = spec;
	return true;
}

static void write_number(const char *key, struct str text, struct json_writer *json)
{
	int64_t whole;
	double number = 0;

	if (str_to_i64(text, &whole))
		json_i64_value(json, key, whole);
	else if (str_to_double(text, &number))
		json_double_value(json, key, number);
	else
		json_null(json, key);
}

static void write_members(const struct spec *spec, struct arena *arena, struct json_writer *json)
{
	for (const struct spec *member = spec->first; member; member = member->next)
		spec_write(member, arena, json);
}

void spec_write(const struct spec *spec, struct arena *arena, struct json_writer *json)
{
	const char *key = spec->key.ptr ? arena_cstr(arena, spec->key) : NULL;

	switch (spec->type) {
	case SPEC_NULL: json_null(json, key); break;
	case SPEC_FALSE:
	case SPEC_TRUE: json_bool(json, key, spec->type == SPEC_TRUE); break;
	case SPEC_NUMBER: write_number(key, spec->text, json); break;
	case SPEC_TEXT: json_string(json, key, spec->text); break;
	case SPEC_LIST:
		json_array(json, key);
		write_members(spec, arena, json);
		json_array_end(json);
		break;
	case SPEC_TABLE:
		json_object(json, key);
		write_members(spec, arena, json);
		json_object_end(json);
		break;
	}
}

const struct spec *spec_find(const struct spec *table, const char *key)
{
	if (!table || table->type != SPEC_TABLE)
		return NULL;
	for (const struct spec *member = table->first; member; member = member->next) {
		if (str_equal(member->key, str_from(key)))
			return member;
	}
	return NULL;
}

struct str spec_text(const struct spec *table, const char *key, struct str otherwise)
{
	const struct spec *member = spec_find(table, key);

	return member && (member->type == SPEC_TEXT || member->type == SPEC_NUMBER) ? member->text
										    : otherwise;
}

uint64_t spec_number(const struct spec *table, const char *key, uint64_t otherwise)
{
	const struct spec *member = spec_find(table, key);
	uint64_t number;

	return member && member->type == SPEC_NUMBER && str_to_u64(member->text, &number)
		       ? number
		       : otherwise;
}

bool spec_is_true(const struct spec *table, const char *key, bool otherwise)
{
	const struct spec *member = spec_find(table, key);

	return member ? member->type == SPEC_TRUE : otherwise;
}
