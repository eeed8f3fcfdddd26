// SPDX-License-Identifier: MIT
#include "core/base/json.h"

#include "core/base/error.h"
#include "core/base/scan.h"
#include "core/base/utf8.h"

enum state {
	STATE_VALUE,       /* a value must follow */
	STATE_FIRST_VALUE, /* after '[': a value or ']' */
	STATE_FIRST_KEY,   /* after '{': a key or '}' */
	STATE_AFTER_VALUE, /* a comma, an end, or the end of the text */
	STATE_BROKEN,
};

void json_init(struct json *json, struct str text, unsigned depth_max)
{
	*json = (struct json){
		.text = text,
		.depth_max = depth_max < JSON_DEPTH_MAX ? depth_max : JSON_DEPTH_MAX,
		.state = STATE_VALUE,
	};
}

static enum json_token fail(struct json *json, const char *error)
{
	json->error = error;
	json->state = STATE_BROKEN;
	return JSON_ERROR;
}

/** The byte under the reader; NUL at the end, which no rule of JSON asks for. */
static char peek(const struct json *json)
{
	return json->at < json->text.len ? json->text.ptr[json->at] : '\0';
}

static void skip_blanks(struct json *json)
{
	while (json->at < json->text.len) {
		char byte = json->text.ptr[json->at];
		if (byte != ' ' && byte != '\n' && byte != '\r' && byte != '\t')
			return;
		json->at++;
	}
}

static bool hex4(struct str text, uint32_t *out)
{
	if (text.len < 4)
		return false;
	uint32_t value = 0;
	for (size_t i = 0; i < 4; i++) {
		char c = text.ptr[i];
		uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
				 : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
				 : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
							: 16;
		if (digit > 15)
			return false;
		value = value << 4 | digit;
	}
	*out = value;
	return true;
}

/** The byte that a two-byte escape stands for, or NUL: "\\n" is by far the most frequent kind. */
static char short_escape(char name)
{
	switch (name) {
	case '"':
	case '\\':
	case '/': return name;
	case 'b': return '\b';
	case 'f': return '\f';
	case 'n': return '\n';
	case 'r': return '\r';
	case 't': return '\t';
	default: return '\0';
	}
}

/**
 * Reads the escape at the front of `text`, backslash included: its bytes, and its code point,
 * U+FFFD for half a surrogate pair. 0 when it is none.
 */
static size_t read_escape(struct str text, uint32_t *code_point, bool *is_lone)
{
	*is_lone = false;
	if (text.len < 2)
		return 0;
	*code_point = (unsigned char)short_escape(text.ptr[1]);
	if (*code_point)
		return 2;
	if (text.ptr[1] != 'u' || !hex4(str_slice(text, 2, text.len), code_point))
		return 0;
	if (*code_point < 0xd800 || *code_point > 0xdfff)
		return 6;
	struct str next = str_slice(text, 6, text.len);
	uint32_t low;
	if (*code_point < 0xdc00 && str_cut_prefix(&next, STR("\\u")) && hex4(next, &low) &&
	    low >= 0xdc00 && low <= 0xdfff) {
		*code_point = 0x10000 + ((*code_point - 0xd800) << 10) + (low - 0xdc00);
		return 12;
	}
	*code_point = 0xfffd;
	*is_lone = true;
	return 6;
}

/** Moves over one byte or sequence that is not plain; NULL, or why it may not stand there. */
static const char *skip_special(struct json *json)
{
	struct str rest = str_slice(json->text, json->at, json->text.len);
	uint32_t code_point;
	if (rest.len == 0)
		return "text without an end";
	if (*rest.ptr == '\\') {
		bool is_lone;
		size_t len = read_escape(rest, &code_point, &is_lone);
		json->has_escapes = true;
		json->has_lone_surrogate |= is_lone;
		json->at += len;
		return len ? NULL : "bad escape";
	}
	size_t len = utf8_next(rest, &code_point);
	if (len <= 1)
		return len ? "control character in text" : "is not UTF-8";
	json->at += len;
	return NULL;
}

/** With the reader on the opening quote. */
static bool read_string(struct json *json)
{
	size_t from = ++json->at;
	const char *start = json->text.ptr, *end = start + json->text.len;
	json->has_escapes = json->has_lone_surrogate = false;
	for (;;) {
		json->at = (size_t)(scan_plain(start + json->at, end) - start);
		if (peek(json) == '"')
			break;
		const char *error = skip_special(json);
		if (error)
			return fail(json, error) != JSON_ERROR;
	}
	json->value = str_slice(json->text, from, json->at);
	json->at++;
	return true;
}

static size_t skip_digits(struct json *json)
{
	size_t from = json->at;
	while (peek(json) >= '0' && peek(json) <= '9')
		json->at++;
	return json->at - from;
}

static enum json_token read_number(struct json *json)
{
	size_t from = json->at;
	json->at += peek(json) == '-';
	bool has_zero = peek(json) == '0';
	size_t n_digits = skip_digits(json);
	if (n_digits == 0 || (has_zero && n_digits > 1))
		return fail(json, "bad number");
	if (peek(json) == '.') {
		json->at++;
		if (!skip_digits(json))
			return fail(json, "bad number");
	}
	if (peek(json) == 'e' || peek(json) == 'E') {
		json->at++;
		json->at += peek(json) == '-' || peek(json) == '+';
		if (!skip_digits(json))
			return fail(json, "bad number");
	}
	json->value = str_slice(json->text, from, json->at);
	json->state = STATE_AFTER_VALUE;
	return JSON_NUMBER;
}

static enum json_token read_word(struct json *json)
{
	static const struct {
		struct str word;
		enum json_token token;
	} words[] = {
		{ { "true", 4 }, JSON_TRUE },
		{ { "false", 5 }, JSON_FALSE },
		{ { "null", 4 }, JSON_NULL },
	};
	struct str rest = str_slice(json->text, json->at, json->text.len);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!str_has_prefix(rest, words[i].word))
			continue;
		json->at += words[i].word.len;
		json->state = STATE_AFTER_VALUE;
		return words[i].token;
	}
	return fail(json, rest.len ? "unexpected character" : "ends too early");
}

static enum json_token open_level(struct json *json, bool is_object)
{
	if (json->depth >= json->depth_max)
		return fail(json, "nested too deep");
	uint64_t bit = (uint64_t)1 << json->depth++;
	json->objects = is_object ? json->objects | bit : json->objects & ~bit;
	json->at++;
	json->state = is_object ? STATE_FIRST_KEY : STATE_FIRST_VALUE;
	return is_object ? JSON_OBJECT : JSON_ARRAY;
}

static bool in_object(const struct json *json)
{
	return json->depth && json->objects >> (json->depth - 1) & 1;
}

static enum json_token close_level(struct json *json)
{
	bool is_object = in_object(json);
	json->depth--;
	json->at++;
	json->state = STATE_AFTER_VALUE;
	return is_object ? JSON_OBJECT_END : JSON_ARRAY_END;
}

static enum json_token read_value(struct json *json)
{
	char byte = peek(json);
	if (byte == '"') {
		if (!read_string(json))
			return JSON_ERROR;
		json->state = STATE_AFTER_VALUE;
		return JSON_STRING;
	}
	if (byte == '{' || byte == '[')
		return open_level(json, byte == '{');
	if (byte == '-' || (byte >= '0' && byte <= '9'))
		return read_number(json);
	return read_word(json);
}

static enum json_token read_key(struct json *json)
{
	if (peek(json) != '"')
		return fail(json, json->at < json->text.len ? "expected a name" : "ends too early");
	if (!read_string(json))
		return JSON_ERROR;
	skip_blanks(json);
	if (peek(json) != ':')
		return fail(json, "expected a colon");
	json->at++;
	json->state = STATE_VALUE;
	return JSON_KEY;
}

static enum json_token after_value(struct json *json)
{
	bool is_end = json->at == json->text.len;
	if (json->depth == 0)
		return is_end ? JSON_END : fail(json, "text after the end");
	char byte = peek(json);
	if (byte == (in_object(json) ? '}' : ']'))
		return close_level(json);
	if (byte != ',')
		return fail(json, is_end ? "ends too early" : "expected a comma or an end");
	json->at++;
	skip_blanks(json);
	return in_object(json) ? read_key(json) : read_value(json);
}

enum json_token json_next(struct json *json)
{
	if (json->state == STATE_BROKEN)
		return JSON_ERROR;
	skip_blanks(json);
	switch ((enum state)json->state) {
	case STATE_VALUE: return read_value(json);
	case STATE_FIRST_VALUE: return peek(json) == ']' ? close_level(json) : read_value(json);
	case STATE_FIRST_KEY: return peek(json) == '}' ? close_level(json) : read_key(json);
	case STATE_AFTER_VALUE: return after_value(json);
	case STATE_BROKEN: break;
	}
	return JSON_ERROR;
}

/** Copies up to the next backslash and gives how far; `to` has room for all of `from`. */
static size_t copy_run(char *to, struct str from)
{
	size_t run = 0;
	/* Metadata is full of \" every few bytes: memchr and memcpy cost more than they move. */
	while (run < from.len && from.ptr[run] != '\\') {
		to[run] = from.ptr[run];
		run++;
	}
	return run;
}

struct str json_text(const struct json *json, struct arena *arena)
{
	if (!json->has_escapes)
		return json->value;
	/* No escape is shorter than the text it stands for. */
	struct str rest = json->value;
	char *text = arena_try_bytes(arena, rest.len);
	if (!text)
		die_oom();
	size_t len = 0;
	while (rest.len) {
		size_t run = copy_run(text + len, rest);
		len += run;
		rest = str_slice(rest, run, rest.len);
		uint32_t code_point;
		bool is_lone;
		size_t escape = read_escape(rest, &code_point, &is_lone);
		if (escape == 0)
			break; /* the end, or a value that the caller has cut in an escape */
		len += utf8_encode(code_point, text + len);
		rest = str_slice(rest, escape, rest.len);
	}
	arena_trim(arena, text, len);
	return (struct str){ text, len };
}

bool json_skip(struct json *json)
{
	unsigned target = json->depth;
	if (json->state == STATE_FIRST_KEY || json->state == STATE_FIRST_VALUE)
		target--;
	else if (json->state != STATE_VALUE)
		return json->state != STATE_BROKEN;
	do {
		if (json_next(json) == JSON_ERROR)
			return false;
	} while (json->depth > target);
	return true;
}

bool json_u64(const struct json *json, uint64_t *out)
{
	return str_to_u64(json->value, out);
}

bool json_double(const struct json *json, double *out)
{
	return str_to_double(json->value, out);
}
