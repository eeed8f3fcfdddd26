// SPDX-License-Identifier: MIT
#include "tests/unit/core/formats/zip_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

static void put(struct bytes *out, uint64_t number, unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		bytes_append_byte(out, (char)(i < 8 ? number >> 8 * i : 0));
}

static void deflate_into(struct bytes *out, struct str data)
{
	unsigned char room[4096];
	z_stream stream = { .next_in = (unsigned char *)data.ptr, .avail_in = (uInt)data.len };
	int said = Z_OK;
	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY),
			 Z_OK);
	while (said == Z_OK) {
		stream.next_out = room;
		stream.avail_out = sizeof room;
		said = deflate(&stream, Z_FINISH);
		bytes_append(out, room, sizeof room - stream.avail_out);
	}
	assert_int_equal(said, Z_STREAM_END);
	deflateEnd(&stream);
}

static void put_common(struct bytes *out, const struct zip_part *part, struct str packed,
		       uint64_t size_bytes)
{
	uint32_t crc = (uint32_t)crc32(0, (const Bytef *)part->data.ptr, (uInt)part->data.len);
	put(out, part->flags, 2);
	put(out, part->method, 2);
	put(out, 0, 4);
	put(out, crc ^ part->crc_flip, 4);
	put(out, part->is_large ? UINT32_MAX : packed.len, 4);
	put(out, part->is_large ? UINT32_MAX : size_bytes, 4);
}

void zip_add(struct zip_build *zip, struct zip_part part)
{
	struct bytes packed = { 0 };
	const char *local_name = part.local_name ? part.local_name : part.name;
	uint64_t size_bytes = part.size_bytes ? part.size_bytes : part.data.len;
	for (size_t i = 0; i < part.padding; i++)
		bytes_append_byte(&zip->bytes, 'Z');
	uint64_t at = part.at ? part.at : zip->bytes.len;
	if (part.method == 8)
		deflate_into(&packed, part.data);
	else
		bytes_append_str(&packed, part.data);
	put(&zip->bytes, 0x04034b50, 4);
	put(&zip->bytes, 20, 2);
	put_common(&zip->bytes, &part, bytes_str(&packed), size_bytes);
	put(&zip->bytes, strlen(local_name), 2);
	put(&zip->bytes, 3, 2); /* an extra field that the directory has not */
	bytes_append(&zip->bytes, local_name, strlen(local_name));
	bytes_append(&zip->bytes, "FBZ", 3);
	bytes_append_str(&zip->bytes, bytes_str(&packed));
	put(&zip->directory, 0x02014b50, 4);
	put(&zip->directory, 20, 4);
	put_common(&zip->directory, &part, bytes_str(&packed), size_bytes);
	put(&zip->directory, strlen(part.name), 2);
	put(&zip->directory, part.is_large ? 28 : 0, 2);
	put(&zip->directory, 0, 10);
	put(&zip->directory, part.is_large ? UINT32_MAX : at, 4);
	bytes_append(&zip->directory, part.name, strlen(part.name));
	if (part.is_large) {
		put(&zip->directory, 1, 2);
		put(&zip->directory, 24, 2);
		put(&zip->directory, size_bytes, 8);
		put(&zip->directory, packed.len, 8);
		put(&zip->directory, at, 8);
	}
	zip->n++;
	bytes_finish(&packed);
}

static void put_zip64(struct zip_build *zip, struct zip_finish finish, uint64_t at)
{
	struct bytes *out = &zip->bytes;
	uint64_t record_at = out->len;
	put(out, 0x06064b50, 4);
	put(out, 44, 8);
	put(out, 0, 12);
	put(out, zip->n + finish.n_more, 8);
	put(out, zip->n + finish.n_more, 8);
	put(out, zip->directory.len, 8);
	put(out, at + (uint64_t)finish.zip64_shift, 8);
	put(out, 0x07064b50, 4);
	put(out, 0, 4);
	put(out, record_at, 8);
	put(out, 1, 4);
}

void zip_close(struct zip_build *zip, struct zip_finish finish)
{
	struct bytes *out = &zip->bytes;
	const char *comment = finish.comment ? finish.comment : "";
	uint64_t at = out->len;
	bool is_full = finish.is_saturated;
	bytes_append_str(out, bytes_str(&zip->directory));
	if (finish.has_zip64)
		put_zip64(zip, finish, at);
	put(out, 0x06054b50, 4);
	put(out, 0, 4);
	put(out, is_full ? UINT16_MAX : zip->n + finish.n_more, 2);
	put(out, is_full ? UINT16_MAX : zip->n + finish.n_more, 2);
	put(out, is_full ? UINT32_MAX : zip->directory.len, 4);
	put(out, is_full ? UINT32_MAX : at + (uint64_t)finish.directory_shift, 4);
	put(out, strlen(comment), 2);
	bytes_append(out, comment, strlen(comment));
}

void zip_free(struct zip_build *zip)
{
	bytes_finish(&zip->bytes);
	bytes_finish(&zip->directory);
	*zip = (struct zip_build){ 0 };
}
