// SPDX-License-Identifier: MIT
#include "core/formats/picture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define BYTES(literal) (literal), sizeof(literal) - 1

struct row {
	const char *bytes;
	size_t len;
	uint32_t width, height;
	const char *why; /* NULL: it is one */
};

#define PNG_HEAD "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
#define JPEG_FRONT "\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"

static const struct row rows[] = {
	{ BYTES(PNG_HEAD "\0\0\0\x60\0\0\0\x80\x8\2\0\0\0"), 96, 128, NULL },
	{ BYTES(PNG_HEAD "\0\0\x80\0\0\0\x20\0\x8\2\0\0\0"), 32768, 8192, NULL },
	{ BYTES(PNG_HEAD "\0\0\x80\1\0\0\0\1\x8\2\0\0\0"), 0, 0,
	  "it is 32769 x 1 pixels, too large to be shown" },
	{ BYTES(PNG_HEAD "\0\0\x80\0\0\0\x20\1\x8\2\0\0\0"), 0, 0,
	  "it is 32768 x 8193 pixels, too large to be shown" },
	{ BYTES(PNG_HEAD "\xff\xff\xff\xff\xff\xff\xff\xff\x8\2\0\0\0"), 0, 0,
	  "it is 4294967295 x 4294967295 pixels, too large to be shown" },
	{ BYTES(PNG_HEAD "\0\0\0\0\0\0\0\1\x8\2\0\0\0"), 0, 0, "its header is broken" },
	{ BYTES("\x89PNG\r\n\x1a\n\0\0\0\rIDAT\0\0\0\1\0\0\0\1"), 0, 0, "its header is broken" },
	{ BYTES("\x89PNG\r\n\x1a\n"), 0, 0, "its header is broken" },
	{ BYTES(JPEG_FRONT "\xff\xff\xff\xc0\0\x11\x8\0\x30\0\x40\3"), 64, 48, NULL },
	{ BYTES(JPEG_FRONT "\xff\xc4\0\2\xff\xc2\0\x11\x8\1\0\2\0\3"), 512, 256, NULL },
	{ BYTES(JPEG_FRONT "\xff\xda\0\2"), 0, 0, "its header is broken" },
	{ BYTES(JPEG_FRONT "\xff\xc0\0\x11\x8\0"), 0, 0, "its header is broken" },
	{ BYTES(JPEG_FRONT "\xff\xe1\xff\xff"), 0, 0, "its header is broken" },
	{ BYTES(JPEG_FRONT "no marker"), 0, 0, "its header is broken" },
	{ BYTES("GIF89a\x40\1\xf0\0\x80\0\0"), 320, 240, NULL },
	{ BYTES("GIF87a\x40\1\0\0\x80\0\0"), 0, 0, "its header is broken" },
	{ BYTES("RIFF\x20\0\0\0WEBPVP8X\xa\0\0\0\0\0\0\0\xff\1\0\xff\2\0"), 512, 768, NULL },
	{ BYTES("RIFF\x20\0\0\0WEBPVP8X\xa\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff"), 0, 0,
	  "it is 16777216 x 16777216 pixels, too large to be shown" },
	{ BYTES("RIFF\x20\0\0\0WEBPVP8L\xa\0\0\0\x2f\xff\xc1\x7f\0"), 512, 512, NULL },
	{ BYTES("RIFF\x20\0\0\0WEBPVP8L\xa\0\0\0\x2e\xff\xc1\x7f\0"), 0, 0,
	  "its header is broken" },
	{ BYTES("RIFF\x20\0\0\0WEBPVP8 \xa\0\0\0\x30\1\0\x9d\1\x2a\0\2\0\3"), 512, 768, NULL },
	{ BYTES("RIFF\x20\0\0\0WEBPVP8 \xa\0\0\0\x30\1\0\x9d\1\x2b\0\2\0\3"), 0, 0,
	  "its header is broken" },
	{ BYTES("RIFF\x20\0\0\0WEBPALPH\xa\0\0\0"), 0, 0, "its header is broken" },
	{ BYTES("<!DOCTYPE html>"), 0, 0, "it is no picture" },
	{ BYTES(""), 0, 0, "it is no picture" },
};

static void reads_the_front(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct blob blob = blob_from_memory(rows[i].bytes, rows[i].len);
		struct picture picture;
		struct error err = { 0 };
		bool is_read = picture_read(&blob, &picture, &err);
		if (is_read != !rows[i].why)
			fail_msg("row %zu: %s", i, err.text);
		if (is_read) {
			assert_int_equal(picture.width, rows[i].width);
			assert_int_equal(picture.height, rows[i].height);
			continue;
		}
		assert_string_equal(err.text, rows[i].why);
		assert_string_equal(err.slug, "W_IMAGE");
	}
}

static void refuses_endless_ones(void **state)
{
	(void)state;
	static char bytes[8 * PICTURE_SEGMENTS_MAX] = "\xff\xd8";
	struct picture picture;
	struct error err;
	for (size_t at = 2; at + 4 <= sizeof bytes; at += 4)
		memcpy(bytes + at, "\xff\xe1\0\2", 4);
	struct blob blob = blob_from_memory(bytes, sizeof bytes);
	assert_false(picture_read(&blob, &picture, &err));
	assert_string_equal(err.text, "its header is broken");
	blob.size_bytes = PICTURE_BYTES_MAX + 1u; /* not a byte of it is looked at */
	assert_false(picture_read(&blob, &picture, &err));
	assert_string_equal(err.text, "larger than 64 MiB");
	assert_int_equal(err.code, ERROR_LIMIT);
}

static void knows_names(void **state)
{
	(void)state;
	assert_true(picture_is_name(STR("a.PNG")));
	assert_true(picture_is_name(STR("a.preview.webp")));
	assert_false(picture_is_name(STR("a.mp4")));
	assert_false(picture_is_name(STR("png")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_front),
		cmocka_unit_test(refuses_endless_ones),
		cmocka_unit_test(knows_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
