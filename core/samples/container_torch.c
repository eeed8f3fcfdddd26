// SPDX-License-Identifier: MIT
#include <zlib.h>

#include "core/samples/container.h"
#include "core/samples/torch_object.h"

enum { ALIGNMENT = 64, PROTOCOL = 1001 };

/* A file with holes. */

struct layout {
	struct arena *arena;
	struct bytes bytes;  /* since the last hole */
	uint64_t at;         /* where they begin */
	struct array pieces; /* struct sample_piece */
};

static uint64_t end_of(const struct layout *layout)
{
	return layout->at + layout->bytes.len;
}

static void hole(struct layout *layout, uint64_t size_bytes)
{
	*ARRAY_PUSH(&layout->pieces, struct sample_piece) = (struct sample_piece){
		layout->at,
		arena_str(layout->arena, bytes_str(&layout->bytes)),
	};
	layout->at = end_of(layout) + size_bytes;
	bytes_clear(&layout->bytes);
}

/* The first piece is the head; hands over the others. */
static void hand_over(struct layout *layout, struct bytes *head, struct sample_file *file)
{
	hole(layout, 0);
	file->size_bytes = layout->at;
	bytes_append_str(head, ARRAY_AT(&layout->pieces, struct sample_piece, 0)->bytes);
	file->n_pieces = layout->pieces.len - 1;
	struct sample_piece *pieces = array_to_arena(&layout->pieces, layout->arena);
	file->pieces = pieces + 1;
	bytes_finish(&layout->bytes);
	array_finish(&layout->pieces);
}

static void put(struct layout *layout, uint64_t number, unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		bytes_append_byte(&layout->bytes, i < 8 ? (char)(number >> 8 * i) : 0);
}

/* Zip as torch.save writes it: stored, the data at multiples of 64 by an "FB" field, the sizes
 * behind the data, a zip64 record always. */

struct zip_row {
	struct str name;
	uint64_t size_bytes, at;
	uint32_t crc;
};

struct zip_writer {
	struct layout layout;
	struct array rows; /* struct zip_row */
};

static bool is_large(uint64_t number)
{
	return number >= UINT32_MAX;
}

static uint32_t small(uint64_t number)
{
	return is_large(number) ? UINT32_MAX : (uint32_t)number;
}

/* Of n zeros without reading them: twice as many at each step. */
static uint32_t crc_of_zeros(uint64_t n)
{
	uLong power = crc32(0, (const Bytef *)"", 1), crc = 0;
	uint64_t length = 1, done = 0;

	for (; length <= n; length *= 2) {
		if (n & length) {
			crc = crc32_combine(crc, power, (z_off_t)length);
			done += length;
		}
		power = crc32_combine(power, power, (z_off_t)length);
	}
	return done ? (uint32_t)crc : 0;
}

static void put_local(struct zip_writer *zip, struct str name)
{
	struct layout *layout = &zip->layout;
	uint64_t data_at = end_of(layout) + 30 + name.len + 4;
	unsigned padding = (unsigned)(-data_at % ALIGNMENT);

	put(layout, 0x04034b50, 4);
	put(layout, 0, 2);
	put(layout, 0x808, 2); /* UTF-8, sizes follow */
	put(layout, 0, 18);
	put(layout, name.len, 2);
	put(layout, padding + 4, 2);
	bytes_append_str(&layout->bytes, name);
	bytes_append(&layout->bytes, "FB", 2);
	put(layout, padding, 2);
	for (unsigned i = 0; i < padding; i++)
		bytes_append_byte(&layout->bytes, 'Z');
}

static void put_sizes(struct layout *layout, const struct zip_row *row)
{
	unsigned width = is_large(row->size_bytes) ? 8 : 4;

	put(layout, 0x08074b50, 4);
	put(layout, row->crc, 4);
	put(layout, row->size_bytes, width);
	put(layout, row->size_bytes, width);
}

static void add_member(struct zip_writer *zip, struct str name, struct str bytes, uint64_t zeros)
{
	struct zip_row *row = ARRAY_PUSH(&zip->rows, struct zip_row);

	row->name = name;
	row->at = end_of(&zip->layout);
	row->size_bytes = bytes.len + zeros;
	row->crc = zeros ? crc_of_zeros(zeros)
			 : (uint32_t)crc32(0, (const Bytef *)bytes.ptr, (uInt)bytes.len);
	put_local(zip, name);
	bytes_append_str(&zip->layout.bytes, bytes);
	if (zeros)
		hole(&zip->layout, zeros);
	put_sizes(&zip->layout, row);
}

static void put_directory_row(struct layout *layout, const struct zip_row *row)
{
	unsigned large = (is_large(row->size_bytes) ? 16 : 0) + (is_large(row->at) ? 8 : 0);

	put(layout, 0x02014b50, 4);
	put(layout, 0, 4);
	put(layout, 0x808, 2);
	put(layout, 0, 6);
	put(layout, row->crc, 4);
	put(layout, small(row->size_bytes), 4);
	put(layout, small(row->size_bytes), 4);
	put(layout, row->name.len, 2);
	put(layout, large ? large + 4 : 0, 2);
	put(layout, 0, 10);
	put(layout, small(row->at), 4);
	bytes_append_str(&layout->bytes, row->name);
	if (large) {
		put(layout, 1, 2);
		put(layout, large, 2);
	}
	if (is_large(row->size_bytes)) {
		put(layout, row->size_bytes, 8);
		put(layout, row->size_bytes, 8);
	}
	if (is_large(row->at))
		put(layout, row->at, 8);
}

static void put_end(struct layout *layout, uint64_t n_rows, uint64_t directory_at)
{
	uint64_t at = end_of(layout), size_bytes = at - directory_at;

	put(layout, 0x06064b50, 4);
	put(layout, 44, 8);
	put(layout, 0x31e, 2);
	put(layout, 45, 2);
	put(layout, 0, 8);
	put(layout, n_rows, 8);
	put(layout, n_rows, 8);
	put(layout, size_bytes, 8);
	put(layout, directory_at, 8);
	put(layout, 0x07064b50, 4);
	put(layout, 0, 4);
	put(layout, at, 8);
	put(layout, 1, 4);
	put(layout, 0x06054b50, 4);
	put(layout, 0, 4);
	put(layout, n_rows < UINT16_MAX ? n_rows : UINT16_MAX, 2);
	put(layout, n_rows < UINT16_MAX ? n_rows : UINT16_MAX, 2);
	put(layout, small(size_bytes), 4);
	put(layout, small(directory_at), 4);
	put(layout, 0, 2);
}

static uint64_t bytes_of(const struct pickler_storage *storage)
{
	return storage->n_elements * dtype_bits(storage->dtype) / 8;
}

static void add_members(const struct container_input *input, const struct pickler *pickler,
			struct zip_writer *zip)
{
	struct str root = spec_text(input->entry, "root", STR("archive"));
	bool is_modern = spec_is_true(input->entry, "modern", false);
	struct arena *arena = input->arena;

	add_member(zip, arena_strf(arena, "%.*s/data.pkl", STR_ARG(root)), bytes_str(&pickler->out),
		   0);
	if (is_modern)
		add_member(zip, arena_strf(arena, "%.*s/byteorder", STR_ARG(root)), STR("little"),
			   0);
	for (size_t i = 0; i < pickler->storages.len; i++) {
		const struct pickler_storage *storage =
			ARRAY_AT(&pickler->storages, struct pickler_storage, i);
		add_member(
			zip,
			arena_strf(arena, "%.*s/data/%.*s", STR_ARG(root), STR_ARG(storage->key)),
			STR(""), bytes_of(storage));
	}
	add_member(zip, arena_strf(arena, "%.*s/version", STR_ARG(root)), STR("3\n"), 0);
	if (is_modern)
		add_member(zip, arena_strf(arena, "%.*s/.data/serialization_id", STR_ARG(root)),
			   STR("0636171018236112181102041714062916501108"), 0);
}

bool container_torch_zip(const struct container_input *input, struct bytes *head,
			 struct sample_file *file, struct error *err)
{
	struct zip_writer zip = {
		.layout = { .arena = input->arena, .pieces = ARRAY_OF(struct sample_piece) },
		.rows = ARRAY_OF(struct zip_row),
	};
	struct pickler pickler;

	pickler_init(&pickler, false, input->arena);
	bool ok = torch_object_append(input, &pickler, err);
	if (ok) {
		add_members(input, &pickler, &zip);
		uint64_t directory_at = end_of(&zip.layout);
		for (size_t i = 0; i < zip.rows.len; i++)
			put_directory_row(&zip.layout, ARRAY_AT(&zip.rows, struct zip_row, i));
		put_end(&zip.layout, zip.rows.len, directory_at);
		hand_over(&zip.layout, head, file);
	}
	array_finish(&zip.rows);
	pickler_finish(&pickler);
	return ok;
}

/* Before 1.6: five pickles, then each storage behind its length. */

static void put_head(struct pickler *pickler)
{
	bytes_append(&pickler->out, "\x80\2\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15);
	pickler_begin(pickler);
	pickler_number(pickler, PROTOCOL);
	pickler_end(pickler);
	pickler_begin(pickler);
	pickler_dict(pickler, false);
	pickler_text(pickler, STR("protocol_version"));
	pickler_number(pickler, PROTOCOL);
	pickler_text(pickler, STR("little_endian"));
	pickler_op(pickler, '\x88');
	pickler_dict_filled(pickler);
	pickler_end(pickler);
}

static void put_keys(struct pickler *pickler)
{
	pickler_begin(pickler);
	pickler_list(pickler);
	for (size_t i = 0; i < pickler->storages.len; i++)
		pickler_text(pickler, ARRAY_AT(&pickler->storages, struct pickler_storage, i)->key);
	pickler_list_filled(pickler);
	pickler_end(pickler);
}

bool container_torch_legacy(const struct container_input *input, struct bytes *head,
			    struct sample_file *file, struct error *err)
{
	struct layout layout = { .arena = input->arena, .pieces = ARRAY_OF(struct sample_piece) };
	struct pickler pickler;

	pickler_init(&pickler, true, input->arena);
	put_head(&pickler);
	bool ok = torch_object_append(input, &pickler, err);
	if (ok) {
		put_keys(&pickler);
		bytes_append_str(&layout.bytes, bytes_str(&pickler.out));
		for (size_t i = 0; i < pickler.storages.len; i++) {
			const struct pickler_storage *storage =
				ARRAY_AT(&pickler.storages, struct pickler_storage, i);
			put(&layout, storage->n_elements, 8);
			hole(&layout, bytes_of(storage));
		}
		hand_over(&layout, head, file);
	}
	pickler_finish(&pickler);
	return ok;
}
