// SPDX-License-Identifier: MIT
#include <string.h>

#include "core/base/scan.h"
#include "core/formats/st_scan.h"

enum { DIGITS_MAX = 19 }; /* always fit 64 bits */

struct cursor {
	const char *at, *end;
};

static inline void skip_blanks(struct cursor *c)
{
	while (c->at < c->end &&
	       (*c->at == ' ' || *c->at == '\n' || *c->at == '\t' || *c->at == '\r'))
		c->at++;
}

static inline bool eat(struct cursor *c, char byte)
{
	skip_blanks(c);
	if (c->at == c->end || *c->at != byte)
		return false;
	c->at++;
	return true;
}

static inline bool eat_word(struct cursor *c, const char *word, size_t len)
{
	if ((size_t)(c->end - c->at) < len || memcmp(c->at, word, len) != 0)
		return false;
	c->at += len;
	return true;
}

static inline bool eat_text(struct cursor *c, struct str *out)
{
	if (!eat(c, '"'))
		return false;
	const char *from = c->at;
	c->at = scan_plain(from, c->end);
	if (c->at == c->end || *c->at != '"')
		return false;
	*out = (struct str){ from, (size_t)(c->at - from) };
	c->at++;
	return true;
}

static inline bool eat_number(struct cursor *c, uint64_t *out)
{
	skip_blanks(c);
	const char *from = c->at;
	uint64_t number = 0;
	while (c->at < c->end && (unsigned char)(*c->at - '0') < 10) {
		number = number * 10 + (unsigned char)(*c->at - '0');
		c->at++;
	}
	size_t n_digits = (size_t)(c->at - from);
	*out = number;
	return n_digits - 1 < DIGITS_MAX && (*from != '0' || n_digits == 1);
}

static bool eat_shape(struct cursor *c, struct tensor_entry *entry)
{
	if (!eat(c, '['))
		return false;
	entry->rank = 0;
	if (eat(c, ']'))
		return true;
	do {
		if (entry->rank == TENSOR_RANK_MAX || !eat_number(c, &entry->shape[entry->rank]))
			return false;
		entry->rank++;
	} while (eat(c, ','));
	return eat(c, ']');
}

static bool eat_offsets(struct cursor *c, struct tensor_entry *entry)
{
	return eat(c, '[') && eat_number(c, &entry->begin) && eat(c, ',') &&
	       eat_number(c, &entry->end) && eat(c, ']');
}

enum field { FIELD_NONE = 0, FIELD_DTYPE = 1, FIELD_SHAPE = 2, FIELD_OFFSETS = 4, FIELD_ALL = 7 };

static enum field eat_field(struct cursor *c, struct tensor_entry *entry)
{
	skip_blanks(c);
	if (eat_word(c, "\"dtype\"", 7))
		return eat(c, ':') && eat_text(c, &entry->dtype_word) ? FIELD_DTYPE : FIELD_NONE;
	if (eat_word(c, "\"shape\"", 7))
		return eat(c, ':') && eat_shape(c, entry) ? FIELD_SHAPE : FIELD_NONE;
	if (eat_word(c, "\"data_offsets\"", 14))
		return eat(c, ':') && eat_offsets(c, entry) ? FIELD_OFFSETS : FIELD_NONE;
	return FIELD_NONE;
}

bool st_fast_entry(struct str header, size_t *at, struct tensor_entry *out)
{
	struct cursor c = { header.ptr + *at, header.ptr + header.len };
	if (!eat_text(&c, &out->name) || out->name.len > SAFETENSORS_NAME_MAX ||
	    str_equal(out->name, ST_METADATA_KEY) || !eat(&c, ':') || !eat(&c, '{'))
		return false;
	unsigned seen = 0;
	for (int i = 0; i < 3; i++) {
		if (i > 0 && !eat(&c, ','))
			return false;
		seen |= eat_field(&c, out);
	}
	/* Three fields, all different: each of them once. */
	if (seen != FIELD_ALL || !eat(&c, '}'))
		return false;
	*at = (size_t)(c.at - header.ptr);
	return true;
}
