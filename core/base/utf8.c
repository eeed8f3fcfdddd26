// SPDX-License-Identifier: MIT
#include "core/base/utf8.h"

/** Length, least code point and payload of a lead byte; length 0 when it cannot lead. */
static size_t lead_length(unsigned char lead, uint32_t *least, uint32_t *payload)
{
	if (lead >= 0xc2 && lead < 0xe0) {
		*least = 0x80;
		*payload = lead & 0x1f;
		return 2;
	}
	if (lead >= 0xe0 && lead < 0xf0) {
		*least = 0x800;
		*payload = lead & 0x0f;
		return 3;
	}
	if (lead >= 0xf0 && lead < 0xf5) {
		*least = 0x10000;
		*payload = lead & 0x07;
		return 4;
	}
	return 0;
}

size_t utf8_next(struct str text, uint32_t *code_point)
{
	if (text.len == 0)
		return 0;
	unsigned char lead = (unsigned char)text.ptr[0];
	if (lead < 0x80) {
		*code_point = lead;
		return 1;
	}
	uint32_t least = 0, value = 0;
	size_t len = lead_length(lead, &least, &value);
	if (len == 0 || len > text.len)
		return 0;
	for (size_t i = 1; i < len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];
		if ((byte & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (byte & 0x3f);
	}
	if (value < least || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
		return 0;
	*code_point = value;
	return len;
}

size_t utf8_encode(uint32_t code_point, char to[4])
{
	size_t len = code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
	static const unsigned char leads[] = { 0, 0x00, 0xc0, 0xe0, 0xf0 };
	for (size_t i = len; i-- > 1; code_point >>= 6)
		to[i] = (char)(0x80 | (code_point & 0x3f));
	to[0] = (char)(leads[len] | code_point);
	return len;
}

struct str utf8_cut(struct str text, size_t max)
{
	if (text.len <= max)
		return text;
	while (max && ((unsigned char)text.ptr[max] & 0xc0) == 0x80)
		max--;
	return str_slice(text, 0, max);
}
