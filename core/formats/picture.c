// SPDX-License-Identifier: MIT
#include "core/formats/picture.h"

#include <inttypes.h>

enum { FRONT_BYTES = 32, MARKER_BYTES = 4, FRAME_BYTES = 5 };

static const struct str extensions[] = {
	{ ".png", 4 }, { ".jpg", 4 }, { ".jpeg", 5 }, { ".webp", 5 }, { ".gif", 4 },
};

bool picture_is_name(struct str name)
{
	for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
		if (str_has_suffix_nocase(name, extensions[i]))
			return true;
	return false;
}

static uint32_t big(const unsigned char *bytes, int n)
{
	uint32_t value = 0;
	for (int i = 0; i < n; i++)
		value = value << 8 | bytes[i];
	return value;
}

static uint32_t little(const unsigned char *bytes, int n)
{
	uint32_t value = 0;
	while (n-- > 0)
		value = value << 8 | bytes[n];
	return value;
}

/** A picture while its front is read. */
struct look {
	const struct blob *blob;
	unsigned char front[FRONT_BYTES]; /* zeros behind a shorter file's end */
	struct picture *out;
	struct error *err;
};

static bool fail_broken(struct look *look)
{
	return error_set(look->err, ERROR_FORMAT, "W_IMAGE", "its header is broken");
}

/** The chunk of the header stands first. */
static bool read_png(struct look *look)
{
	const unsigned char *front = look->front;
	*look->out = (struct picture){ big(front + 16, 4), big(front + 20, 4) };
	return (big(front + 8, 4) == 13 && big(front + 12, 4) == 0x49484452) || fail_broken(look);
}

static bool read_gif(struct look *look)
{
	*look->out = (struct picture){ little(look->front + 6, 2), little(look->front + 8, 2) };
	return true;
}

/** Three kinds: with a header of its own, packed without loss, packed with loss. */
static bool read_webp(struct look *look)
{
	const unsigned char *front = look->front, *body = front + 20;
	uint32_t bits = little(body + 1, 4);
	switch (big(front + 12, 4)) {
	case 0x56503858: /* VP8X */
		*look->out = (struct picture){ little(body + 4, 3) + 1, little(body + 7, 3) + 1 };
		return true;
	case 0x5650384c: /* VP8L */
		*look->out = (struct picture){ (bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1 };
		return *body == 0x2f || fail_broken(look);
	case 0x56503820: /* VP8 */
		*look->out = (struct picture){ little(body + 6, 2) & 0x3fff,
					       little(body + 8, 2) & 0x3fff };
		return big(body + 3, 3) == 0x9d012a || fail_broken(look);
	default: return fail_broken(look);
	}
}

/** Reads bytes of a JPEG behind its front; a file that ends there is a broken one. */
static bool load(struct look *look, uint64_t at, unsigned char *to, size_t len)
{
	if (blob_read_at(look->blob, at, to, len, look->err))
		return true;
	if (look->err->code == ERROR_FORMAT)
		return fail_broken(look);
	look->err->slug = "W_IMAGE";
	return false;
}

/** C0 to CF but for tables and what is reserved. */
static bool begins_frame(unsigned char marker)
{
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
	       marker != 0xcc;
}

/** Scans and the end come after the frame. */
static bool stands_before_frame(unsigned char marker)
{
	return marker >= 0xc0 && marker != 0xd9 && marker != 0xda && marker != 0xff;
}

static bool read_frame(struct look *look, uint64_t at)
{
	unsigned char frame[FRAME_BYTES];
	if (!load(look, at, frame, sizeof frame))
		return false;
	*look->out = (struct picture){ big(frame + 3, 2), big(frame + 1, 2) };
	return true;
}

static bool read_jpeg(struct look *look)
{
	uint64_t at = 2;
	for (unsigned i = 0; i < PICTURE_SEGMENTS_MAX; i++) {
		unsigned char marker[MARKER_BYTES];
		if (!load(look, at, marker, sizeof marker))
			return false;
		if (marker[0] != 0xff)
			return fail_broken(look);
		if (marker[1] == 0xff) { /* as many of them as somebody likes */
			at++;
			continue;
		}
		if (begins_frame(marker[1]))
			return read_frame(look, at + MARKER_BYTES);
		if (!stands_before_frame(marker[1]))
			return fail_broken(look);
		at += 2 + (uint64_t)big(marker + 2, 2);
	}
	return fail_broken(look);
}

static const struct {
	struct str magic;
	size_t at;
	bool (*read)(struct look *look);
} kinds[] = {
	{ { "\x89PNG\r\n\x1a\n", 8 }, 0, read_png },
	{ { "\xff\xd8\xff", 3 }, 0, read_jpeg },
	{ { "GIF87a", 6 }, 0, read_gif },
	{ { "GIF89a", 6 }, 0, read_gif },
	{ { "WEBP", 4 }, 8, read_webp },
};

static bool read_kind(struct look *look)
{
	struct str front = { (const char *)look->front, sizeof look->front };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (str_has_prefix(str_slice(front, kinds[i].at, front.len), kinds[i].magic))
			return kinds[i].read(look);
	return error_set(look->err, ERROR_FORMAT, "W_IMAGE", "it is no picture");
}

static bool check_size(const struct picture *picture, struct error *err)
{
	uint64_t n_pixels = (uint64_t)picture->width * picture->height;
	if (!n_pixels)
		return error_set(err, ERROR_FORMAT, "W_IMAGE", "its header is broken");
	if (picture->width > PICTURE_SIDE_MAX || picture->height > PICTURE_SIDE_MAX ||
	    n_pixels > PICTURE_PIXELS_MAX)
		return error_set(err, ERROR_LIMIT, "W_IMAGE",
				 "it is %" PRIu32 " x %" PRIu32 " pixels, too large to be shown",
				 picture->width, picture->height);
	return true;
}

bool picture_read(const struct blob *blob, struct picture *out, struct error *err)
{
	struct look look = { .blob = blob, .out = out, .err = err };
	size_t len = blob->size_bytes < FRONT_BYTES ? (size_t)blob->size_bytes : FRONT_BYTES;
	if (blob->size_bytes > PICTURE_BYTES_MAX)
		return error_set(err, ERROR_LIMIT, "W_IMAGE", "larger than 64 MiB");
	blob_reads_little(blob);
	return load(&look, 0, look.front, len) && read_kind(&look) && check_size(out, err);
}
