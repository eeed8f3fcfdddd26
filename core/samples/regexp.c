// SPDX-License-Identifier: MIT
#include "core/samples/regexp.h"

#include "core/base/array.h"

#define GROUPS_MAX 10

static const struct {
	char letter;
	struct str set; /* as it stands inside [...] */
} classes[] = {
	{ 'd', { "0-9", 3 } },
	{ 'w', { "A-Za-z0-9_", 10 } },
	{ 's', { " \t\r\n", 4 } },
};

/* Letters and digits after a backslash mean something to Python alone. */
static bool append_escape(struct bytes *out, char c, bool in_set)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (classes[i].letter == c) {
			bytes_printf(out, in_set ? "%.*s" : "[%.*s]", STR_ARG(classes[i].set));
			return true;
		}
	}
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
		return false;
	if (!in_set)
		bytes_append_byte(out, '\\');
	bytes_append_byte(out, c);
	return true;
}

static bool is_python_only(struct str pattern, size_t i)
{
	char next = i + 1 < pattern.len ? pattern.ptr[i + 1] : '\0';

	if (pattern.ptr[i] == '(')
		return next == '?';
	return (pattern.ptr[i] == '*' || pattern.ptr[i] == '+' || pattern.ptr[i] == '?') &&
	       next == '?';
}

static bool translate(struct str pattern, struct bytes *out)
{
	bool in_set = false;

	for (size_t i = 0; i < pattern.len; i++) {
		char c = pattern.ptr[i];
		if (c == '\\') {
			if (++i == pattern.len || !append_escape(out, pattern.ptr[i], in_set))
				return false;
			continue;
		}
		if (!in_set && is_python_only(pattern, i))
			return false;
		if (c == '[')
			in_set = true;
		else if (c == ']')
			in_set = false;
		bytes_append_byte(out, c);
	}
	return true;
}

bool regexp_init(struct regexp *regexp, struct str pattern, struct error *err)
{
	struct bytes posix = { 0 };
	bool ok = translate(pattern, &posix);

	bytes_append_byte(&posix, '\0');
	ok = ok && regcomp(&regexp->compiled, posix.ptr, REG_EXTENDED) == 0;
	bytes_finish(&posix);
	if (!ok)
		return error_set(err, ERROR_FORMAT, NULL, "regular expression \"%.*s\"",
				 STR_ARG(pattern));
	return true;
}

void regexp_finish(struct regexp *regexp)
{
	regfree(&regexp->compiled);
}

bool regexp_is_in(const struct regexp *regexp, struct str text)
{
	return regexec(&regexp->compiled, text.ptr, 0, NULL, 0) == 0;
}

static void append_replacement(struct bytes *out, struct str with, const char *text,
			       const regmatch_t groups[GROUPS_MAX])
{
	for (size_t i = 0; i < with.len; i++) {
		char c = with.ptr[i];
		if (c != '\\' || i + 1 == with.len) {
			bytes_append_byte(out, c);
			continue;
		}
		c = with.ptr[++i];
		if (c < '0' || c > '9')
			bytes_append_byte(out, c);
		else if (groups[c - '0'].rm_so >= 0)
			bytes_append(out, text + groups[c - '0'].rm_so,
				     (size_t)(groups[c - '0'].rm_eo - groups[c - '0'].rm_so));
	}
}

struct str regexp_replace(const struct regexp *regexp, struct str text, struct str with,
			  struct arena *arena)
{
	struct bytes out = { 0 };
	regmatch_t groups[GROUPS_MAX];
	const char *at = text.ptr;
	bool has_changed = false;
	int flags = 0;

	while (regexec(&regexp->compiled, at, GROUPS_MAX, groups, flags) == 0 &&
	       groups[0].rm_eo > groups[0].rm_so) {
		bytes_append(&out, at, (size_t)groups[0].rm_so);
		append_replacement(&out, with, at, groups);
		at += groups[0].rm_eo;
		has_changed = true;
		flags = REG_NOTBOL;
	}
	if (!has_changed)
		return text;
	bytes_append_str(&out, str_slice(text, (size_t)(at - text.ptr), text.len));
	struct str result = arena_str(arena, bytes_str(&out));
	bytes_finish(&out);
	return result;
}
