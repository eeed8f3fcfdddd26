// SPDX-License-Identifier: MIT
/** Cleans any bytes for a terminal: no control, no bidi comes out, and the columns add up. */
#include "core/base/text.h"

#include <locale.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_harmful(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
	       (c >= 0xe000 && c < 0xf900) || c >= 0xe0000;
}

static void check_harmless(struct str clean, enum text_charset charset)
{
	while (clean.len) {
		uint32_t c;
		size_t len = utf8_next(clean, &c);
		if (len == 0 || is_harmful(c) || (charset == TEXT_ASCII && len > 1))
			abort();
		clean = str_slice(clean, len, clean.len);
	}
}

static void check_columns(struct str clean)
{
	size_t cols = text_cols(clean), sum = 0;
	for (struct str rest = clean; rest.len;) {
		size_t width, len = text_next_cluster(rest, &width);
		if (len == 0 || len > rest.len || width > 2)
			abort();
		sum += width;
		rest = str_slice(rest, len, rest.len);
	}
	size_t fits;
	if (sum != cols || text_fit(clean, cols, &fits) != clean.len || fits != cols)
		abort();
	struct arena arena = { 0 };
	for (size_t max = 0; max < 12; max++)
		if (text_cols(text_cut_middle(&arena, clean, max, TEXT_UTF8)) > max)
			abort();
	arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str raw = { (const char *)data, size };
	struct arena arena = { 0 };
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		abort();
	for (int charset = TEXT_UTF8; charset <= TEXT_ASCII; charset++) {
		struct str clean = text_clean_copy(&arena, raw, (enum text_charset)charset);
		check_harmless(clean, (enum text_charset)charset);
		check_columns(clean);
	}
	(void)text_fold_copy(&arena, raw);
	(void)text_cols(raw); /* not clean: must not hurt */
	arena_finish(&arena);
	return 0;
}
