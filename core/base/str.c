// SPDX-License-Identifier: MIT
#include "core/base/str.h"

#include <string.h>

struct str str_from(const char *terminated)
{
	return (struct str){ terminated, terminated ? strlen(terminated) : 0 };
}

/** memcmp and friends must not be handed NULL, not even for no bytes. */
static bool same_bytes(const char *a, const char *b, size_t len)
{
	return len == 0 || memcmp(a, b, len) == 0;
}

bool str_equal(struct str a, struct str b)
{
	return a.len == b.len && same_bytes(a.ptr, b.ptr, a.len);
}

static unsigned char ascii_lower(char byte)
{
	unsigned char c = (unsigned char)byte;
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

bool str_equal_nocase(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (ascii_lower(a.ptr[i]) != ascii_lower(b.ptr[i]))
			return false;
	return true;
}

int str_compare(struct str a, struct str b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? memcmp(a.ptr, b.ptr, len) : 0;
	if (order)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

bool str_has_prefix(struct str text, struct str prefix)
{
	return text.len >= prefix.len && same_bytes(text.ptr, prefix.ptr, prefix.len);
}

bool str_has_suffix(struct str text, struct str suffix)
{
	if (text.len < suffix.len)
		return false;
	return suffix.len == 0 ||
	       same_bytes(text.ptr + (text.len - suffix.len), suffix.ptr, suffix.len);
}

bool str_has_suffix_nocase(struct str text, struct str suffix)
{
	return text.len >= suffix.len &&
	       str_equal_nocase(str_slice(text, text.len - suffix.len, text.len), suffix);
}

bool str_cut_prefix(struct str *text, struct str prefix)
{
	if (!str_has_prefix(*text, prefix))
		return false;
	*text = str_slice(*text, prefix.len, text->len);
	return true;
}

bool str_cut_suffix(struct str *text, struct str suffix)
{
	if (!str_has_suffix(*text, suffix))
		return false;
	text->len -= suffix.len;
	return true;
}

ptrdiff_t str_find(struct str text, struct str wanted)
{
	if (wanted.len == 0)
		return 0;
	const char *found = text.len ? memmem(text.ptr, text.len, wanted.ptr, wanted.len) : NULL;
	return found ? found - text.ptr : -1;
}

ptrdiff_t str_find_byte(struct str text, char byte)
{
	const char *found = text.len ? memchr(text.ptr, byte, text.len) : NULL;
	return found ? found - text.ptr : -1;
}

ptrdiff_t str_rfind_byte(struct str text, char byte)
{
	const char *found = text.len ? memrchr(text.ptr, byte, text.len) : NULL;
	return found ? found - text.ptr : -1;
}

struct str str_slice(struct str text, size_t from, size_t to)
{
	if (to > text.len)
		to = text.len;
	if (from > to)
		from = to;
	return (struct str){ text.ptr ? text.ptr + from : NULL, to - from };
}

struct str str_after_last(struct str text, char byte)
{
	return str_slice(text, (size_t)(str_rfind_byte(text, byte) + 1), text.len);
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

struct str str_trim(struct str text)
{
	size_t from = 0, to = text.len;
	while (from < to && is_blank(text.ptr[from]))
		from++;
	while (to > from && is_blank(text.ptr[to - 1]))
		to--;
	return str_slice(text, from, to);
}

bool str_next_part(struct str *rest, char separator, struct str *part)
{
	if (!rest->ptr)
		return false;
	ptrdiff_t at = str_find_byte(*rest, separator);
	if (at < 0) {
		*part = *rest;
		*rest = STR_NULL;
	} else {
		*part = str_slice(*rest, 0, (size_t)at);
		*rest = str_slice(*rest, (size_t)at + 1, rest->len);
	}
	return true;
}

bool str_is_listed(const char *words, struct str word)
{
	struct str rest = str_from(words), part;
	while (str_next_part(&rest, ' ', &part))
		if (part.len && str_equal(part, word))
			return true;
	return false;
}

bool str_to_u64(struct str text, uint64_t *out)
{
	if (text.len == 0)
		return false;
	uint64_t number = 0;
	for (size_t i = 0; i < text.len; i++) {
		unsigned digit = (unsigned)(unsigned char)text.ptr[i] - '0';
		if (digit > 9 || number > (UINT64_MAX - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	*out = number;
	return true;
}

bool str_to_i64(struct str text, int64_t *out)
{
	bool is_negative = str_cut_prefix(&text, STR("-"));
	uint64_t magnitude;
	if (!str_to_u64(text, &magnitude))
		return false;
	uint64_t limit = is_negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
	if (magnitude > limit)
		return false;
	*out = is_negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
	return true;
}

/** A decimal as it is written, before it is a double. */
struct decimal {
	uint64_t digits; /* the first 19 */
	int exponent;    /* power of ten that `digits` is to be multiplied with */
	bool has_digits;
};

enum { EXPONENT_MAX = 9999 };

static void read_digits(struct str *text, struct decimal *decimal, bool is_fraction)
{
	while (text->len) {
		unsigned digit = (unsigned)(unsigned char)*text->ptr - '0';
		if (digit > 9)
			return;
		bool fits = decimal->digits < 1000000000000000000u;
		if (fits)
			decimal->digits = decimal->digits * 10 + digit;
		if (fits == is_fraction && decimal->exponent > -EXPONENT_MAX &&
		    decimal->exponent < EXPONENT_MAX)
			decimal->exponent += is_fraction ? -1 : 1;
		decimal->has_digits = true;
		*text = str_slice(*text, 1, text->len);
	}
}

static bool read_exponent(struct str *text, struct decimal *decimal)
{
	if (!str_cut_prefix(text, STR("e")) && !str_cut_prefix(text, STR("E")))
		return true;
	bool is_negative = str_cut_prefix(text, STR("-"));
	if (!is_negative)
		(void)str_cut_prefix(text, STR("+")); /* the plus says nothing */
	struct decimal power = { 0 };
	read_digits(text, &power, false);
	if (!power.has_digits)
		return false;
	int size = power.digits > EXPONENT_MAX || power.exponent ? EXPONENT_MAX : (int)power.digits;
	decimal->exponent += is_negative ? -size : size;
	return true;
}

/**
 * Digits and powers of ten up to 10^22 are exact doubles, so one operation rounds correctly
 * (Clinger 1990); beyond that long double carries eleven spare bits.
 */
static double decimal_value(const struct decimal *decimal)
{
	long double value = (long double)decimal->digits;
	long double power = 10;
	int exponent = decimal->exponent;
	if (decimal->digits == 0)
		return 0;
	long double factor = 1;
	for (int left = exponent < 0 ? -exponent : exponent; left; left /= 2) {
		if (left % 2)
			factor *= power;
		power *= power;
	}
	return (double)(exponent < 0 ? value / factor : value * factor);
}

bool str_to_double(struct str text, double *out)
{
	bool is_negative = str_cut_prefix(&text, STR("-"));
	struct decimal decimal = { 0 };
	read_digits(&text, &decimal, false);
	if (str_cut_prefix(&text, STR(".")))
		read_digits(&text, &decimal, true);
	if (!decimal.has_digits || !read_exponent(&text, &decimal) || text.len)
		return false;
	double value = decimal_value(&decimal);
	*out = is_negative ? -value : value;
	return true;
}

static uint64_t mix(uint64_t hash)
{
	hash ^= hash >> 32;
	hash *= 0xd6e8feb86659fd93u;
	hash ^= hash >> 32;
	return hash;
}

uint64_t str_hash(struct str text)
{
	uint64_t hash = 0x9e3779b97f4a7c15u ^ text.len;
	size_t i = 0;
	for (; i + 8 <= text.len; i += 8) {
		uint64_t word;
		memcpy(&word, text.ptr + i, 8);
		hash = (hash ^ word) * 0xff51afd7ed558ccdu;
		hash ^= hash >> 29;
	}
	uint64_t tail = 0;
	if (i < text.len)
		memcpy(&tail, text.ptr + i, text.len - i);
	return mix(hash ^ tail);
}
