// SPDX-License-Identifier: MIT
#include "core/base/base64.h"

#include "core/base/array.h"

static int digit(char letter)
{
	return (int)str_find_byte(
		STR("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"), letter);
}

bool base64_decode(struct str text, struct arena *arena, struct str *out)
{
	struct bytes bytes = { 0 };
	unsigned pending = 0, n_bits = 0;
	bool ok = true;
	while (text.len > 0 && text.ptr[text.len - 1] == '=')
		text.len--;
	for (size_t i = 0; ok && i < text.len; i++) {
		int value = digit(text.ptr[i]);
		ok = value >= 0;
		pending = pending << 6 | (unsigned)(value & 63);
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			bytes_append_byte(&bytes, (char)(pending >> n_bits & 0xff));
		}
	}
	*out = arena_str(arena, bytes_str(&bytes));
	bytes_finish(&bytes);
	return ok;
}
