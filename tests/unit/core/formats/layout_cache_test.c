// SPDX-License-Identifier: MIT
#include "core/formats/layout_cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/array.h"

enum place { METADATA_NONE, METADATA_FIRST, METADATA_LAST, METADATA_MIDDLE };

/** A file of `n` tensors; `variant` goes into the names, `words` into the metadata. */
struct file {
	int n;
	enum place place;
	const char *variant, *words;
	int extra_bytes;
};

static void append_metadata(struct bytes *out, const struct file *file)
{
	bytes_printf(out, "\"__metadata__\":{\"format\":\"pt\",\"w\":\"%s\"},", file->words);
}

static void make_file(const struct file *file, struct bytes *out)
{
	bytes_clear(out);
	bytes_append(out, "\0\0\0\0\0\0\0\0{", 9);
	if (file->place == METADATA_FIRST)
		append_metadata(out, file);
	for (int i = 0; i < file->n; i++) {
		bytes_printf(
			out,
			"\"lora_unet_%04d%s\\u002eweight\":{\"dtype\":\"F16\",\"shape\":[%d,4],"
			"\"data_offsets\":[%d,%d]},",
			i, i == file->n / 2 ? file->variant : "", 1, i * 8, i * 8 + 8);
		if (file->place == METADATA_MIDDLE && i == file->n / 2)
			append_metadata(out, file);
	}
	if (file->place == METADATA_LAST)
		append_metadata(out, file);
	out->ptr[out->len - 1] = '}';
	while (out->len % 8)
		bytes_append_byte(out, ' ');
	for (size_t i = 0, length = out->len - 8; i < 8; i++, length >>= 8)
		out->ptr[i] = (char)(length & 0xff);
	for (int i = 0; i < file->n * 8 + file->extra_bytes; i++)
		bytes_append_byte(out, 0);
}

static void assert_same_tables(const struct tensor_table *a, const struct tensor_table *b)
{
	assert_int_equal(a->n_tensors, b->n_tensors);
	for (size_t i = 0; i < a->n_tensors; i++) {
		const struct tensor *left = &a->tensors[i], *right = &b->tensors[i];
		assert_true(str_equal(left->name, right->name));
		assert_int_equal(left->dtype, right->dtype);
		assert_int_equal(left->rank, right->rank);
		assert_memory_equal(left->shape, right->shape, left->rank * sizeof *left->shape);
		assert_int_equal(left->offset_bytes, right->offset_bytes);
		assert_int_equal(left->size_bytes, right->size_bytes);
	}
}

static void assert_same_readings(const struct reading *a, const struct reading *b)
{
	assert_true(str_equal(a->error.code, b->error.code));
	assert_true(str_equal(a->error.message, b->error.message));
	assert_int_equal(a->status, b->status);
	assert_int_equal(a->n_notes, b->n_notes);
	assert_int_equal(a->has_table, b->has_table);
	assert_same_tables(&a->table, &b->table);
	assert_int_equal(a->metadata.n_pairs, b->metadata.n_pairs);
	for (size_t i = 0; i < a->metadata.n_pairs; i++) {
		assert_true(str_equal(a->metadata.pairs[i].key, b->metadata.pairs[i].key));
		assert_true(str_equal(a->metadata.pairs[i].value, b->metadata.pairs[i].value));
	}
}

/** Reads with a reader that has seen much and with a new one: nothing may differ. */
static uint32_t read_both_ways(struct format_reader *reader, const struct bytes *bytes)
{
	struct format_reader *fresh = format_reader_create();
	struct arena arena = { 0 };
	struct reading cached, plain;
	/* Of its exact size, so that a read past the end is seen. */
	char *exact = arena_try_bytes(&arena, bytes->len);
	memcpy(exact, bytes->ptr, bytes->len);
	struct blob blob = blob_from_memory(exact, bytes->len);
	format_read(reader, &blob, STR("a.safetensors"), &arena, &cached);
	format_read(fresh, &blob, STR("a.safetensors"), &arena, &plain);
	assert_same_readings(&cached, &plain);
	format_reader_destroy(fresh);
	arena_finish(&arena);
	return cached.layout_id;
}

static uint32_t layout_of(struct format_reader *reader, struct file file)
{
	struct bytes bytes = { 0 };
	make_file(&file, &bytes);
	uint32_t id = read_both_ways(reader, &bytes);
	bytes_finish(&bytes);
	return id;
}

static void files_of_one_trainer_share_a_layout(void **state)
{
	(void)state;
	struct format_reader *reader = format_reader_create();
	for (int place = METADATA_NONE; place <= METADATA_MIDDLE; place++) {
		uint32_t first = layout_of(reader, (struct file){ 200, place, "", "one", 0 });
		assert_int_not_equal(first, 0);
		assert_int_equal(layout_of(reader, (struct file){ 200, place, "", "one", 0 }),
				 first);
		assert_int_equal(
			layout_of(reader,
				  (struct file){ 200, place, "", "a much longer \\\"text\\\"", 0 }),
			first);
		uint32_t other = layout_of(reader, (struct file){ 200, place, "x", "one", 0 });
		assert_int_not_equal(other, first);
		assert_int_equal(layout_of(reader, (struct file){ 200, place, "", "two", 0 }),
				 first);
		assert_int_not_equal(layout_of(reader, (struct file){ 201, place, "", "one", 0 }),
				     first);
	}
	format_reader_destroy(reader);
}

static void a_known_layout_does_not_hide_damage(void **state)
{
	(void)state;
	struct format_reader *reader = format_reader_create();
	for (int place = METADATA_NONE; place <= METADATA_MIDDLE; place++) {
		uint32_t id = layout_of(reader, (struct file){ 200, place, "", "one", 0 });
		assert_int_equal(layout_of(reader, (struct file){ 200, place, "", "one", -1 }), id);
		assert_int_equal(layout_of(reader, (struct file){ 200, place, "", "one", 1 }), 0);
	}
	for (int place = METADATA_FIRST; place <= METADATA_MIDDLE; place++) {
		static const char *const bad[] = {
			"\xff",
			"\\x",
			"\"",
			"a\",\"w\":\"b",
			"\",\"n\":1,\"x\":\"",
			"\"}",
			"\"},\"y\":{\"a\":\"",
		};
		for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
			layout_of(reader, (struct file){ 200, place, "", bad[i], 0 });
	}
	format_reader_destroy(reader);
}

static void small_headers_are_not_kept(void **state)
{
	(void)state;
	struct format_reader *reader = format_reader_create();
	assert_int_equal(layout_of(reader, (struct file){ 5, METADATA_FIRST, "", "one", 0 }), 0);
	assert_int_equal(layout_of(reader, (struct file){ 5, METADATA_FIRST, "", "one", 0 }), 0);
	format_reader_destroy(reader);
}

static void many_layouts_come_and_go(void **state)
{
	(void)state;
	struct format_reader *reader = format_reader_create();
	for (unsigned i = 0; i < 2 * (LAYOUT_CACHE_MAX + 50); i++) {
		char variant[16];
		snprintf(variant, sizeof variant, "%u", i % (LAYOUT_CACHE_MAX + 50));
		struct file file = { 60, METADATA_FIRST, variant, "w", 0 };
		assert_int_not_equal(layout_of(reader, file), 0);
	}
	format_reader_destroy(reader);
}

static void tables_outlive_the_buffer_they_came_from(void **state)
{
	(void)state;
	struct format_reader *reader = format_reader_create();
	struct arena arena = { 0 };
	struct bytes one = { 0 }, two = { 0 };
	make_file(&(struct file){ 200, METADATA_FIRST, "", "one", -1 }, &one); /* cut: not kept */
	make_file(&(struct file){ 300, METADATA_FIRST, "y", "two", 0 }, &two);
	struct blob blobs[] = {
		blob_from_memory(one.ptr, one.len),
		blob_from_memory(two.ptr, two.len),
	};
	struct reading readings[2];
	for (int i = 0; i < 2; i++)
		format_read(reader, &blobs[i], STR("a.safetensors"), &arena, &readings[i]);
	assert_true(str_equal(readings[0].table.tensors[7].name, STR("lora_unet_0007.weight")));
	assert_true(str_equal(metadata_find(&readings[0].metadata, STR("w")), STR("one")));
	assert_true(str_equal(readings[1].table.tensors[150].name, STR("lora_unet_0150y.weight")));
	bytes_finish(&one);
	bytes_finish(&two);
	arena_finish(&arena);
	format_reader_destroy(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_of_one_trainer_share_a_layout),
		cmocka_unit_test(a_known_layout_does_not_hide_damage),
		cmocka_unit_test(small_headers_are_not_kept),
		cmocka_unit_test(many_layouts_come_and_go),
		cmocka_unit_test(tables_outlive_the_buffer_they_came_from),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
