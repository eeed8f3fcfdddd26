// SPDX-License-Identifier: MIT
#include "core/base/user_text.h"

#include <string.h>

#include "core/base/text.h"

bool tag_has_control(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
			return true;
		/* U+0080 to U+009F: terminals obey them too. */
		if (text.ptr[i] == '\xc2' && i + 1 < text.len &&
		    (unsigned char)text.ptr[i + 1] < 0xa0)
			return true;
	}
	return false;
}

bool tag_check(struct str raw, struct str *tag, struct error *err)
{
	size_t bad;
	*tag = str_trim(raw);
	if (tag->len == 0)
		return error_set(err, ERROR_USAGE, NULL, "a tag needs at least one character");
	if (tag->len > TAG_BYTES_MAX)
		return error_set(err, ERROR_USAGE, NULL, "a tag has at most %d bytes",
				 TAG_BYTES_MAX);
	if (!text_is_utf8(*tag, &bad) || tag_has_control(*tag))
		return error_set(err, ERROR_USAGE, NULL, "a tag has no control characters");
	if (str_find_byte(*tag, ',') >= 0)
		return error_set(err, ERROR_USAGE, NULL,
				 "a tag has no commas: give several tags instead");
	if (tag->ptr[0] == '+' || tag->ptr[0] == '-')
		return error_set(err, ERROR_USAGE, NULL, "a tag does not begin with + or -");
	return true;
}

bool note_check(struct str note, struct error *err)
{
	if (note.len > NOTE_BYTES_MAX)
		return error_set(err, ERROR_USAGE, NULL, "a note has at most %u bytes",
				 NOTE_BYTES_MAX);
	if (note.len > 0 && memchr(note.ptr, '\0', note.len))
		return error_set(err, ERROR_USAGE, NULL, "a note has no NUL");
	size_t bad;
	return text_is_utf8(note, &bad) ||
	       error_set(err, ERROR_USAGE, NULL, "a note is text in UTF-8");
}

bool name_check(const char *what, struct str raw, struct str *name, struct error *err)
{
	size_t bad;
	*name = str_trim(raw);
	if (name->len == 0)
		return error_set(err, ERROR_USAGE, NULL, "a %s needs a name", what);
	if (name->len > USER_NAME_BYTES_MAX)
		return error_set(err, ERROR_USAGE, NULL, "the name of a %s has at most %d bytes",
				 what, USER_NAME_BYTES_MAX);
	return (text_is_utf8(*name, &bad) && !tag_has_control(*name)) ||
	       error_set(err, ERROR_USAGE, NULL, "the name of a %s has no control characters",
			 what);
}
