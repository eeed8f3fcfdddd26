// SPDX-License-Identifier: MIT
#include "config/ini.h"

#include <string.h>

#include <ini.h>

/* inih's own buffers: a section is cut at 49 bytes, a line at 199. Only heads of lines go there,
 * so values may be longer and may hold what inih takes for a comment. */
enum { INI_SECTION_BYTES_MAX = 49, INI_KEY_BYTES_MAX = 64, INI_HEAD_BYTES_MAX = 80 };

struct reader {
	struct str rest;
	const char *file;
	ini_fn take;
	void *context;
	struct error *err;
	unsigned line;
	struct str section, key, value; /* of the line that inih is looking at */
	bool begins_section;            /* the section line was handed over, its echo was not */
	bool expects;                   /* inih owes a call for the line before */
	bool failed;
};

static bool fail(struct reader *r, const char *why)
{
	r->failed = true;
	return error_set(r->err, ERROR_FORMAT, NULL, "%s:%u: %s", r->file, r->line, why);
}

static bool split_section(struct reader *r, struct str line)
{
	if (line.ptr[line.len - 1] != ']')
		return fail(r, "\"]\" is expected at the end of a section's line");
	r->section = str_trim(str_slice(line, 1, line.len - 1));
	if (!r->section.len)
		return fail(r, "a section needs a name");
	if (r->section.len > INI_SECTION_BYTES_MAX)
		return fail(r, "the section's name is longer than 49 bytes");
	r->key = r->value = STR("");
	r->begins_section = true;
	return true;
}

static bool split_pair(struct reader *r, struct str line)
{
	ptrdiff_t equals = str_find_byte(line, '=');
	if (equals < 0)
		return fail(r, "neither \"[section]\" nor \"key = value\"");
	r->key = str_trim(str_slice(line, 0, (size_t)equals));
	r->value = str_trim(str_slice(line, (size_t)equals + 1, line.len));
	if (!r->key.len)
		return fail(r, "no key before \"=\"");
	if (r->key.len > INI_KEY_BYTES_MAX)
		return fail(r, "the key is longer than 64 bytes");
	return true;
}

/* Takes the next line that says something; false at the end or after a mistake. */
static bool next_line(struct reader *r)
{
	struct str line;
	while (str_next_part(&r->rest, '\n', &line)) {
		r->line++;
		if (line.len > INI_LINE_BYTES_MAX)
			return fail(r, "the line is longer than 4096 bytes");
		if (str_find_byte(line, '\0') >= 0)
			return fail(r, "the line holds a NUL byte");
		line = str_trim(line);
		if (!line.len || line.ptr[0] == ';' || line.ptr[0] == '#')
			continue;
		return line.ptr[0] == '[' ? split_section(r, line) : split_pair(r, line);
	}
	return false;
}

/* A head with its brackets or its "=": never more than INI_HEAD_BYTES_MAX. */
static char *hand_over(char *to, const char *before, struct str head, const char *behind)
{
	size_t n_before = strlen(before);
	memcpy(to, before, n_before);
	if (head.len)
		memcpy(to + n_before, head.ptr, head.len);
	memcpy(to + n_before + head.len, behind, strlen(behind) + 1);
	return to;
}

/* In the manner of fgets. A section's line is followed by a bare "=", so that inih tells of
 * sections without keys too. */
static char *read_line(char *to, int size, void *context)
{
	struct reader *r = context;
	if (size < INI_HEAD_BYTES_MAX)
		BUG("inih reads lines of %d bytes only", size);
	if (r->begins_section) {
		r->begins_section = false;
		r->expects = true;
		return hand_over(to, "", STR(""), "=\n");
	}
	if (r->expects && !r->failed)
		fail(r, "cannot be read as \"key = value\"");
	if (r->failed || !next_line(r))
		return NULL;
	r->expects = !r->begins_section;
	return r->begins_section ? hand_over(to, "[", r->section, "]\n")
				 : hand_over(to, "", r->key, " =\n");
}

/* What inih understood must be what stands there: it knows inline comments and "key: value". */
static int take_pair(void *context, const char *section, const char *key, const char *value)
{
	struct reader *r = context;
	r->expects = false;
	if (!str_equal(str_from(section), r->section) || !str_equal(str_from(key), r->key) ||
	    *value)
		return fail(r, "\";\" and \":\" may stand in values only");
	if (r->take(r->context, r->section, r->key, r->value, r->line, r->err))
		return 1;
	r->failed = true;
	return error_context(r->err, "%s:%u", r->file, r->line);
}

bool ini_parse_text(struct str text, const char *file, ini_fn take, void *context,
		    struct error *err)
{
	if (text.len > INI_BYTES_MAX)
		return error_set(err, ERROR_LIMIT, NULL, "%s: larger than 4 MiB", file);
	struct reader r = {
		.rest = text,
		.file = file,
		.take = take,
		.context = context,
		.err = err,
		.section = STR(""),
	};
	str_cut_prefix(&r.rest, STR("\xef\xbb\xbf"));
	int first_bad = ini_parse_stream(read_line, &r, take_pair, &r);
	if (first_bad && !r.failed)
		fail(&r, "cannot be read as INI");
	return !r.failed;
}
