// SPDX-License-Identifier: MIT
#include "core/base/json_write.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/scan.h"
#include "core/base/text.h"
#include "core/base/utf8.h"

struct json_writer json_writer(struct bytes *out)
{
	return (struct json_writer){ .out = out };
}

/** Valid JSON, but a terminal that shows it would obey it: written as an escape. */
static bool is_harmful(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static void write_code_point(struct bytes *out, uint32_t code_point, struct str raw)
{
	static const char named[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
	const char *name = code_point && code_point < 0x80
				   ? memchr(named, (int)code_point, sizeof named - 1)
				   : NULL;
	if (name)
		bytes_printf(out, "\\%c", names[name - named]);
	else if (is_harmful(code_point))
		bytes_printf(out, "\\u%04" PRIx32, code_point);
	else
		bytes_append_str(out, raw);
}

static void write_text(struct bytes *out, struct str text)
{
	bytes_append_byte(out, '"');
	while (text.len) {
		size_t run = (size_t)(scan_plain(text.ptr, text.ptr + text.len) - text.ptr);
		/* DEL is plain for JSON, not for a terminal. */
		ptrdiff_t del = str_find_byte(str_slice(text, 0, run), 0x7f);
		run = del < 0 ? run : (size_t)del;
		bytes_append(out, text.ptr, run);
		text = str_slice(text, run, text.len);
		uint32_t code_point = 0;
		size_t len = utf8_next(text, &code_point);
		if (len)
			write_code_point(out, code_point, str_slice(text, 0, len));
		else if (text.len)
			bytes_append_str(out, UTF8_REPLACEMENT);
		text = str_slice(text, len ? len : 1, text.len);
	}
	bytes_append_byte(out, '"');
}

static void begin(struct json_writer *json, const char *key)
{
	if (json->wants_comma)
		bytes_append_byte(json->out, ',');
	json->wants_comma = true;
	if (!key)
		return;
	write_text(json->out, str_from(key));
	bytes_append_byte(json->out, ':');
}

static void open_level(struct json_writer *json, const char *key, char bracket)
{
	begin(json, key);
	bytes_append_byte(json->out, bracket);
	json->wants_comma = false;
}

static void close_level(struct json_writer *json, char bracket)
{
	bytes_append_byte(json->out, bracket);
	json->wants_comma = true;
}

void json_object(struct json_writer *json, const char *key)
{
	open_level(json, key, '{');
}

void json_object_end(struct json_writer *json)
{
	close_level(json, '}');
}

void json_array(struct json_writer *json, const char *key)
{
	open_level(json, key, '[');
}

void json_array_end(struct json_writer *json)
{
	close_level(json, ']');
}

void json_string(struct json_writer *json, const char *key, struct str text)
{
	begin(json, key);
	if (text.ptr)
		write_text(json->out, text);
	else
		bytes_append_str(json->out, STR("null"));
}

void json_u64_value(struct json_writer *json, const char *key, uint64_t number)
{
	begin(json, key);
	bytes_printf(json->out, "%" PRIu64, number);
}

void json_i64_value(struct json_writer *json, const char *key, int64_t number)
{
	begin(json, key);
	bytes_printf(json->out, "%" PRId64, number);
}

void json_double_value(struct json_writer *json, const char *key, double number)
{
	begin(json, key);
	if (!isfinite(number)) {
		bytes_append_str(json->out, STR("null"));
		return;
	}
	char text[40];
	for (int digits = 1; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, number);
		if (strtod(text, NULL) == number)
			break;
	}
	bool is_whole = true;
	for (char *at = text; *at; at++) {
		is_whole &= *at == '-' || (*at >= '0' && *at <= '9');
		if (!strchr("+-e0123456789", *at))
			*at = '.'; /* the decimal point of the locale */
	}
	bytes_printf(json->out, "%s%s", text, is_whole ? ".0" : "");
}

void json_bool(struct json_writer *json, const char *key, bool yes)
{
	begin(json, key);
	bytes_append_str(json->out, yes ? STR("true") : STR("false"));
}

void json_null(struct json_writer *json, const char *key)
{
	json_string(json, key, STR_NULL);
}

void json_i64_if(struct json_writer *json, const char *key, bool has, int64_t number)
{
	if (has)
		json_i64_value(json, key, number);
	else
		json_null(json, key);
}

void json_double_if(struct json_writer *json, const char *key, bool has, double number)
{
	json_double_value(json, key, has ? number : NAN);
}

static void write_base64(struct bytes *out, struct str raw)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < raw.len; i += 3) {
		uint32_t group = 0;
		size_t n = raw.len - i < 3 ? raw.len - i : 3;
		for (size_t j = 0; j < 3; j++)
			group = group << 8 | (j < n ? (unsigned char)raw.ptr[i + j] : 0);
		for (size_t j = 0; j < 4; j++)
			bytes_append_byte(out, j <= n ? digits[group >> (18 - 6 * j) & 63] : '=');
	}
}

void json_raw(struct json_writer *json, const char *key, struct str text)
{
	begin(json, key);
	bytes_append_str(json->out, text.ptr ? text : STR("null"));
}

void json_base64_if_broken(struct json_writer *json, const char *key, struct str bytes)
{
	size_t bad;
	if (!bytes.ptr || text_is_utf8(bytes, &bad)) {
		json_null(json, key);
		return;
	}
	begin(json, key);
	bytes_append_byte(json->out, '"');
	write_base64(json->out, bytes);
	bytes_append_byte(json->out, '"');
}
