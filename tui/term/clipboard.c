// SPDX-License-Identifier: MIT
#include "tui/term/clipboard.h"

static bool is_harmless(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];
		if ((byte < ' ' && byte != '\n' && byte != '\t') || byte == 0x7f)
			return false;
		if (byte == 0xc2 && i + 1 < text.len && (unsigned char)text.ptr[i + 1] < 0xa0)
			return false;
	}
	return true;
}

static void append_base64(struct bytes *out, struct str text)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < text.len; i += 3) {
		size_t n = text.len - i < 3 ? text.len - i : 3;
		unsigned bits = 0;
		for (size_t j = 0; j < 3; j++)
			bits = bits << 8 | (j < n ? (unsigned char)text.ptr[i + j] : 0);
		for (size_t j = 0; j < 4; j++)
			bytes_append_byte(out, j <= n ? letters[bits >> (18 - 6 * j) & 63] : '=');
	}
}

bool clipboard_fits(struct str text)
{
	return text.len <= CLIPBOARD_BASE64_MAX / 4 * 3 && is_harmless(text);
}

void clipboard_write(struct str text, struct bytes *out)
{
	bytes_append_str(out, STR("\033]52;c;"));
	append_base64(out, text);
	bytes_append_byte(out, '\a');
}
