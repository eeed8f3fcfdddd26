// SPDX-License-Identifier: MIT
#include "core/samples/picture.h"

#include "core/samples/dice.h"

#define N_SKY 8 /* colours: sky from the top down, then disc, far hills, near hills */
#define DISC N_SKY
#define FAR_HILLS (N_SKY + 1)
#define NEAR_HILLS (N_SKY + 2)
#define N_COLOURS (N_SKY + 3)

struct scene {
	int disc_x, disc_y, disc_radius;
	int far_height, near_height, far_step, near_step;
};

static void append_be32(struct bytes *out, uint32_t number)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		bytes_append_byte(out, (char)(number >> shift));
}

static uint32_t crc32_of(struct str bytes)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < bytes.len; i++) {
		crc ^= (unsigned char)bytes.ptr[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

static uint32_t adler32_of(struct str bytes)
{
	uint32_t a = 1, b = 0;

	for (size_t i = 0; i < bytes.len; i++) {
		a = (a + (unsigned char)bytes.ptr[i]) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

static void append_chunk(struct bytes *out, const char *type, struct str content)
{
	append_be32(out, (uint32_t)content.len);
	size_t from = out->len;
	bytes_append(out, type, 4);
	bytes_append_str(out, content);
	append_be32(out, crc32_of(str_slice(bytes_str(out), from, out->len)));
}

struct bit_writer {
	struct bytes *out;
	unsigned bits, n_bits;
};

static void put_bits(struct bit_writer *w, unsigned bits, unsigned n)
{
	w->bits |= bits << w->n_bits;
	w->n_bits += n;
	while (w->n_bits >= 8) {
		bytes_append_byte(w->out, (char)w->bits);
		w->bits >>= 8;
		w->n_bits -= 8;
	}
}

/* Huffman codes go out with their highest bit first. */
static void put_code(struct bit_writer *w, unsigned code, unsigned n)
{
	while (n-- > 0)
		put_bits(w, code >> n & 1, 1);
}

/* A run of the last byte: lengths 3 to 10 and 258 are those that need no extra bits. */
static size_t put_run(struct bit_writer *w, size_t len)
{
	size_t n = len >= 258 ? 258 : len > 10 ? 10 : len;

	if (n == 258)
		put_code(w, 0xc5, 8);
	else
		put_code(w, (unsigned)n - 2, 7);
	put_code(w, 0, 5); /* one byte back */
	return n;
}

/* zlib with one fixed-Huffman block; bytes below 144, as ours are, take 8 bits. */
static void append_deflated(struct bytes *out, struct str bytes)
{
	struct bit_writer w = { .out = out };

	bytes_append(out, "\x78\x01", 2);
	put_bits(&w, 1, 1);
	put_bits(&w, 1, 2);
	for (size_t i = 0; i < bytes.len;) {
		size_t run = 1;
		while (i + run < bytes.len && bytes.ptr[i + run] == bytes.ptr[i])
			run++;
		put_code(&w, 0x30 + (unsigned char)bytes.ptr[i], 8);
		i++;
		for (run--; run >= 3;) {
			size_t n = put_run(&w, run);
			run -= n;
			i += n;
		}
	}
	put_code(&w, 0, 7);
	put_bits(&w, 0, 7); /* to the end of the byte */
	append_be32(out, adler32_of(bytes));
}

static unsigned mix(unsigned a, unsigned b, unsigned part, unsigned whole)
{
	return (a * (whole - part) + b * part) / whole;
}

static void append_palette(struct bytes *out, struct dice *dice)
{
	unsigned char colours[N_COLOURS][3];
	struct bytes palette = { 0 };

	for (int c = 0; c < 3; c++) {
		unsigned top = 20 + (unsigned)dice_throw(dice, 120);
		unsigned low = 90 + (unsigned)dice_throw(dice, 160);
		for (unsigned i = 0; i < N_SKY; i++)
			colours[i][c] = (unsigned char)mix(top, low, i, N_SKY - 1);
		colours[DISC][c] = (unsigned char)mix(low, 255, 3, 4);
		colours[FAR_HILLS][c] = (unsigned char)mix(top, low, 1, 3);
		colours[NEAR_HILLS][c] = (unsigned char)(top / 2);
	}
	bytes_append(&palette, colours, sizeof(colours));
	append_chunk(out, "PLTE", bytes_str(&palette));
	bytes_finish(&palette);
}

/* A ridge of triangles: height above the bottom at x. */
static int ridge(int x, int height, int step)
{
	int along = x % (2 * step);

	return height + (along < step ? along : 2 * step - along) / 2;
}

static unsigned pixel(const struct scene *scene, int x, int y)
{
	int above = PICTURE_HEIGHT - y, dx = x - scene->disc_x, dy = y - scene->disc_y;

	if (above <= ridge(x + 7, scene->near_height, scene->near_step))
		return NEAR_HILLS;
	if (above <= ridge(x, scene->far_height, scene->far_step))
		return FAR_HILLS;
	if (dx * dx + dy * dy <= scene->disc_radius * scene->disc_radius)
		return DISC;
	return (unsigned)y * N_SKY / PICTURE_HEIGHT;
}

static int between(struct dice *dice, int low, int high)
{
	return low + (int)dice_throw(dice, (uint64_t)(high - low + 1));
}

static void append_pixels(struct bytes *out, struct dice *dice)
{
	struct bytes rows = { 0 }, packed = { 0 };
	struct scene scene = {
		.disc_x = between(dice, 20, 76),
		.disc_y = between(dice, 20, 60),
		.disc_radius = between(dice, 8, 18),
		.far_height = between(dice, 30, 50),
		.near_height = between(dice, 8, 24),
		.far_step = between(dice, 12, 30),
		.near_step = between(dice, 18, 45),
	};

	for (int y = 0; y < PICTURE_HEIGHT; y++) {
		bytes_append_byte(&rows, 0); /* no filter */
		for (int x = 0; x < PICTURE_WIDTH; x++)
			bytes_append_byte(&rows, (char)pixel(&scene, x, y));
	}
	append_deflated(&packed, bytes_str(&rows));
	append_chunk(out, "IDAT", bytes_str(&packed));
	bytes_finish(&rows);
	bytes_finish(&packed);
}

void picture_append(struct str seed, struct bytes *out)
{
	static const char eight_bit_palette[] = { 8, 3, 0, 0, 0 };
	struct dice dice = dice_from(seed);
	struct bytes header = { 0 };

	bytes_append(out, "\x89PNG\r\n\x1a\n", 8);
	append_be32(&header, PICTURE_WIDTH);
	append_be32(&header, PICTURE_HEIGHT);
	bytes_append(&header, eight_bit_palette, sizeof(eight_bit_palette));
	append_chunk(out, "IHDR", bytes_str(&header));
	append_palette(out, &dice);
	append_pixels(out, &dice);
	append_chunk(out, "IEND", STR(""));
	bytes_finish(&header);
}
