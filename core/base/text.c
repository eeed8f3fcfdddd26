// SPDX-License-Identifier: MIT
#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "core/base/error.h"
#include "core/base/utf8.h"

static bool is_ascii_at(struct str text, size_t i)
{
	return i < text.len && (unsigned char)text.ptr[i] < 0x80;
}

size_t text_next_cluster(struct str clean, size_t *cols)
{
	*cols = clean.len ? 1 : 0;
	if (clean.len <= 1 || (is_ascii_at(clean, 0) && is_ascii_at(clean, 1)))
		return clean.len ? 1 : 0;
	uint32_t last, next;
	int32_t state = 0;
	size_t len = utf8_next(clean, &last);
	if (len == 0)
		return 1;
	int width = utf8proc_charwidth((utf8proc_int32_t)last);
	for (;;) {
		size_t more = utf8_next(str_slice(clean, len, clean.len), &next);
		if (more == 0 || utf8proc_grapheme_break_stateful((utf8proc_int32_t)last,
								  (utf8proc_int32_t)next, &state))
			break;
		width += utf8proc_charwidth((utf8proc_int32_t)next);
		len += more;
		last = next;
	}
	*cols = width > 2 ? 2 : (size_t)width;
	return len;
}

/** Bytes at the front that are ASCII and followed by ASCII: one column each. */
static size_t ascii_run(struct str text)
{
	size_t i = 0;
	while (is_ascii_at(text, i))
		i++;
	return i < text.len && i > 0 ? i - 1 : i;
}

size_t text_fit(struct str clean, size_t cols_max, size_t *cols)
{
	size_t len = 0, used = 0;
	while (len < clean.len) {
		struct str rest = str_slice(clean, len, clean.len);
		size_t width, part = ascii_run(rest);
		if (part > cols_max - used)
			part = cols_max - used;
		width = part;
		if (part == 0)
			part = text_next_cluster(rest, &width);
		if (width > cols_max - used)
			break;
		used += width;
		len += part;
	}
	if (cols)
		*cols = used;
	return len;
}

size_t text_cols(struct str clean)
{
	size_t cols;
	(void)text_fit(clean, SIZE_MAX, &cols); /* everything fits */
	return cols;
}

/** The longest end of whole clusters that fits `cols_max`. */
static struct str fitting_tail(struct str clean, size_t cols, size_t cols_max)
{
	while (cols > cols_max) {
		size_t width, len = text_next_cluster(clean, &width);
		cols -= width;
		clean = str_slice(clean, len, clean.len);
	}
	return clean;
}

struct str text_cut_middle(struct arena *arena, struct str clean, size_t cols_max,
			   enum text_charset charset)
{
	size_t cols = text_cols(clean);
	if (cols <= cols_max)
		return clean;
	struct str ellipsis = charset == TEXT_ASCII ? STR("...") : STR("\xe2\x80\xa6");
	size_t ellipsis_cols = charset == TEXT_ASCII ? 3 : 1;
	if (cols_max < ellipsis_cols + 2)
		return str_slice(clean, 0, text_fit(clean, cols_max, NULL));
	size_t room = cols_max - ellipsis_cols;
	struct str tail = fitting_tail(clean, cols, room / 2);
	struct str head = str_slice(clean, 0, text_fit(clean, room - room / 2, NULL));
	struct bytes out = { 0 };
	bytes_append_str(&out, head);
	bytes_append_str(&out, ellipsis);
	bytes_append_str(&out, tail);
	struct str cut = arena_str(arena, bytes_str(&out));
	bytes_finish(&out);
	return cut;
}

static void fold_valid(struct bytes *out, struct str text)
{
	utf8proc_uint8_t *folded = NULL;
	utf8proc_ssize_t len =
		utf8proc_map((const utf8proc_uint8_t *)text.ptr, (utf8proc_ssize_t)text.len,
			     &folded, UTF8PROC_CASEFOLD | UTF8PROC_COMPOSE | UTF8PROC_STABLE);
	if (len == UTF8PROC_ERROR_NOMEM)
		die_oom();
	if (len < 0)
		bytes_append_str(out, text);
	else
		bytes_append(out, folded, (size_t)len);
	free(folded);
}

static void fold_ascii(struct bytes *out, struct str text)
{
	size_t from = out->len;
	bytes_append_str(out, text);
	for (size_t i = from; i < out->len; i++)
		if (out->ptr[i] >= 'A' && out->ptr[i] <= 'Z')
			out->ptr[i] += 'a' - 'A';
}

void text_fold(struct bytes *out, struct str raw)
{
	size_t n_ascii = 0;
	while (is_ascii_at(raw, n_ascii))
		n_ascii++;
	if (n_ascii == raw.len) {
		fold_ascii(out, raw);
		return;
	}
	while (raw.len) {
		size_t bad = raw.len;
		bool is_whole = text_is_utf8(raw, &bad);
		if (bad)
			fold_valid(out, str_slice(raw, 0, bad));
		if (!is_whole)
			bytes_append_byte(out, raw.ptr[bad++]);
		raw = str_slice(raw, bad, raw.len);
	}
}

struct str text_fold_copy(struct arena *arena, struct str raw)
{
	struct bytes out = { 0 };
	text_fold(&out, raw);
	struct str copy = arena_str(arena, bytes_str(&out));
	bytes_finish(&out);
	return copy;
}

/** Skips ASCII eight bytes at a step. */
static size_t skip_ascii(struct str text, size_t at)
{
	for (; text.len - at >= 8; at += 8) {
		uint64_t word;
		memcpy(&word, text.ptr + at, 8);
		if (word & 0x8080808080808080u)
			break;
	}
	while (is_ascii_at(text, at))
		at++;
	return at;
}

bool text_is_utf8(struct str raw, size_t *bad)
{
	size_t at = 0;
	for (;;) {
		at = skip_ascii(raw, at);
		if (at == raw.len)
			break;
		uint32_t code_point;
		size_t len = utf8_next(str_slice(raw, at, raw.len), &code_point);
		if (len == 0)
			break;
		at += len;
	}
	if (bad)
		*bad = at;
	return at == raw.len;
}
