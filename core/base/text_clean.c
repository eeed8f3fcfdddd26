// SPDX-License-Identifier: MIT
#include "core/base/text.h"

#include <inttypes.h>
#include <string.h>
#include <utf8proc.h>
#include <wchar.h>

#include "core/base/utf8.h"

enum {
	MARKS_MAX = 4,        /* on one base: more is a name that climbs over its neighbours */
	CLUSTER_COLS_MAX = 2, /* wider ones (emoji joined, tinted) differ between terminals */
	EMOJI_STYLE = 0xfe0f, /* variation selector 16 */
};

/** What the last thing written was, so that marks find their base. */
struct cleaner {
	struct bytes *out;
	enum text_charset charset;
	bool asks_wcwidth; /* the locale knows Unicode: its widths must agree */
	bool has_base;
	unsigned n_marks, cols; /* of the cluster being written */
	uint32_t last;          /* code point */
	int32_t break_state;    /* utf8proc's */
};

struct range {
	uint32_t first, last;
};

/* Invisible, or changing the direction or look of what stands around it; never-shown blanks. */
static const struct range hidden[] = {
	{ 0x034f, 0x034f }, { 0x061c, 0x061c }, { 0x115f, 0x1160 },   { 0x17b4, 0x17b5 },
	{ 0x180b, 0x180f }, { 0x200b, 0x200f }, { 0x2028, 0x202e },   { 0x2060, 0x206f },
	{ 0x2800, 0x2800 }, { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe0fff },
};

static bool is_hidden(uint32_t c)
{
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
		if (c >= hidden[i].first && c <= hidden[i].last)
			return true;
	switch (utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP: return true;
	case UTF8PROC_CATEGORY_ZS:
		return c != 0x3000; /* the wide one is seen; the others look like a blank */
	default: /* utf8proc's own numbering */ return false;
	}
}

static bool is_mark(uint32_t c)
{
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
	return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
	       category == UTF8PROC_CATEGORY_ME;
}

/** Columns of a code point, or -1 when terminals are not of one mind about it. */
static int agreed_cols(const struct cleaner *cleaner, uint32_t c)
{
	int cols = utf8proc_charwidth((utf8proc_int32_t)c);
	return cleaner->asks_wcwidth && wcwidth((wchar_t)c) != cols ? -1 : cols;
}

/** After an escape nothing may be combined with it. */
static void end_cluster(struct cleaner *cleaner)
{
	cleaner->has_base = false;
	cleaner->last = 0;
	cleaner->break_state = 0;
}

static void write_escape(struct cleaner *cleaner, uint32_t c)
{
	bytes_printf(cleaner->out, "<U+%04" PRIX32 ">", c);
	end_cluster(cleaner);
}

static void write_control(struct cleaner *cleaner, uint32_t c)
{
	if (c == '\t' || c == '\n' || c == '\r')
		bytes_printf(cleaner->out, "\\%c", c == '\t' ? 't' : c == '\n' ? 'n' : 'r');
	else if (c < 0x80)
		bytes_printf(cleaner->out, "^%c", (int)(c ^ 0x40));
	else
		bytes_printf(cleaner->out, "\\u%04" PRIx32, c);
	end_cluster(cleaner);
}

static bool may_join(const struct cleaner *cleaner, uint32_t c)
{
	if (!cleaner->has_base || cleaner->n_marks == MARKS_MAX)
		return false;
	if (c != EMOJI_STYLE)
		return !is_hidden(c) && agreed_cols(cleaner, c) == 0;
	/* It asks for the wide picture: harmless where the picture is wide anyway. */
	return cleaner->cols == 2 &&
	       utf8proc_get_property((utf8proc_int32_t)cleaner->last)->boundclass ==
		       UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

static void write_mark(struct cleaner *cleaner, uint32_t c, struct str raw)
{
	if (!may_join(cleaner, c)) {
		write_escape(cleaner, c);
		return;
	}
	bytes_append_str(cleaner->out, raw);
	cleaner->n_marks++;
	(void)utf8proc_grapheme_break_stateful((utf8proc_int32_t)cleaner->last, (utf8proc_int32_t)c,
					       &cleaner->break_state); /* marks never break */
	cleaner->last = c;
}

static void write_base(struct cleaner *cleaner, uint32_t c, struct str raw)
{
	int cols = is_hidden(c) ? -1 : agreed_cols(cleaner, c);
	if (cols <= 0) {
		write_escape(cleaner, c);
		return;
	}
	bool breaks = !cleaner->has_base ||
		      utf8proc_grapheme_break_stateful((utf8proc_int32_t)cleaner->last,
						       (utf8proc_int32_t)c, &cleaner->break_state);
	unsigned before = breaks ? 0 : cleaner->cols;
	if (before + (unsigned)cols > CLUSTER_COLS_MAX) {
		write_escape(cleaner, c);
		return;
	}
	bytes_append_str(cleaner->out, raw);
	cleaner->has_base = true;
	cleaner->n_marks = breaks ? 0 : cleaner->n_marks;
	cleaner->cols = before + (unsigned)cols;
	cleaner->last = c;
}

static bool is_caret_range(unsigned char byte)
{
	return (byte >= 0x40 && byte < 0x60) || byte == '?';
}

/** Would these bytes of the name read like an escape of ours? */
static bool looks_escaped(struct str rest)
{
	struct str after = str_slice(rest, 1, rest.len);
	if (*rest.ptr == '<')
		return str_has_prefix(after, STR("U+"));
	if (*rest.ptr != '^' || after.len == 0)
		return *rest.ptr == '\\';
	unsigned char next = (unsigned char)*after.ptr;
	return next < 0x20 || next > 0x7e || is_caret_range(next);
}

static void write_ascii(struct cleaner *cleaner, struct str rest)
{
	bool is_escaped = looks_escaped(rest);
	if (is_escaped)
		bytes_append_byte(cleaner->out, '\\');
	bytes_append_byte(cleaner->out, *rest.ptr);
	end_cluster(cleaner);
	cleaner->has_base = !is_escaped;
	cleaner->last = (unsigned char)*rest.ptr;
	cleaner->n_marks = 0;
	cleaner->cols = 1;
}

/** Bytes at the front that stay as they are whatever follows but a combining mark. */
static size_t plain_run(struct str text)
{
	size_t i = 0;
	while (i < text.len) {
		unsigned char byte = (unsigned char)text.ptr[i];
		if (byte < 0x20 || byte > 0x7e || byte == '\\' || byte == '^' || byte == '<')
			break;
		i++;
	}
	return i;
}

static size_t write_one(struct cleaner *cleaner, struct str rest)
{
	uint32_t c;
	size_t len = utf8_next(rest, &c);
	struct str raw = str_slice(rest, 0, len);
	if (len == 0) {
		bytes_printf(cleaner->out, "\\x%02x", (unsigned)(unsigned char)*rest.ptr);
		end_cluster(cleaner);
		return 1;
	}
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		write_control(cleaner, c);
	else if (c < 0x7f)
		write_ascii(cleaner, rest);
	else if (cleaner->charset == TEXT_ASCII)
		write_escape(cleaner, c);
	else if (is_mark(c))
		write_mark(cleaner, c, raw);
	else
		write_base(cleaner, c, raw);
	return len;
}

void text_clean(struct bytes *out, struct str raw, enum text_charset charset)
{
	struct cleaner cleaner = {
		.out = out,
		.charset = charset,
		.asks_wcwidth = wcwidth(0x00e9) == 1,
	};
	while (raw.len) {
		size_t run = plain_run(raw);
		if (run > 1) {
			bytes_append(out, raw.ptr, run - 1);
			raw = str_slice(raw, run - 1, raw.len);
		}
		raw = str_slice(raw, write_one(&cleaner, raw), raw.len);
	}
}

struct str text_clean_copy(struct arena *arena, struct str raw, enum text_charset charset)
{
	if (plain_run(raw) == raw.len)
		return arena_str(arena, raw.ptr ? raw : STR(""));
	struct bytes out = { 0 };
	text_clean(&out, raw, charset);
	struct str copy = arena_str(arena, bytes_str(&out));
	bytes_finish(&out);
	return copy;
}
