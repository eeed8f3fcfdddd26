// SPDX-License-Identifier: MIT
#include "core/formats/gguf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/array.h"

/* A file under construction. */
struct file {
	struct bytes bytes;
	bool is_big_endian;
};

static void put(struct file *file, size_t n_bytes, uint64_t number)
{
	for (size_t i = 0; i < n_bytes; i++) {
		size_t shift = 8 * (file->is_big_endian ? n_bytes - 1 - i : i);
		bytes_append_byte(&file->bytes, (char)(number >> shift));
	}
}

static void put_text(struct file *file, const char *text)
{
	put(file, 8, strlen(text));
	bytes_append(&file->bytes, text, strlen(text));
}

static void put_head(struct file *file, uint32_t version, uint64_t n_tensors, uint64_t n_pairs)
{
	bytes_append_str(&file->bytes, STR("GGUF"));
	put(file, 4, version);
	put(file, 8, n_tensors);
	put(file, 8, n_pairs);
}

static void put_key(struct file *file, const char *key, uint32_t type)
{
	put_text(file, key);
	put(file, 4, type);
}

static void put_number(struct file *file, const char *key, uint32_t type, size_t n_bytes,
		       uint64_t number)
{
	put_key(file, key, type);
	put(file, n_bytes, number);
}

static void put_array(struct file *file, const char *key, uint32_t type, uint64_t n_items)
{
	put_key(file, key, 9);
	put(file, 4, type);
	put(file, 8, n_items);
}

static void put_tensor(struct file *file, const char *name, uint32_t n_dims, const uint64_t *dims,
		       uint32_t type, uint64_t offset)
{
	put_text(file, name);
	put(file, 4, n_dims);
	for (uint32_t i = 0; i < n_dims; i++)
		put(file, 8, dims[i]);
	put(file, 4, type);
	put(file, 8, offset);
}

static void put_matrix(struct file *file, const char *name, uint64_t width, uint64_t height,
		       uint32_t type, uint64_t offset)
{
	const uint64_t dims[] = { width, height };
	put_tensor(file, name, 2, dims, type, offset);
}

static void put_data(struct file *file, size_t n_bytes)
{
	while (file->bytes.len % 32)
		bytes_append_byte(&file->bytes, 0);
	for (size_t i = 0; i < n_bytes; i++)
		bytes_append_byte(&file->bytes, 0);
}

struct read {
	struct format_reader *reader;
	struct arena arena;
	struct reading out;
};

static void read_blob(struct read *read, struct blob blob)
{
	*read = (struct read){ .reader = format_reader_create() };
	format_read(read->reader, &blob, STR("a.gguf"), &read->arena, &read->out);
}

static void read_file(struct read *read, struct file *file)
{
	read_blob(read, blob_from_memory(file->bytes.ptr, file->bytes.len));
}

static void finish(struct read *read, struct file *file)
{
	arena_finish(&read->arena);
	format_reader_destroy(read->reader);
	bytes_finish(&file->bytes);
}

static void assert_sound(const struct read *read)
{
	if (read->out.error.code.ptr)
		fail_msg("%s: %s", read->out.error.code.ptr, read->out.error.message.ptr);
	assert_true(read->out.has_table);
	assert_int_equal(read->out.status, STATUS_OK);
	assert_int_equal(read->out.safety, SAFETY_DATA_ONLY);
}

static void assert_str(struct str text, const char *wanted)
{
	if (!str_equal(text, str_from(wanted)))
		fail_msg("\"%.*s\" instead of \"%s\"", STR_ARG(text), wanted);
}

static void make_small(struct file *file, uint32_t version)
{
	const uint64_t dims[] = { 3, 3, 4, 320 };
	put_head(file, version, 3, 2);
	put_key(file, "general.architecture", 8);
	put_text(file, "flux");
	put_number(file, "general.file_type", 4, 4, 14);
	put_tensor(file, "conv.weight", 4, dims, 1, 0);
	put_matrix(file, "to_q.weight", 256, 64, 12, 23040);
	put_tensor(file, "scale", 0, NULL, 0, 23040 + 64 * 144);
	put_data(file, 23040 + 64 * 144 + 4);
}

static void reads_either_byte_order(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct file file = { .is_big_endian = i & 1 };
		struct read read;
		make_small(&file, i & 2 ? 3 : 2);
		read_file(&read, &file);
		assert_sound(&read);
		const struct tensor *tensors = read.out.table.tensors;
		assert_int_equal(read.out.table.n_tensors, 3);
		assert_str(tensors[0].name, "conv.weight");
		assert_int_equal(tensors[0].dtype, DTYPE_F16);
		assert_int_equal(tensors[0].rank, 4);
		assert_int_equal(tensors[0].shape[0], 320);
		assert_int_equal(tensors[0].shape[1], 4);
		assert_int_equal(tensors[0].shape[3], 3);
		assert_int_equal(tensors[0].size_bytes, 23040);
		assert_int_equal(tensors[1].dtype, DTYPE_Q4_K);
		assert_int_equal(tensors[1].shape[0], 64);
		assert_int_equal(tensors[1].shape[1], 256);
		assert_int_equal(tensors[1].offset_bytes, 23040);
		assert_int_equal(tensors[1].size_bytes, 64 * 144);
		assert_int_equal(tensors[2].rank, 0);
		assert_int_equal(tensors[2].size_bytes, 4);
		assert_int_equal(read.out.n_notes, 0);
		assert_str(metadata_find(&read.out.metadata, STR("general.architecture")), "flux");
		assert_str(metadata_find(&read.out.metadata, STR("general.file_type")), "14");
		finish(&read, &file);
	}
}

static void measures_every_type(void **state)
{
	static const struct {
		uint32_t type;
		const char *precision;
		unsigned block, size_bytes;
	} rows[] = {
		{ 0, "fp32", 1, 4 },        { 1, "fp16", 1, 2 },        { 2, "q4_0", 32, 18 },
		{ 3, "q4_1", 32, 20 },      { 6, "q5_0", 32, 22 },      { 7, "q5_1", 32, 24 },
		{ 8, "q8_0", 32, 34 },      { 9, "q8_1", 32, 36 },      { 10, "q2_k", 256, 84 },
		{ 11, "q3_k", 256, 110 },   { 12, "q4_k", 256, 144 },   { 13, "q5_k", 256, 176 },
		{ 14, "q6_k", 256, 210 },   { 15, "q8_k", 256, 292 },   { 16, "iq2_xxs", 256, 66 },
		{ 17, "iq2_xs", 256, 74 },  { 18, "iq3_xxs", 256, 98 }, { 19, "iq1_s", 256, 50 },
		{ 20, "iq4_nl", 32, 18 },   { 21, "iq3_s", 256, 110 },  { 22, "iq2_s", 256, 82 },
		{ 23, "iq4_xs", 256, 136 }, { 24, "int8", 1, 1 },       { 25, NULL, 1, 2 },
		{ 26, NULL, 1, 4 },         { 27, NULL, 1, 8 },         { 28, "fp64", 1, 8 },
		{ 29, "iq1_m", 256, 56 },   { 30, "bf16", 1, 2 },       { 34, "tq1_0", 256, 54 },
		{ 35, "tq2_0", 256, 66 },   { 39, "mxfp4", 32, 17 },    { 40, "nvfp4", 64, 36 },
		{ 41, "q1_0", 128, 18 },    { 42, "q2_0", 64, 18 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct file file = { 0 };
		struct read read;
		put_head(&file, 3, 1, 0);
		put_matrix(&file, "w", rows[i].block * 3, 5, rows[i].type, 0);
		put_data(&file, (size_t)15 * rows[i].size_bytes);
		read_file(&read, &file);
		assert_sound(&read);
		const struct tensor *tensor = &read.out.table.tensors[0];
		assert_int_equal(tensor->size_bytes, 15 * rows[i].size_bytes);
		assert_int_equal(dtype_block(tensor->dtype), rows[i].block);
		assert_str(str_from(dtype_precision(tensor->dtype)), rows[i].precision);
		finish(&read, &file);
	}
}

static void an_unknown_type_keeps_its_row(void **state)
{
	static const uint32_t unknown[] = { 4, 5, 31, 36, 43, 0x7fffffff };
	(void)state;
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
		struct file file = { 0 };
		struct read read;
		put_head(&file, 3, 2, 0);
		put_matrix(&file, "odd", 100, 5, unknown[i], 0);
		put_matrix(&file, "next", 4, 4, 0, 96);
		put_data(&file, 96 + 64);
		read_file(&read, &file);
		assert_sound(&read);
		assert_int_equal(read.out.table.n_tensors, 2);
		assert_int_equal(read.out.table.tensors[0].dtype, DTYPE_UNKNOWN);
		assert_int_equal(read.out.n_notes, 1);
		assert_str(read.out.notes[0].code, "W_GG_DTYPE");
		finish(&read, &file);
	}
}

static void single_values_become_text(void **state)
{
	static const struct {
		uint32_t type;
		size_t n_bytes;
		uint64_t bits;
		const char *text;
	} rows[] = {
		{ 0, 1, 200, "200" },
		{ 1, 1, 200, "-56" },
		{ 2, 2, 65535, "65535" },
		{ 3, 2, 65535, "-1" },
		{ 4, 4, 4000000000, "4000000000" },
		{ 5, 4, 0x80000000, "-2147483648" },
		{ 6, 4, 0x3fc00000, "1.5" },
		{ 7, 1, 1, "true" },
		{ 7, 1, 0, "false" },
		{ 10, 8, UINT64_MAX, "18446744073709551615" },
		{ 11, 8, UINT64_MAX, "-1" },
		{ 11, 8, 7, "7" },
		{ 12, 8, 0xc004000000000000, "-2.5" },
	};
	enum { N = sizeof rows / sizeof *rows };
	(void)state;
	struct file file = { 0 };
	struct read read;
	char key[N][16];
	put_head(&file, 3, 0, N);
	for (size_t i = 0; i < N; i++) {
		snprintf(key[i], sizeof key[i], "key%zu", i);
		put_number(&file, key[i], rows[i].type, rows[i].n_bytes, rows[i].bits);
	}
	read_file(&read, &file);
	assert_sound(&read);
	assert_int_equal(read.out.metadata.n_pairs, N);
	for (size_t i = 0; i < N; i++)
		assert_str(metadata_find(&read.out.metadata, str_from(key[i])), rows[i].text);
	finish(&read, &file);
}

static void long_texts_are_cut_between_characters(void **state)
{
	(void)state;
	struct file file = { 0 };
	struct read read;
	put_head(&file, 3, 0, 2);
	put_key(&file, "long", 8);
	put(&file, 8, 3 << 20);
	for (size_t i = 0; i < 1 << 20; i++)
		bytes_append_str(&file.bytes, STR("\xe2\x82\xac"));
	put_key(&file, "after", 8);
	put_text(&file, "it");
	read_file(&read, &file);
	assert_sound(&read);
	struct str value = metadata_find(&read.out.metadata, STR("long"));
	assert_int_equal(value.len, METADATA_VALUE_MAX / 3 * 3);
	assert_str(metadata_find(&read.out.metadata, STR("after")), "it");
	finish(&read, &file);
}

/* 24 MiB of tokenizer before the first tensor, which is larger than any window. */
static void arrays_are_passed_over(void **state)
{
	enum { TOKENS = 400000 };
	(void)state;
	struct file file = { 0 };
	struct read read;
	put_head(&file, 3, 1, 4);
	put_array(&file, "tokenizer.ggml.tokens", 8, TOKENS);
	for (size_t i = 0; i < TOKENS; i++)
		put_text(&file, "a token of some fifty bytes, as no tokenizer has them");
	put_array(&file, "tokenizer.ggml.scores", 6, TOKENS);
	for (size_t i = 0; i < TOKENS; i++)
		put(&file, 4, i);
	put_array(&file, "nested", 9, 2);
	for (int i = 0; i < 2; i++) {
		put(&file, 4, 8);
		put(&file, 8, 1);
		put_text(&file, "deep");
	}
	put_number(&file, "after", 4, 4, 7);
	put_matrix(&file, "w", 8, 4, 0, 0);
	put_data(&file, 128);
	assert_true(file.bytes.len > 24 << 20);
	read_file(&read, &file);
	assert_sound(&read);
	assert_int_equal(read.out.metadata.n_pairs, 1);
	assert_str(metadata_find(&read.out.metadata, STR("after")), "7");
	assert_int_equal(read.out.table.tensors[0].shape[0], 4);
	assert_true(read.arena.used_bytes < 1 << 16);
	finish(&read, &file);
}

static void folded_tensors_have_their_true_shape(void **state)
{
	(void)state;
	struct file file = { 0 };
	struct read read;
	put_head(&file, 3, 2, 2);
	put_array(&file, "comfy.gguf.orig_shape.z.weight", 5, 4);
	put(&file, 4, 320);
	put(&file, 4, 4);
	put(&file, 4, 3);
	put(&file, 4, 3);
	put_array(&file, "comfy.gguf.orig_shape.no.such", 5, 1);
	put(&file, 4, 1);
	put_matrix(&file, "z.weight", 256, 45, 1, 0);
	put_matrix(&file, "a.weight", 256, 45, 1, 23040);
	put_data(&file, 46080);
	read_file(&read, &file);
	assert_sound(&read);
	const struct tensor *tensor = &read.out.table.tensors[0];
	assert_int_equal(tensor->rank, 4);
	assert_int_equal(tensor->shape[0], 320);
	assert_int_equal(tensor->shape[1], 4);
	assert_int_equal(tensor->shape[3], 3);
	assert_int_equal(tensor->size_bytes, 23040);
	assert_int_equal(read.out.table.tensors[1].rank, 2);
	finish(&read, &file);
}

static void nothing_is_read_behind_the_list(void **state)
{
	(void)state;
	struct file file = { 0 };
	struct read read;
	uint64_t far_away = UINT64_C(1) << 40;
	put_head(&file, 3, 2, 0);
	put_matrix(&file, "w", 1 << 18, 1 << 20, 0, 0);
	put_matrix(&file, "v", 8, 4, 0, far_away);
	put_data(&file, 0);
	FILE *stream = tmpfile();
	assert_non_null(stream);
	assert_int_equal(fwrite(file.bytes.ptr, 1, file.bytes.len, stream), file.bytes.len);
	assert_int_equal(fflush(stream), 0);
	uint64_t size_bytes = file.bytes.len + far_away + 128;
	assert_int_equal(ftruncate(fileno(stream), (off_t)size_bytes), 0);
	read_blob(&read, blob_from_fd(fileno(stream), size_bytes));
	assert_sound(&read);
	assert_int_equal(read.out.table.tensors[0].size_bytes, far_away);
	finish(&read, &file);
	fclose(stream);
}

static void another_order_is_told(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct file file = { 0 };
		struct read read;
		put_head(&file, 3, 2, 0);
		put_matrix(&file, "w", 8, 4, 0, i ? 0 : 128);
		put_matrix(&file, "v", 8, 4, 0, i ? 160 : 0);
		put_data(&file, 300);
		read_file(&read, &file);
		assert_sound(&read);
		assert_int_equal(read.out.n_notes, 1);
		assert_str(read.out.notes[0].code, "W_GG_OFFSET");
		finish(&read, &file);
	}
}

static void data_cut_off_leaves_the_table(void **state)
{
	(void)state;
	struct file file = { 0 };
	struct read read;
	make_small(&file, 3);
	file.bytes.len -= 1000;
	read_file(&read, &file);
	assert_str(read.out.error.code, "E_TRUNCATED");
	assert_int_equal(read.out.status, STATUS_PARTIAL);
	assert_true(read.out.has_table);
	assert_int_equal(read.out.table.n_tensors, 3);
	assert_int_equal(read.out.metadata.n_pairs, 2);
	finish(&read, &file);
}

static void a_list_cut_off_is_never_sound(void **state)
{
	(void)state;
	struct file file = { 0 };
	put_head(&file, 3, 1, 2);
	put_array(&file, "tokens", 8, 1);
	put_text(&file, "ab");
	put_number(&file, "n", 4, 4, 1);
	put_matrix(&file, "w", 8, 4, 0, 0);
	for (size_t len = 5; len < file.bytes.len; len++) {
		struct read read;
		read_blob(&read, blob_from_memory(file.bytes.ptr, len));
		assert_non_null(read.out.error.code.ptr);
		assert_false(read.out.has_table);
		assert_int_equal(read.out.table.n_tensors, 0);
		arena_finish(&read.arena);
		format_reader_destroy(read.reader);
	}
	bytes_finish(&file.bytes);
}

/* Mistakes: each makes a file that has one. */

static void many_tensors(struct file *file)
{
	put_head(file, 3, UINT64_C(1) << 62, 0);
}

static void many_keys(struct file *file)
{
	put_head(file, 3, 0, 9);
	put_data(file, 40);
}

static void tensors_past_the_limit(struct file *file)
{
	put_head(file, 3, 1000001, 0);
	put_data(file, 9000000);
}

static void keys_past_the_limit(struct file *file)
{
	put_head(file, 3, 0, 100001);
	put_data(file, 900000);
}

static void long_key(struct file *file)
{
	put_head(file, 3, 0, 1);
	put(file, 8, 1000);
}

static void huge_key(struct file *file)
{
	put_head(file, 3, 0, 1);
	put(file, 8, 65536);
	put_data(file, 70000);
}

static void endless_text(struct file *file)
{
	put_head(file, 3, 0, 1);
	put_key(file, "k", 8);
	put(file, 8, UINT64_MAX);
}

static void unknown_value(struct file *file)
{
	put_head(file, 3, 0, 1);
	put_key(file, "k", 13);
	put_data(file, 32);
}

static void unknown_items(struct file *file)
{
	put_head(file, 3, 0, 1);
	put_array(file, "k", 77, 0);
}

static void too_many_items(struct file *file)
{
	put_head(file, 3, 0, 1);
	put_array(file, "k", 10, UINT64_C(1) << 61);
}

static void too_deep(struct file *file)
{
	put_head(file, 3, 0, 1);
	put_array(file, "k", 9, 1);
	for (int i = 0; i < 4; i++) {
		put(file, 4, 9);
		put(file, 8, 1);
	}
	put_data(file, 64);
}

static void key_twice(struct file *file)
{
	put_head(file, 3, 0, 3);
	put_array(file, "k", 4, 0);
	put_number(file, "other", 4, 4, 1);
	put_number(file, "k", 4, 4, 1);
}

static void tensor_twice(struct file *file)
{
	put_head(file, 3, 2, 0);
	put_matrix(file, "w", 8, 4, 0, 0);
	put_matrix(file, "w", 8, 4, 0, 128);
	put_data(file, 256);
}

static void nine_dimensions(struct file *file)
{
	const uint64_t dims[9] = { 1, 1, 1, 1, 1, 1, 1, 1, 1 };
	put_head(file, 3, 1, 0);
	put_tensor(file, "w", 9, dims, 0, 0);
	put_data(file, 32);
}

static void overflowing(struct file *file)
{
	put_head(file, 3, 1, 0);
	put_matrix(file, "w", UINT64_C(1) << 40, UINT64_C(1) << 40, 0, 0);
	put_data(file, 32);
}

/* Fits 64 bits as elements, not as bytes: CVE-2026-33298. */
static void overflowing_bytes(struct file *file)
{
	put_head(file, 3, 1, 0);
	put_matrix(file, "w", UINT64_C(1) << 31, UINT64_C(1) << 31, 28, 0);
	put_data(file, 32);
}

static void half_a_block(struct file *file)
{
	put_head(file, 3, 1, 0);
	put_matrix(file, "w", 128, 2, 12, 0);
	put_data(file, 144);
}

static void untrue_shape(struct file *file)
{
	put_head(file, 3, 1, 1);
	put_array(file, "comfy.gguf.orig_shape.w", 5, 2);
	put(file, 4, 8);
	put(file, 4, 5);
	put_matrix(file, "w", 8, 4, 0, 0);
	put_data(file, 128);
}

static void odd_alignment(struct file *file)
{
	put_head(file, 3, 0, 1);
	put_number(file, "general.alignment", 4, 4, 24);
}

static void no_alignment(struct file *file)
{
	put_head(file, 3, 0, 1);
	put_number(file, "general.alignment", 4, 4, 0);
}

static void wide_alignment(struct file *file)
{
	put_head(file, 3, 0, 1);
	put_number(file, "general.alignment", 10, 8, 64);
}

static void unaligned(struct file *file)
{
	put_head(file, 3, 1, 0);
	put_matrix(file, "w", 8, 4, 0, 8);
	put_data(file, 256);
}

static void overlapping(struct file *file)
{
	put_head(file, 3, 2, 0);
	put_matrix(file, "w", 16, 4, 0, 0);
	put_matrix(file, "v", 8, 4, 0, 224);
	put_data(file, 512);
}

static void far_outside(struct file *file)
{
	put_head(file, 3, 1, 0);
	put_matrix(file, "w", 8, 4, 0, UINT64_C(1) << 50);
	put_data(file, 128);
}

static void wrapping(struct file *file)
{
	put_head(file, 3, 1, 0);
	put_matrix(file, "w", 8, 4, 0, UINT64_MAX - 31);
	put_data(file, 128);
}

#define OUTSIDE " lies outside the file or overlaps"

static void mistakes_are_named(void **state)
{
	static const struct {
		void (*make)(struct file *file);
		const char *error;
	} rows[] = {
		{ many_tensors,
		  "E_GG_COUNT: says 4611686018427387904 tensors, more than the file could hold" },
		{ many_keys, "E_GG_COUNT: says 9 keys, more than the file could hold" },
		{ tensors_past_the_limit,
		  "E_GG_COUNT: says 1000001 tensors; the limit is 1000000" },
		{ keys_past_the_limit, "E_GG_COUNT: says 100001 keys; the limit is 100000" },
		{ long_key, "E_GG_STRING: text of 1000 bytes at 24 runs past the end" },
		{ huge_key,
		  "E_GG_STRING: text of 65536 bytes at 24 is longer than the limit of 65535" },
		{ endless_text,
		  "E_GG_STRING: text of 18446744073709551615 bytes at 37 runs past the end" },
		{ unknown_value, "E_GG_ARRAY: key \"k\": bad array (type 13, depth 0)" },
		{ unknown_items, "E_GG_ARRAY: key \"k\": bad array (type 77, depth 1)" },
		{ too_many_items, "E_GG_ARRAY: key \"k\": bad array (type 10, depth 1) of "
				  "2305843009213693952 items" },
		{ too_deep, "E_GG_ARRAY: key \"k\": bad array (type 9, depth 5)" },
		{ key_twice, "E_GG_DUP: \"k\" appears twice" },
		{ tensor_twice, "E_GG_DUP: \"w\" appears twice" },
		{ nine_dimensions, "E_GG_SHAPE: tensor \"w\" has an impossible shape" },
		{ overflowing, "E_GG_SHAPE: tensor \"w\" has an impossible shape" },
		{ overflowing_bytes, "E_GG_SHAPE: tensor \"w\" has an impossible shape" },
		{ half_a_block, "E_GG_SHAPE: tensor \"w\" has an impossible shape" },
		{ untrue_shape, "E_GG_SHAPE: tensor \"w\" has an impossible shape" },
		{ odd_alignment, "E_GG_ALIGN: general.alignment is 24; must be a power of two" },
		{ no_alignment, "E_GG_ALIGN: general.alignment is 0; must be a power of two" },
		{ wide_alignment, "E_GG_ALIGN: general.alignment is 64; must be a power of two" },
		{ unaligned, "E_GG_OFFSET: tensor \"w\"" OUTSIDE },
		{ overlapping, "E_GG_OFFSET: tensor \"v\"" OUTSIDE },
		{ far_outside, "E_GG_OFFSET: tensor \"w\"" OUTSIDE },
		{ wrapping, "E_GG_OFFSET: tensor \"w\"" OUTSIDE },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct file file = { 0 };
		struct read read;
		char text[300];
		rows[i].make(&file);
		read_file(&read, &file);
		assert_non_null(read.out.error.code.ptr);
		snprintf(text, sizeof text, "%s: %s", read.out.error.code.ptr,
			 read.out.error.message.ptr);
		assert_string_equal(text, rows[i].error);
		assert_int_equal(read.out.status, STATUS_DAMAGED);
		assert_int_equal(read.out.safety, SAFETY_DATA_ONLY);
		assert_false(read.out.has_table);
		assert_int_equal(read.out.table.n_tensors, 0);
		finish(&read, &file);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_either_byte_order),
		cmocka_unit_test(measures_every_type),
		cmocka_unit_test(an_unknown_type_keeps_its_row),
		cmocka_unit_test(single_values_become_text),
		cmocka_unit_test(long_texts_are_cut_between_characters),
		cmocka_unit_test(arrays_are_passed_over),
		cmocka_unit_test(folded_tensors_have_their_true_shape),
		cmocka_unit_test(nothing_is_read_behind_the_list),
		cmocka_unit_test(another_order_is_told),
		cmocka_unit_test(data_cut_off_leaves_the_table),
		cmocka_unit_test(a_list_cut_off_is_never_sound),
		cmocka_unit_test(mistakes_are_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
