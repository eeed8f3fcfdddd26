// SPDX-License-Identifier: MIT
#include "core/base/base64.h"

static int digit(char letter)
{
	return (int)str_find_byte(
		STR("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"), letter);
}

bool base64_decode(struct str text, struct arena *arena, struct str *out)
{
	size_t n_padding = 0, len = 0;
	unsigned pending = 0, n_bits = 0;
	if (text.len % 4 != 0)
		return false;
	while (n_padding < 2 && text.len > 0 && text.ptr[text.len - 1] == '=') {
		text.len--;
		n_padding++;
	}
	char *bytes = arena_alloc(arena, text.len + 1);
	for (size_t i = 0; i < text.len; i++) {
		int value = digit(text.ptr[i]);
		if (value < 0)
			return false;
		pending = (pending << 6 | (unsigned)value) & 0xffff;
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			bytes[len++] = (char)(pending >> n_bits & 0xff);
		}
	}
	*out = (struct str){ bytes, len };
	return (pending & ((1u << n_bits) - 1)) == 0;
}
