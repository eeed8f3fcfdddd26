// SPDX-License-Identifier: MIT
#include "core/base/pack.h"

#include <string.h>

enum { VARINT_BYTES_MAX = 10 };

void pack_u64(struct bytes *out, uint64_t number)
{
	char *to = bytes_reserve(out, VARINT_BYTES_MAX);
	size_t len = 0;
	for (; number >= 0x80; number >>= 7)
		to[len++] = (char)(number | 0x80);
	to[len++] = (char)number;
	to[len] = '\0';
	out->len += len;
}

void pack_str(struct bytes *out, struct str text)
{
	pack_u64(out, text.ptr ? (uint64_t)text.len + 1 : 0);
	if (text.ptr)
		bytes_append_str(out, text);
}

void pack_strs(struct bytes *out, const struct str *list, size_t n)
{
	pack_u64(out, n);
	for (size_t i = 0; i < n; i++)
		pack_str(out, list[i]);
}

void pack_double(struct bytes *out, double number)
{
	uint64_t bits;
	memcpy(&bits, &number, sizeof bits);
	for (int shift = 0; shift < 64; shift += 8)
		bytes_append_byte(out, (char)(bits >> shift));
}

uint64_t unpack_broken(struct packed *from)
{
	from->is_broken = true;
	from->rest = STR_NULL;
	return 0;
}

uint64_t unpack_u64(struct packed *from)
{
	uint64_t number = 0;
	for (size_t i = 0; i < VARINT_BYTES_MAX && i < from->rest.len; i++) {
		uint64_t byte = (unsigned char)from->rest.ptr[i];
		/* The tenth byte holds one bit; a last byte of zero would be a second spelling. */
		if ((i == VARINT_BYTES_MAX - 1 && byte > 1) || (i && byte == 0))
			return unpack_broken(from);
		number |= (byte & 0x7f) << (7 * i);
		if (byte < 0x80) {
			from->rest = str_slice(from->rest, i + 1, from->rest.len);
			return number;
		}
	}
	return unpack_broken(from);
}

unsigned unpack_below(struct packed *from, unsigned end)
{
	uint64_t number = unpack_u64(from);
	return (unsigned)(number < end ? number : unpack_broken(from));
}

uint32_t unpack_u32(struct packed *from)
{
	uint64_t number = unpack_u64(from);
	return (uint32_t)(number <= UINT32_MAX ? number : unpack_broken(from));
}

struct str unpack_str(struct packed *from)
{
	uint64_t len = unpack_u64(from);
	if (len == 0)
		return STR_NULL;
	if (len - 1 > from->rest.len) {
		unpack_broken(from);
		return STR_NULL;
	}
	struct str text = str_slice(from->rest, 0, (size_t)len - 1);
	from->rest = str_slice(from->rest, (size_t)len - 1, from->rest.len);
	return text;
}

void *unpack_list(struct packed *from, size_t flat_bytes, size_t member_bytes, size_t *n)
{
	uint64_t wanted = unpack_u64(from);
	size_t size_bytes = 0;
	*n = (size_t)(wanted <= from->rest.len / flat_bytes ? wanted : unpack_broken(from));
	void *list = *n && size_mul(*n, member_bytes, &size_bytes)
			     ? arena_try(from->arena, size_bytes)
			     : NULL;
	if (*n && !list)
		*n = (size_t)unpack_broken(from);
	return list;
}

const struct str *unpack_strs(struct packed *from, size_t *n)
{
	struct str *list = unpack_list(from, 1, sizeof *list, n);
	for (size_t i = 0; i < *n; i++)
		list[i] = unpack_str(from);
	return list;
}

double unpack_double(struct packed *from)
{
	if (from->rest.len < sizeof(uint64_t))
		return (double)unpack_broken(from);
	uint64_t bits = 0;
	for (size_t i = 0; i < sizeof bits; i++)
		bits |= (uint64_t)(unsigned char)from->rest.ptr[i] << (8 * i);
	from->rest = str_slice(from->rest, sizeof bits, from->rest.len);
	double number;
	memcpy(&number, &bits, sizeof number);
	return number;
}
