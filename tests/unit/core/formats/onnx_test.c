// SPDX-License-Identifier: MIT
#include "core/formats/onnx.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/array.h"

/* The wire format. */

static void put_varint(struct bytes *out, uint64_t number)
{
	for (; number >= 0x80; number >>= 7)
		bytes_append_byte(out, (char)(number | 0x80));
	bytes_append_byte(out, (char)number);
}

static void put_number(struct bytes *out, unsigned field, uint64_t number)
{
	put_varint(out, field << 3);
	put_varint(out, number);
}

static void put_bytes(struct bytes *out, unsigned field, struct str bytes)
{
	put_varint(out, field << 3 | 2);
	put_varint(out, bytes.len);
	bytes_append_str(out, bytes);
}

/** Takes the inner message over. */
static void put_message(struct bytes *out, unsigned field, struct bytes *message)
{
	put_bytes(out, field, bytes_str(message));
	bytes_finish(message);
}

static struct bytes pair(const char *key, const char *value)
{
	struct bytes out = { 0 };
	put_bytes(&out, 1, str_from(key));
	put_bytes(&out, 2, str_from(value));
	return out;
}

/** A tensor of two dimensions as PyTorch writes it: dims, type, name, bytes. */
static struct bytes tensor(const char *name, uint64_t type, uint64_t rows, uint64_t width,
			   size_t n_bytes)
{
	struct bytes out = { 0 };
	put_number(&out, 1, rows);
	put_number(&out, 1, width);
	put_number(&out, 2, type);
	put_bytes(&out, 8, str_from(name));
	if (n_bytes) {
		put_varint(&out, 9 << 3 | 2);
		put_varint(&out, n_bytes);
		for (size_t i = 0; i < n_bytes; i++)
			bytes_append_byte(&out, 'x');
	}
	return out;
}

static void put_head(struct bytes *out)
{
	put_number(out, 1, 8);
	put_bytes(out, 2, STR("pytorch"));
	put_bytes(out, 3, STR("2.1.0"));
}

static void put_operators(struct bytes *out, const char *domain)
{
	struct bytes operators = { 0 };
	put_bytes(&operators, 1, str_from(domain));
	put_number(&operators, 2, 17);
	put_message(out, 8, &operators);
}

/** A model whose graph is `graph`. */
static struct bytes model(struct bytes *graph)
{
	struct bytes out = { 0 };
	put_head(&out);
	put_message(&out, 7, graph);
	put_operators(&out, "");
	return out;
}

/** A model of one tensor. */
static struct bytes model_of(struct bytes tensor)
{
	struct bytes graph = { 0 };
	put_message(&graph, 5, &tensor);
	return model(&graph);
}

struct read {
	struct format_reader *reader;
	struct arena arena;
	struct reading out;
};

static void read_blob(struct read *read, struct blob blob)
{
	*read = (struct read){ .reader = format_reader_create() };
	format_read(read->reader, &blob, STR("a.onnx"), &read->arena, &read->out);
	assert_int_equal(read->out.format, FORMAT_ONNX);
	assert_int_equal(read->out.safety, SAFETY_DATA_ONLY);
}

static void finish(struct read *read, struct bytes *bytes)
{
	arena_finish(&read->arena);
	format_reader_destroy(read->reader);
	bytes_finish(bytes);
}

static void assert_sound(const struct read *read)
{
	if (read->out.error.code.ptr)
		fail_msg("%s: %s", read->out.error.code.ptr, read->out.error.message.ptr);
	assert_true(read->out.has_table);
	assert_int_equal(read->out.status, STATUS_OK);
}

static void assert_str(struct str text, const char *wanted)
{
	if (!str_equal(text, str_from(wanted)))
		fail_msg("\"%.*s\" instead of \"%s\"", STR_ARG(text), wanted);
}

static void lists_the_initial_values(void **state)
{
	(void)state;
	struct bytes graph = { 0 }, node = { 0 }, first, second, packed = { 0 };
	struct read read;
	put_bytes(&node, 4, STR("MatMul"));
	put_message(&graph, 1, &node);
	put_bytes(&graph, 2, STR("torch_jit"));
	first = tensor("conv_in.weight", 10, 4, 8, 64);
	put_message(&graph, 5, &first);
	put_bytes(&packed, 1, STR("\x80\x02\x03")); /* [256, 3] */
	put_bytes(&packed, 4, STR("\0\0\0\0"));
	put_number(&packed, 2, 1);
	put_bytes(&packed, 8, STR("packed"));
	put_message(&graph, 5, &packed);
	second = tensor("typed", 7, 2, 2, 0);
	put_message(&graph, 5, &second);
	struct bytes file = model(&graph), metadata = pair("license", "mit");
	put_message(&file, 14, &metadata);
	read_blob(&read, blob_from_memory(file.ptr, file.len));
	assert_sound(&read);
	const struct tensor *tensors = read.out.table.tensors;
	assert_int_equal(read.out.table.n_tensors, 3);
	assert_str(tensors[0].name, "conv_in.weight");
	assert_int_equal(tensors[0].dtype, DTYPE_F16);
	assert_int_equal(tensors[0].rank, 2);
	assert_int_equal(tensors[0].shape[0], 4);
	assert_int_equal(tensors[0].shape[1], 8);
	assert_int_equal(tensors[0].size_bytes, 64);
	assert_int_equal(file.ptr[tensors[0].offset_bytes], 'x');
	assert_int_equal(file.ptr[tensors[0].offset_bytes + 63], 'x');
	assert_int_equal(tensors[1].shape[0], 256);
	assert_int_equal(tensors[1].shape[1], 3);
	assert_int_equal(tensors[2].dtype, DTYPE_I64);
	assert_int_equal(tensors[2].size_bytes, 32);
	assert_str(metadata_find(&read.out.metadata, STR("license")), "mit");
	assert_int_equal(read.out.n_notes, 0);
	finish(&read, &file);
}

static void knows_every_type(void **state)
{
	static const uint8_t wanted[] = {
		DTYPE_UNKNOWN,     DTYPE_F32,     DTYPE_U8,      DTYPE_I8,          DTYPE_U16,
		DTYPE_I16,         DTYPE_I32,     DTYPE_I64,     DTYPE_UNKNOWN,     DTYPE_BOOL,
		DTYPE_F16,         DTYPE_F64,     DTYPE_U32,     DTYPE_U64,         DTYPE_C64,
		DTYPE_UNKNOWN,     DTYPE_BF16,    DTYPE_F8_E4M3, DTYPE_F8_E4M3FNUZ, DTYPE_F8_E5M2,
		DTYPE_F8_E5M2FNUZ, DTYPE_UNKNOWN, DTYPE_UNKNOWN, DTYPE_F4,          DTYPE_F8_E8M0,
		DTYPE_UNKNOWN,
	};
	(void)state;
	for (size_t i = 0; i < sizeof wanted; i++) {
		struct read read;
		struct bytes file = model_of(tensor("w", i, 2, 2, 0));
		read_blob(&read, blob_from_memory(file.ptr, file.len));
		assert_sound(&read);
		assert_int_equal(read.out.table.tensors[0].dtype, wanted[i]);
		finish(&read, &file);
	}
}

static void tells_of_data_beside(void **state)
{
	(void)state;
	struct bytes graph = { 0 };
	struct read read;
	for (int i = 0; i < 3; i++) {
		struct bytes one = tensor(i == 0 ? "a" : i == 1 ? "b" : "c", 1, 2, 2, 0);
		struct bytes location = pair("location", i < 2 ? "model.onnx_data" : "c.bin");
		struct bytes offset = pair("offset", "4096");
		put_message(&one, 13, &location);
		put_message(&one, 13, &offset);
		put_number(&one, 14, 1);
		put_message(&graph, 5, &one);
	}
	struct bytes file = model(&graph);
	read_blob(&read, blob_from_memory(file.ptr, file.len));
	assert_sound(&read);
	assert_int_equal(read.out.table.n_tensors, 3);
	assert_int_equal(read.out.table.tensors[0].size_bytes, 16);
	assert_int_equal(read.out.n_notes, 1);
	assert_str(read.out.notes[0].code, "W_OX_DATA");
	assert_str(read.out.notes[0].message,
		   "weights are in another file: \"model.onnx_data\" and more");
	finish(&read, &file);
}

static void tells_of_foreign_operators(void **state)
{
	(void)state;
	struct bytes graph = { 0 }, file = model(&graph);
	struct read read;
	put_operators(&file, "ai.onnx.ml");
	put_operators(&file, "com.microsoft");
	read_blob(&read, blob_from_memory(file.ptr, file.len));
	assert_sound(&read);
	assert_int_equal(read.out.n_notes, 1);
	assert_str(read.out.notes[0].code, "W_OX_DOMAIN");
	finish(&read, &file);
}

/* A tensor of a terabyte: its bytes are passed over. */
static void large_files_are_walked_by_seeking(void **state)
{
	(void)state;
	const uint64_t width = UINT64_C(1) << 38, n_bytes = width * 4;
	struct bytes one = { 0 }, graph = { 0 }, file = { 0 }, after = { 0 };
	struct read read;
	put_number(&one, 1, width);
	put_number(&one, 2, 1);
	put_bytes(&one, 8, STR("huge"));
	put_varint(&one, 9 << 3 | 2);
	put_varint(&one, n_bytes);
	put_varint(&graph, 5 << 3 | 2);
	put_varint(&graph, one.len + n_bytes);
	put_head(&file);
	put_varint(&file, 7 << 3 | 2);
	put_varint(&file, graph.len + one.len + n_bytes);
	bytes_append_str(&file, bytes_str(&graph));
	bytes_append_str(&file, bytes_str(&one));
	put_operators(&after, "");
	FILE *stream = tmpfile();
	assert_non_null(stream);
	assert_int_equal(pwrite(fileno(stream), file.ptr, file.len, 0), file.len);
	assert_int_equal(pwrite(fileno(stream), after.ptr, after.len, (off_t)(file.len + n_bytes)),
			 after.len);
	read_blob(&read, blob_from_fd(fileno(stream), file.len + n_bytes + after.len));
	assert_sound(&read);
	assert_int_equal(read.out.table.tensors[0].size_bytes, n_bytes);
	assert_int_equal(read.out.table.tensors[0].offset_bytes, file.len);
	finish(&read, &file);
	bytes_finish(&one);
	bytes_finish(&graph);
	bytes_finish(&after);
	fclose(stream);
}

static void a_file_cut_off_is_never_sound(void **state)
{
	(void)state;
	struct bytes graph = { 0 }, one = tensor("w", 1, 4, 4, 64), file = { 0 };
	put_message(&graph, 5, &one);
	put_head(&file);
	put_message(&file, 7, &graph);
	for (size_t len = 2; len < file.len; len++) {
		struct read read;
		read_blob(&read, blob_from_memory(file.ptr, len));
		assert_non_null(read.out.error.code.ptr);
		assert_false(read.out.has_table);
		if (len > 30)
			assert_str(read.out.error.code, "E_TRUNCATED");
		arena_finish(&read.arena);
		format_reader_destroy(read.reader);
	}
	bytes_finish(&file);
}

/* Mistakes: each makes a file that has one. */

static struct bytes wrong_size(void)
{
	return model_of(tensor("w", 1, 4, 4, 60));
}

static struct bytes negative_dim(void)
{
	return model_of(tensor("w", 1, UINT64_MAX, 4, 0));
}

static struct bytes overflowing(void)
{
	return model_of(tensor("w", 1, UINT64_C(1) << 40, UINT64_C(1) << 40, 0));
}

static struct bytes too_many_dims(void)
{
	struct bytes one = { 0 };
	for (int i = 0; i < 65; i++)
		put_number(&one, 1, 1);
	return model_of(one);
}

static struct bytes name_twice(void)
{
	struct bytes graph = { 0 };
	for (int i = 0; i < 2; i++) {
		struct bytes one = tensor("w", 1, 1, 1, 4);
		put_message(&graph, 5, &one);
	}
	return model(&graph);
}

static struct bytes located(const char *where)
{
	struct bytes one = tensor("w", 1, 2, 2, 0), location = pair("location", where);
	put_message(&one, 13, &location);
	return model_of(one);
}

static struct bytes above(void)
{
	return located("../../secret");
}

static struct bytes absolute(void)
{
	return located("/etc/passwd");
}

static struct bytes hidden(void)
{
	return located(".ssh");
}

static struct bytes past_its_message(void)
{
	struct bytes one = { 0 };
	put_varint(&one, 8 << 3 | 2);
	put_varint(&one, 5);
	return model_of(one);
}

static struct bytes endless_number(void)
{
	struct bytes one = { 0 };
	for (int i = 0; i < 12; i++)
		bytes_append_byte(&one, (char)0x80);
	return model_of(one);
}

static struct bytes group(void)
{
	struct bytes one = { 0 };
	put_varint(&one, 3 << 3 | 3);
	return model_of(one);
}

static struct bytes field_zero(void)
{
	struct bytes one = { 0 };
	put_number(&one, 0, 0);
	return model_of(one);
}

static struct bytes long_name(void)
{
	struct bytes name = { 0 }, one = { 0 };
	for (int i = 0; i < 65536; i++)
		bytes_append_byte(&name, 'n');
	put_message(&one, 8, &name);
	return model_of(one);
}

static void mistakes_are_named(void **state)
{
	static const struct {
		struct bytes (*make)(void);
		const char *error;
	} rows[] = {
		{ wrong_size, "E_OX_SIZE: tensor \"w\" needs 64 bytes but has 60" },
		{ negative_dim, "E_OX_SHAPE: tensor \"\" has an impossible shape" },
		{ overflowing, "E_OX_SHAPE: tensor \"w\" has an impossible shape" },
		{ too_many_dims, "E_OX_SHAPE: tensor \"\" has an impossible shape" },
		{ name_twice, "E_OX_DUP: \"w\" appears twice" },
		{ above, "E_IX_PATH: index points outside its folder: \"../../secret\"" },
		{ absolute, "E_IX_PATH: index points outside its folder: \"/etc/passwd\"" },
		{ hidden, "E_IX_PATH: index points outside its folder: \".ssh\"" },
		{ past_its_message,
		  "E_OX_PROTO: protobuf is broken at byte 24: a field runs past its message" },
		{ endless_number,
		  "E_OX_PROTO: protobuf is broken at byte 32: a number of more than 10 bytes" },
		{ group, "E_OX_PROTO: protobuf is broken at byte 23: a group or no known layout" },
		{ field_zero, "E_OX_PROTO: protobuf is broken at byte 23: no such field" },
		{ long_name, "E_OX_COUNT: a name of 65536 bytes; the limit is 65535" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct read read;
		char text[300];
		struct bytes file = rows[i].make();
		read_blob(&read, blob_from_memory(file.ptr, file.len));
		assert_non_null(read.out.error.code.ptr);
		snprintf(text, sizeof text, "%s: %s", read.out.error.code.ptr,
			 read.out.error.message.ptr);
		assert_string_equal(text, rows[i].error);
		assert_int_equal(read.out.status, STATUS_DAMAGED);
		assert_false(read.out.has_table);
		finish(&read, &file);
	}
}

static void is_told_by_its_bytes(void **state)
{
	(void)state;
	struct bytes graph = { 0 }, file = { 0 };
	put_head(&file);
	put_number(&file, 5, 1);
	put_bytes(&file, 6, STR("said of it\n"));
	put_operators(&file, "");
	assert_false(onnx_begins(bytes_str(&file)));
	put_message(&file, 7, &graph);
	assert_true(onnx_begins(bytes_str(&file)));
	bytes_finish(&file);
	/* TensorFlow: a version, then a message where ONNX has a producer's name. */
	assert_false(onnx_begins(STR("\x08\x01\x12\x04\x0a\x02\x08\x01\x3a\x00")));
	assert_false(onnx_begins(STR("\x08\x00\x3a\x00")));
	assert_false(onnx_begins(STR("\x08")));
	assert_true(onnx_begins(STR("\x08\x03\x3a\x00")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_the_initial_values),
		cmocka_unit_test(knows_every_type),
		cmocka_unit_test(tells_of_data_beside),
		cmocka_unit_test(tells_of_foreign_operators),
		cmocka_unit_test(large_files_are_walked_by_seeking),
		cmocka_unit_test(a_file_cut_off_is_never_sound),
		cmocka_unit_test(mistakes_are_named),
		cmocka_unit_test(is_told_by_its_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
