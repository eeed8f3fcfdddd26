// SPDX-License-Identifier: MIT
#include <string.h>

#include "core/formats/pickle_op.h"

enum reading_as {
	AS_NOTHING,
	AS_NUMBER,
	AS_REAL,
	AS_LINE,
	AS_TWO_LINES,
	AS_TEXT,
	AS_BYTES,
	AS_LONG
};

static const struct {
	uint8_t width; /* of the number, or of the length that comes first */
	bool is_signed;
	uint8_t as;
} forms[FORM_COUNT] = {
	[FORM_NONE] = { 0, false, AS_NOTHING },        [FORM_U8] = { 1, false, AS_NUMBER },
	[FORM_U16] = { 2, false, AS_NUMBER },          [FORM_I32] = { 4, true, AS_NUMBER },
	[FORM_U32] = { 4, false, AS_NUMBER },          [FORM_U64] = { 8, false, AS_NUMBER },
	[FORM_REAL] = { 8, false, AS_REAL },           [FORM_LINE] = { 0, false, AS_LINE },
	[FORM_TWO_LINES] = { 0, false, AS_TWO_LINES }, [FORM_TEXT1] = { 1, false, AS_TEXT },
	[FORM_TEXT4] = { 4, false, AS_TEXT },          [FORM_TEXT8] = { 8, false, AS_TEXT },
	[FORM_OLD_TEXT4] = { 4, true, AS_TEXT },       [FORM_BYTES1] = { 1, false, AS_BYTES },
	[FORM_BYTES4] = { 4, false, AS_BYTES },        [FORM_BYTES8] = { 8, false, AS_BYTES },
	[FORM_LONG1] = { 1, false, AS_LONG },          [FORM_LONG4] = { 4, true, AS_LONG },
};

static bool take_number(struct pickle *pickle, unsigned width, bool is_signed)
{
	const unsigned char *bytes = pickle_source_look(&pickle->source, width);
	uint64_t number = 0;
	if (!bytes)
		return pickle_give_up_short(pickle);
	for (unsigned i = width; i-- > 0;)
		number = number << 8 | bytes[i];
	if (is_signed && width == 4)
		number = (uint64_t)(int64_t)(int32_t)(uint32_t)number;
	pickle->argument.number = number;
	return pickle_source_skip(&pickle->source, width) || pickle_give_up_short(pickle);
}

/* Big-endian, unlike everything else. */
static bool take_real(struct pickle *pickle)
{
	if (!take_number(pickle, 8, false))
		return false;
	uint64_t bits = 0;
	for (unsigned i = 0; i < 8; i++)
		bits = bits << 8 | (pickle->argument.number >> 8 * i & 0xff);
	memcpy(&pickle->argument.real, &bits, sizeof bits);
	return true;
}

static bool give_up_unless_taken(struct pickle *pickle, enum pickle_taken taken)
{
	switch (taken) {
	case TAKEN_ALL: return true;
	case TAKEN_SHORT: return pickle_give_up_short(pickle);
	case TAKEN_LONG: return pickle_give_up_limit(pickle, "16 MiB for a text");
	case TAKEN_MUCH: return pickle_give_up_limit(pickle, "1 GiB of memory");
	}
	return false;
}

static bool take_line(struct pickle *pickle, struct str *out)
{
	return give_up_unless_taken(pickle, pickle_source_line(&pickle->source, out));
}

static bool take_text(struct pickle *pickle)
{
	struct pickle_argument *argument = &pickle->argument;
	return give_up_unless_taken(
		pickle, pickle_source_take(&pickle->source, argument->number, &argument->text));
}

/* Python 2 has no type for bytes: what is long was never meant to be read. */
static bool is_long_old_text(const struct pickle *pickle, enum pickle_form form)
{
	return form == FORM_OLD_TEXT4 && pickle->argument.number > PICKLE_OLD_TEXT_MAX;
}

static bool take_bytes(struct pickle *pickle)
{
	struct pickle_argument *argument = &pickle->argument;
	argument->at = pickle->source.at;
	argument->len = argument->number;
	return pickle_source_skip(&pickle->source, argument->len) || pickle_give_up_short(pickle);
}

static bool take_long(struct pickle *pickle)
{
	if (pickle->argument.number > PICKLE_LONG_MAX)
		return pickle_give_up_limit(pickle, "1 MiB for a number");
	return take_text(pickle);
}

bool pickle_argument_read(struct pickle *pickle, enum pickle_form form)
{
	struct pickle_argument *argument = &pickle->argument;
	unsigned width = forms[form].width;
	bool is_signed = forms[form].is_signed;
	enum reading_as as = (enum reading_as)forms[form].as;
	if (width && as != AS_REAL && !take_number(pickle, width, is_signed))
		return false;
	if (as >= AS_TEXT && is_signed && argument->number > INT32_MAX)
		return pickle_give_up_here(pickle); /* a length below 0 */
	switch (as) {
	case AS_NOTHING:
	case AS_NUMBER: return true;
	case AS_REAL: return take_real(pickle);
	case AS_LINE: return take_line(pickle, &argument->text);
	case AS_TWO_LINES:
		return take_line(pickle, &argument->text) && take_line(pickle, &argument->more);
	case AS_TEXT:
		argument->text = STR_NULL;
		return is_long_old_text(pickle, form) ? take_bytes(pickle) : take_text(pickle);
	case AS_BYTES: return take_bytes(pickle);
	case AS_LONG: return take_long(pickle);
	}
	return false;
}
