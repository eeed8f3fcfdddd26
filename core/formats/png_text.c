// SPDX-License-Identifier: MIT
#include "core/formats/png_text.h"

#include <string.h>
#include <zlib.h>

#include "core/base/text.h"

enum { SIGNATURE_BYTES = 8, HEAD_BYTES = 8, CHECKSUM_BYTES = 4 };

static const unsigned char signature[SIGNATURE_BYTES] = { 0x89, 'P',  'N',  'G',
							  '\r', '\n', 0x1a, '\n' };

bool png_text_is_png(const struct blob *blob)
{
	unsigned char head[SIGNATURE_BYTES];
	struct error err;
	return blob->size_bytes >= sizeof head && blob_read_at(blob, 0, head, sizeof head, &err) &&
	       memcmp(head, signature, sizeof head) == 0;
}

static uint32_t big_endian(const unsigned char bytes[4])
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

static struct str from_latin1(struct str text, struct arena *arena)
{
	char *utf8 = arena_try_bytes(arena, text.len * 2 + 1);
	size_t n = 0;
	for (size_t i = 0; utf8 && i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];
		if (byte >= 0x80)
			utf8[n++] = (char)(0xc0 | byte >> 6);
		utf8[n++] = (char)(byte >= 0x80 ? 0x80 | (byte & 0x3f) : byte);
	}
	return utf8 ? (struct str){ utf8, n } : STR_NULL;
}

/* STR_NULL for what is broken or unpacks to too much. */
static struct str inflate_text(struct str packed, struct arena *arena)
{
	struct bytes out = { 0 };
	char part[4096];
	z_stream stream = { .next_in = (unsigned char *)(uintptr_t)packed.ptr,
			    .avail_in = (unsigned)packed.len };
	struct str text = STR_NULL;
	int state = Z_OK;
	if (inflateInit(&stream) != Z_OK)
		return STR_NULL;
	while (state == Z_OK && out.len <= PNG_TEXT_BYTES_MAX) {
		stream.next_out = (unsigned char *)part;
		stream.avail_out = sizeof part;
		state = inflate(&stream, Z_NO_FLUSH);
		bytes_append(&out, part, sizeof part - stream.avail_out);
	}
	inflateEnd(&stream);
	if (state == Z_STREAM_END && out.len <= PNG_TEXT_BYTES_MAX)
		text = arena_str(arena, bytes_str(&out));
	bytes_finish(&out);
	return text;
}

/* Takes what stands before a NUL off the front. */
static bool cut_part(struct str *rest, struct str *part)
{
	ptrdiff_t nul = str_find_byte(*rest, '\0');
	if (nul < 0)
		return false;
	*part = str_slice(*rest, 0, (size_t)nul);
	*rest = str_slice(*rest, (size_t)nul + 1, rest->len);
	return true;
}

static struct str read_itxt(struct str rest, struct arena *arena)
{
	struct str language, translated;
	if (rest.len < 2)
		return STR_NULL;
	bool is_packed = rest.ptr[0] != 0;
	rest = str_slice(rest, 2, rest.len);
	if (!cut_part(&rest, &language) || !cut_part(&rest, &translated))
		return STR_NULL;
	return is_packed ? inflate_text(rest, arena) : rest;
}

static struct str read_text(struct str type, struct str rest, struct arena *arena)
{
	size_t bad;
	if (str_equal(type, STR("iTXt")))
		return read_itxt(rest, arena);
	if (str_equal(type, STR("zTXt")))
		rest = rest.len > 0 ? inflate_text(str_slice(rest, 1, rest.len), arena) : STR_NULL;
	/* Many write UTF-8 where the format says Latin-1. */
	return rest.ptr && !text_is_utf8(rest, &bad) ? from_latin1(rest, arena) : rest;
}

static bool is_text(struct str type)
{
	return str_equal(type, STR("tEXt")) || str_equal(type, STR("zTXt")) ||
	       str_equal(type, STR("iTXt"));
}

static bool add_text(const struct blob *blob, uint64_t at, size_t len, struct str type,
		     struct arena *arena, struct array *texts, struct error *err)
{
	struct png_text text;
	char *bytes = arena_try_bytes(arena, len + 1);
	if (!bytes)
		return true; /* there is no room for it */
	if (!blob_read_at(blob, at, bytes, len, err))
		return false;
	struct str rest = { bytes, len };
	if (!cut_part(&rest, &text.keyword))
		return true;
	text.text = read_text(type, rest, arena);
	if (text.text.ptr)
		*ARRAY_PUSH(texts, struct png_text) = text;
	return true;
}

bool png_text_read(const struct blob *blob, struct arena *arena, struct array *texts,
		   struct error *err)
{
	uint64_t at = SIGNATURE_BYTES;
	size_t n_before = texts->len;
	blob_reads_little(blob);
	for (size_t i = 0; i < PNG_CHUNKS_MAX && texts->len - n_before < PNG_TEXTS_MAX; i++) {
		unsigned char head[HEAD_BYTES];
		if (at > blob->size_bytes || blob->size_bytes - at < HEAD_BYTES)
			return true;
		if (!blob_read_at(blob, at, head, sizeof head, err))
			return false;
		uint32_t len = big_endian(head);
		struct str type = { (const char *)head + 4, 4 };
		at += HEAD_BYTES;
		if (len > blob->size_bytes - at)
			return true;
		if (is_text(type) && len <= PNG_TEXT_BYTES_MAX &&
		    !add_text(blob, at, len, type, arena, texts, err))
			return false;
		at += (uint64_t)len + CHECKSUM_BYTES;
	}
	return true;
}
