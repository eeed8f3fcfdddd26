// SPDX-License-Identifier: MIT
#include <string.h>

#include "core/formats/pickle_op.h"

enum { OP_TRUE = 0x88, LONG_FITS = 8 };

void act_unknown(struct pickle *pickle)
{
	pickle_push(pickle, 0);
}

void act_none(struct pickle *pickle)
{
	pickle_push(pickle, pickle_make(pickle, PICKLE_NONE));
}

static void push_number(struct pickle *pickle, enum pickle_kind kind, int64_t number)
{
	uint32_t value = pickle_make(pickle, kind);
	if (value)
		pickle_at(&pickle->heap, value)->integer = number;
	pickle_push(pickle, value);
}

static void push_real(struct pickle *pickle, double real)
{
	uint32_t value = pickle_make(pickle, PICKLE_FLOAT);
	if (value)
		pickle_at(&pickle->heap, value)->real = real;
	pickle_push(pickle, value);
}

static void push_text(struct pickle *pickle, enum pickle_kind kind, struct str text)
{
	uint32_t value = pickle_make(pickle, kind);
	if (value)
		pickle_at(&pickle->heap, value)->text = text;
	pickle_push(pickle, value);
}

void act_bool(struct pickle *pickle)
{
	push_number(pickle, PICKLE_BOOL, pickle->op == OP_TRUE);
}

void act_number(struct pickle *pickle)
{
	push_number(pickle, PICKLE_INT, (int64_t)pickle->argument.number);
}

/* What is no number is an unknown value: Python reads some of these lines, in C, up to a NUL. */
void act_number_line(struct pickle *pickle)
{
	struct str line = str_trim(pickle->argument.text);
	int64_t number;
	str_cut_suffix(&line, STR("L"));
	if (pickle->op == 'I' && (str_equal(line, STR("00")) || str_equal(line, STR("01"))))
		push_number(pickle, PICKLE_BOOL, line.ptr[1] == '1');
	else if (str_to_i64(line, &number))
		push_number(pickle, PICKLE_INT, number);
	else
		act_unknown(pickle);
}

void act_long(struct pickle *pickle)
{
	struct str bytes = pickle->argument.text;
	if (bytes.len > LONG_FITS) {
		push_text(pickle, PICKLE_BIG, bytes);
		return;
	}
	bool is_negative = bytes.len && (unsigned char)bytes.ptr[bytes.len - 1] >= 0x80;
	uint64_t number = is_negative ? UINT64_MAX : 0;
	for (size_t i = bytes.len; i-- > 0;)
		number = number << 8 | (unsigned char)bytes.ptr[i];
	push_number(pickle, PICKLE_INT, (int64_t)number);
}

void act_real(struct pickle *pickle)
{
	push_real(pickle, pickle->argument.real);
}

void act_real_line(struct pickle *pickle)
{
	double real;
	if (str_to_double(str_trim(pickle->argument.text), &real))
		push_real(pickle, real);
	else
		act_unknown(pickle);
}

void act_bytes(struct pickle *pickle)
{
	uint32_t value = pickle_make(pickle, PICKLE_BYTES);
	if (value) {
		pickle_at(&pickle->heap, value)->bytes.at = pickle->argument.at;
		pickle_at(&pickle->heap, value)->bytes.len = pickle->argument.len;
	}
	pickle_push(pickle, value);
}

void act_text(struct pickle *pickle)
{
	if (pickle->argument.text.ptr)
		push_text(pickle, PICKLE_STR, pickle->argument.text);
	else
		act_bytes(pickle);
}

/* Escapes. The line is the arena's own copy, and no escape is shorter than what it stands for. */

static int digit_of(char c, int base)
{
	int digit = c >= '0' && c <= '9'   ? c - '0'
		    : c >= 'a' && c <= 'f' ? c - 'a' + 10
		    : c >= 'A' && c <= 'F' ? c - 'A' + 10
					   : base;
	return digit < base ? digit : -1;
}

/** Takes 1 to `max` digits from the front; false when there are fewer than `min`. */
static bool take_digits(struct str *rest, int base, size_t min, size_t max, uint32_t *out)
{
	size_t n = 0;
	*out = 0;
	for (; n < max && n < rest->len && digit_of(rest->ptr[n], base) >= 0; n++)
		*out = *out * (uint32_t)base + (uint32_t)digit_of(rest->ptr[n], base);
	if (n < min)
		return false;
	*rest = str_slice(*rest, n, rest->len);
	return true;
}

/** What stands behind a backslash, as one byte; false: the backslash stands for itself. */
static bool take_escape(struct str *rest, char *out)
{
	static const char names[] = "\\'\"abfnrtv", bytes[] = "\\'\"\a\b\f\n\r\t\v";
	struct str after = *rest;
	uint32_t number;
	if (rest->len == 0)
		return false;
	const char *name = memchr(names, rest->ptr[0], sizeof names - 1);
	if (name) {
		*out = bytes[name - names];
		*rest = str_slice(*rest, 1, rest->len);
		return true;
	}
	bool is_hex = str_cut_prefix(&after, STR("x"));
	if (!take_digits(&after, is_hex ? 16 : 8, is_hex ? 2 : 1, is_hex ? 2 : 3, &number))
		return false;
	*out = (char)number;
	*rest = after;
	return true;
}

static struct str unescape(struct str text, char *out)
{
	char *end = out;
	while (text.len) {
		char c = text.ptr[0];
		text = str_slice(text, 1, text.len);
		if (c == '\\')
			(void)take_escape(&text, &c); /* where it is none, the backslash stays */
		*end++ = c;
	}
	return (struct str){ out, (size_t)(end - out) };
}

/* 'text' or "text" as Python 2 prints it. */
void act_quoted_line(struct pickle *pickle)
{
	struct str line = str_trim(pickle->argument.text);
	bool is_quoted = line.len >= 2 && (line.ptr[0] == '\'' || line.ptr[0] == '"') &&
			 line.ptr[line.len - 1] == line.ptr[0];
	char *out = is_quoted ? arena_try_bytes(pickle->arena, line.len) : NULL;
	if (out)
		push_text(pickle, PICKLE_STR, unescape(str_slice(line, 1, line.len - 1), out));
	else
		act_unknown(pickle);
}

static char *put_utf8(char *to, uint32_t point)
{
	if (point < 0x80) {
		*to++ = (char)point;
	} else if (point < 0x800) {
		*to++ = (char)(0xc0 | point >> 6);
		*to++ = (char)(0x80 | (point & 0x3f));
	} else if (point < 0x10000) {
		*to++ = (char)(0xe0 | point >> 12);
		*to++ = (char)(0x80 | (point >> 6 & 0x3f));
		*to++ = (char)(0x80 | (point & 0x3f));
	} else {
		*to++ = (char)(0xf0 | (point >> 18 & 7));
		*to++ = (char)(0x80 | (point >> 12 & 0x3f));
		*to++ = (char)(0x80 | (point >> 6 & 0x3f));
		*to++ = (char)(0x80 | (point & 0x3f));
	}
	return to;
}

/** \uXXXX and \UXXXXXXXX; every other byte is a character of Latin-1. */
static uint32_t take_character(struct str *rest)
{
	uint32_t point = (unsigned char)rest->ptr[0];
	struct str after = str_slice(*rest, 1, rest->len);
	*rest = after;
	size_t digits = point != '\\'                      ? 0
			: str_cut_prefix(&after, STR("u")) ? 4
			: str_cut_prefix(&after, STR("U")) ? 8
							   : 0;
	uint32_t escaped;
	if (digits && take_digits(&after, 16, digits, digits, &escaped)) {
		*rest = after;
		return escaped;
	}
	return point;
}

void act_unicode_line(struct pickle *pickle)
{
	struct str line = pickle->argument.text;
	/* Two bytes for one of Latin-1 is the most that a byte may grow to. */
	char *out = NULL, *end;
	if (pickle_budget_spend(pickle->budget, line.len))
		out = arena_try_bytes(pickle->arena, 2 * line.len);
	if (!out) {
		pickle_give_up_limit(pickle, "1 GiB of memory");
		return;
	}
	for (end = out; line.len;) {
		/* The second one begins no escape. */
		if (str_cut_prefix(&line, STR("\\\\"))) {
			*end++ = '\\';
			*end++ = '\\';
			continue;
		}
		end = put_utf8(end, take_character(&line));
	}
	push_text(pickle, PICKLE_STR, (struct str){ out, (size_t)(end - out) });
}
