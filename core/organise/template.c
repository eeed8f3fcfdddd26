// SPDX-License-Identifier: MIT
#include "core/organise/template.h"

#include "core/base/near.h"

static const char *const names[TEMPLATE_FIELD_COUNT] = {
	[TEMPLATE_KIND] = "kind", [TEMPLATE_ARCH] = "arch", [TEMPLATE_BASE] = "base",
	[TEMPLATE_TYPE] = "type", [TEMPLATE_RANK] = "rank", [TEMPLATE_AUTHOR] = "author",
	[TEMPLATE_TAG] = "tag",   [TEMPLATE_YEAR] = "year", [TEMPLATE_ROOT] = "root",
	[TEMPLATE_NAME] = "name",
};

static size_t find_field(struct str name)
{
	size_t i = 0;
	while (i < TEMPLATE_FIELD_COUNT && !str_equal(name, str_from(names[i])))
		i++;
	return i;
}

static bool fail(struct error *err, size_t column, const char *why)
{
	return error_set(err, ERROR_USAGE, NULL, "the template, column %zu: %s", column + 1, why);
}

static bool fail_field(struct error *err, size_t column, struct str name)
{
	struct near near = NEAR(name);
	for (size_t i = 0; i < TEMPLATE_FIELD_COUNT; i++)
		near_offer(&near, str_from(names[i]));
	if (!near.best.ptr)
		return fail(err, column,
			    "there is no field of that name; there are {kind} {arch} "
			    "{base} {type} {rank} {author} {tag} {year} {root} {name}");
	return error_set(
		err, ERROR_USAGE, NULL,
		"the template, column %zu: there is no field of that name; did you mean {%.*s}?",
		column + 1, STR_ARG(near.best));
}

static bool check_part(size_t column, struct str part, struct error *err)
{
	if (str_equal(part, STR(".")) || str_equal(part, STR("..")))
		return fail(err, column, "a template stays below its root");
	for (size_t i = 0; i < part.len; i++) {
		if ((unsigned char)part.ptr[i] < 0x20 || part.ptr[i] == 0x7f)
			return fail(err, column + i, "a name has no control characters");
		if (part.ptr[i] == '}')
			return fail(err, column + i, "this } closes nothing");
		if (part.ptr[i] != '{')
			continue;
		ptrdiff_t end = str_find_byte(str_slice(part, i, part.len), '}');
		if (end < 0)
			return fail(err, column + i, "this { is not closed");
		struct str name = str_slice(part, i + 1, i + (size_t)end);
		if (find_field(name) == TEMPLATE_FIELD_COUNT)
			return fail_field(err, column + i, name);
		i += (size_t)end;
	}
	return true;
}

bool template_check(struct str text, struct error *err)
{
	struct str rest = text, part;
	if (str_trim(text).len == 0)
		return error_set(err, ERROR_USAGE, NULL, "the template is empty");
	if (text.ptr[0] == '/')
		return fail(err, 0, "a template stays below its root: no slash at its beginning");
	while (str_next_part(&rest, '/', &part))
		if (!check_part((size_t)(part.ptr - text.ptr), part, err))
			return false;
	return true;
}

/* Bytes that are no path and no trap for a terminal; everything else as it is. */
static void append_value(struct bytes *out, struct str value)
{
	for (size_t i = 0; i < value.len; i++) {
		unsigned char byte = (unsigned char)value.ptr[i];
		bytes_append_byte(out,
				  byte == '/' || byte < 0x20 || byte == 0x7f ? '-' : (char)byte);
	}
}

/* False when the part has fields and all of them are empty. */
static bool fill_part(struct bytes *out, struct str part, const struct template_values *values)
{
	bool has_field = false, has_value = false;
	for (size_t i = 0; i < part.len; i++) {
		if (part.ptr[i] != '{') {
			bytes_append_byte(out, part.ptr[i]);
			continue;
		}
		size_t len = (size_t)str_find_byte(str_slice(part, i, part.len), '}');
		struct str value = values->of[find_field(str_slice(part, i + 1, i + len))];
		append_value(out, value);
		has_field = true;
		has_value |= value.len > 0;
		i += len;
	}
	return !has_field || has_value;
}

/* Not in the middle of a character. */
static size_t cut(struct str part)
{
	size_t len = TEMPLATE_PART_BYTES_MAX;
	if (part.len <= len)
		return part.len;
	while (len > 1 && ((unsigned char)part.ptr[len] & 0xc0) == 0x80)
		len--;
	return len;
}

static void append_part(struct bytes *path, struct str part)
{
	part = str_trim(part);
	part.len = cut(part);
	if (part.len == 0 || str_equal(part, STR(".")) || str_equal(part, STR("..")))
		return;
	if (path->len > 0)
		bytes_append_byte(path, '/');
	bytes_append_str(path, part);
}

bool template_has(struct str text, enum template_field field)
{
	struct str name = str_from(names[field]);
	for (ptrdiff_t at; (at = str_find(text, name)) >= 0;) {
		size_t end = (size_t)at + name.len;
		if (at > 0 && text.ptr[at - 1] == '{' && end < text.len && text.ptr[end] == '}')
			return true;
		text = str_slice(text, end, text.len);
	}
	return false;
}

static bool ends_in_name(struct str text)
{
	return template_has(str_after_last(text, '/'), TEMPLATE_NAME);
}

struct str template_fill(struct str text, const struct template_values *values, struct arena *arena)
{
	struct bytes path = { 0 }, part = { 0 };
	struct str rest = text, piece;
	while (str_next_part(&rest, '/', &piece)) {
		bytes_clear(&part);
		if (fill_part(&part, piece, values))
			append_part(&path, bytes_str(&part));
	}
	if (!ends_in_name(text)) {
		bytes_clear(&part);
		append_value(&part, values->of[TEMPLATE_NAME]);
		append_part(&path, bytes_str(&part));
	}
	struct str kept = arena_str(arena, bytes_str(&path));
	bytes_finish(&part);
	bytes_finish(&path);
	return kept;
}
