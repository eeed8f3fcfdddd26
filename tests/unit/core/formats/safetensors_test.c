// SPDX-License-Identifier: MIT
#include "core/formats/safetensors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/array.h"
#include "core/formats/st_scan.h"

#define TENSOR(name, begin, end) \
	"\"" name "\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[" #begin "," #end "]}"

/** What a header with so many bytes of data behind it is, in one word: its code or "ok". */
static const char *code_of(struct str header, uint64_t data_bytes, struct arena *arena,
			   struct reading *out)
{
	struct reading strict = { 0 };
	*out = (struct reading){ 0 };
	uint64_t file_bytes = 8 + header.len + data_bytes;
	safetensors_parse(header, file_bytes, arena, out);
	st_parse_strictly(header, file_bytes, arena, &strict);
	assert_true(str_equal(out->error.code, strict.error.code));
	assert_true(str_equal(out->error.message, strict.error.message));
	assert_int_equal(out->table.n_tensors, strict.table.n_tensors);
	return out->error.code.ptr ? out->error.code.ptr : "ok";
}

struct row {
	const char *header;
	uint64_t data_bytes;
	const char *code, *message;
};

static void assert_rows(const struct row *rows, size_t n)
{
	struct arena arena = { 0 };
	struct reading out;
	for (size_t i = 0; i < n; i++) {
		const char *code =
			code_of(str_from(rows[i].header), rows[i].data_bytes, &arena, &out);
		if (strcmp(code, rows[i].code) != 0)
			fail_msg("%s: %s instead of %s", rows[i].header, code, rows[i].code);
		if (rows[i].message)
			assert_string_equal(out.error.message.ptr, rows[i].message);
		bool has_table = strcmp(code, "ok") == 0 || strcmp(code, "E_TRUNCATED") == 0;
		assert_int_equal(out.has_table, has_table);
		assert_int_equal(out.status, status_of_code(out.error.code));
	}
	arena_finish(&arena);
}

static void accepts_what_the_library_accepts(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "{}", 0, "ok", NULL },
		{ "  \n{ }  ", 0, "ok", NULL },
		{ "{" TENSOR("a", 0, 16) "}", 16, "ok", NULL },
		{ "{" TENSOR("b", 16, 32) "," TENSOR("a", 0, 16) "}   ", 32, "ok", NULL },
		{ "{\"s\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}", 4, "ok",
		  NULL },
		{ "{\"e\":{\"dtype\":\"F32\",\"shape\":[0,5],\"data_offsets\":[0,0]}}", 0, "ok",
		  NULL },
		{ "{\"a\":{\"data_offsets\":[0,2],\"extra\":[{}],\"shape\":[ 1 ],\"dtype\":\"BF16\"}}",
		  2, "ok", NULL },
		{ "{ \"a\" : { \"dtype\" : \"F16\" , \"shape\" : [ 1 , 1 ] , \"data_offsets\" : [ 0 , 2 ] } }",
		  2, "ok", NULL },
		{ "{\"a\":{\"dtype\":\"F4\",\"shape\":[4],\"data_offsets\":[0,2]}}", 2, "ok",
		  NULL },
		{ "{\"\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "ok", NULL },
		{ "{\"a\\u0062\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "ok",
		  NULL },
	};
	assert_rows(rows, sizeof rows / sizeof *rows);
}

static void names_each_mistake(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "", 0, "E_ST_JSON", "header is not valid JSON at byte 0: ends too early" },
		{ "[]", 0, "E_ST_JSON", NULL },
		{ "{\"a\":1", 0, "E_ST_FIELD", NULL },
		{ "{" TENSOR("a", 0, 16) ",}", 16, "E_ST_JSON", NULL },
		{ "{" TENSOR("a", 0, 16) "} x", 16, "E_ST_JSON", NULL },
		{ "{," TENSOR("a", 0, 16) "}", 16, "E_ST_JSON", NULL },
		{ "{" TENSOR("a", 0, 16), 16, "E_ST_JSON",
		  "header is not valid JSON at byte 56: ends too early" },
		{ "{\"\\ud800\":{}}", 0, "E_ST_JSON", NULL },
		{ "{" TENSOR("a", 0, 16) ",\"\xff\":1}", 16, "E_ST_UTF8",
		  "header is not UTF-8 at byte 58" },
		{ "{x\xff", 0, "E_ST_UTF8", NULL },
		{ "{" TENSOR("a", 0, 16) "," TENSOR("a", 16, 32) "}", 32, "E_ST_DUP",
		  "tensor \"a\" is listed twice" },
		{ "{" TENSOR("a", 0, 16) "," TENSOR("\\u0061", 16, 32) "}", 32, "E_ST_DUP", NULL },
		{ "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}",
		  4, "E_ST_DUP", NULL },
		{ "{\"__metadata__\":{},\"__metadata__\":{}}", 0, "E_ST_DUP", NULL },
		{ "{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 0, "E_ST_DUP", NULL },
		{ "{\"a\":{\"shape\":[2,2],\"data_offsets\":[0,16]}}", 16, "E_ST_FIELD",
		  "tensor \"a\" has no dtype" },
		{ "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,16]}}", 16, "E_ST_FIELD",
		  "tensor \"a\" has no shape" },
		{ "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,2]}}", 16, "E_ST_FIELD",
		  "tensor \"a\" has no data_offsets" },
		{ "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]}}", 8,
		  "E_ST_FIELD", NULL },
		{ "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1,2],\"data_offsets\":[0,16]}}", 16,
		  "E_ST_NUM", "tensor \"a\": shape is not a whole number in range" },
		{ "{\"a\":{\"dtype\":\"F32\",\"shape\":[[2]],\"data_offsets\":[0,16]}}", 16,
		  "E_ST_NUM", NULL },
		{ "{\"a\":{\"dtype\":\"F32\",\"shape\":[[[[[[[[[[[[", 16, "E_ST_JSON", NULL },
		{ "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,16]}}", 16,
		  "E_ST_NUM", NULL },
		{ "{\"a\":{\"dtype\":\"F32\",\"shape\":[1e3],\"data_offsets\":[0,16]}}", 16,
		  "E_ST_NUM", NULL },
		{ "{\"a\":{\"dtype\":\"F32\",\"shape\":[-0],\"data_offsets\":[0,16]}}", 16,
		  "E_ST_NUM", NULL },
		{ "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,18446744073709551616]}}",
		  16, "E_ST_NUM", "tensor \"a\": data_offsets is not a whole number in range" },
		{ "{\"a\":{\"dtype\":\"U8\",\"shape\":[2,18446744073709551614],\"data_offsets\":[0,0]}}",
		  0, "E_ST_OVERFLOW", "tensor \"a\" has an impossible shape" },
		{ "{\"a\":{\"dtype\":\"U8\",\"shape\":[2,9223372036854775807],\"data_offsets\":[0,0]}}",
		  0, "E_ST_OVERFLOW", NULL },
		{ "{\"a\":{\"dtype\":\"F32\",\"shape\":[3,2],\"data_offsets\":[0,16]}}", 16,
		  "E_ST_SIZE", "tensor \"a\" needs 24 bytes but its range has 16" },
		{ "{" TENSOR("a", 0, 16) "," TENSOR("b", 8, 24) "}", 24, "E_ST_RANGE",
		  "tensor \"b\" starts at 8, expected 16 (hole or overlap)" },
		{ "{" TENSOR("a", 0, 16) "," TENSOR("b", 32, 48) "}", 48, "E_ST_RANGE", NULL },
		{ "{" TENSOR("a", 16, 32) "}", 32, "E_ST_RANGE", NULL },
		{ "{" TENSOR("a", 16, 0) "}", 16, "E_ST_RANGE", NULL },
		{ "{" TENSOR("a", 0, 16) "}", 15, "E_TRUNCATED",
		  "file is cut off: 80 of 81 bytes present" },
		{ "{" TENSOR("a", 0, 16) "}", 4096, "E_ST_TAIL",
		  "4080 extra bytes after the last tensor (not plain safetensors)" },
		{ "{}", 1, "E_ST_TAIL", NULL },
		{ "{\"a\":{\"dtype\":\"F6_E2M3\",\"shape\":[3],\"data_offsets\":[0,3]}}", 3,
		  "E_ST_ALIGN", "tensor \"a\": 18 bits is not a whole number of bytes" },
	};
	assert_rows(rows, sizeof rows / sizeof *rows);
}

static void gives_the_table(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct reading out;
	assert_string_equal(
		code_of(STR("{\"b\":{\"dtype\":\"F16\",\"shape\":[4,320],\"data_offsets\":[4,2564]},"
			    "\"\xc3\xa9\\n\":{\"shape\":[],\"data_offsets\":[0,4],\"dtype\":\"F32\"}}"),
			2564, &arena, &out),
		"ok");
	const struct tensor *tensors = out.table.tensors;
	assert_int_equal(out.table.n_tensors, 2);
	assert_true(str_equal(tensors[0].name, STR("b")));
	assert_int_equal(tensors[0].dtype, DTYPE_F16);
	assert_int_equal(tensors[0].rank, 2);
	assert_int_equal(tensors[0].shape[0], 4);
	assert_int_equal(tensors[0].shape[1], 320);
	assert_int_equal(tensors[0].offset_bytes, 4);
	assert_int_equal(tensors[0].size_bytes, 2560);
	assert_true(str_equal(tensors[1].name, STR("\xc3\xa9\n")));
	assert_null(tensors[1].shape);
	uint64_t elements;
	assert_true(tensor_elements(&tensors[1], &elements) && elements == 1);
	assert_int_equal(out.format, FORMAT_SAFETENSORS);
	assert_int_equal(out.safety, SAFETY_DATA_ONLY);
	arena_finish(&arena);
}

static void takes_the_dictionary_around_all_of_it_off(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct reading out;
	code_of(STR("{" TENSOR("state_dict.a.w", 0, 16) "," TENSOR("state_dict.b", 16, 32) "}"), 32,
		&arena, &out);
	assert_true(str_equal(out.table.tensors[0].name, STR("a.w")));
	assert_true(str_equal(out.table.tensors[1].name, STR("b")));
	code_of(STR("{" TENSOR("state_dict.a", 0, 16) "," TENSOR("a", 16, 32) "}"), 32, &arena,
		&out);
	assert_string_equal(out.error.code.ptr ? out.error.code.ptr : "ok", "ok");
	assert_true(str_equal(out.table.tensors[0].name, STR("state_dict.a")));
	arena_finish(&arena);
}

static void gives_the_metadata(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct reading out;
	assert_string_equal(
		code_of(STR("{\"__metadata__\":{\"k\":\"v \\\"q\\\"\",\"n\":1,\"o\":{\"x\":[]},"
			    "\"t\":\"\\ud83d broken\",\"e\":\"\"}," TENSOR("a", 0, 16) "}"),
			16, &arena, &out),
		"ok");
	assert_int_equal(out.metadata.n_pairs, 3);
	assert_true(str_equal(metadata_find(&out.metadata, STR("k")), STR("v \"q\"")));
	assert_true(str_equal(metadata_find(&out.metadata, STR("t")), STR("\xef\xbf\xbd broken")));
	assert_non_null(metadata_find(&out.metadata, STR("e")).ptr);
	assert_null(metadata_find(&out.metadata, STR("x")).ptr);
	assert_int_equal(out.n_notes, 2);
	assert_string_equal(out.notes[0].code.ptr, "W_ST_META");
	assert_string_equal(out.notes[0].message.ptr, "metadata \"n\" is not text");
	assert_int_equal(out.status, STATUS_OK);
	assert_string_equal(code_of(STR("{\"__metadata__\":null}"), 0, &arena, &out), "ok");
	assert_string_equal(out.notes[0].code.ptr, "W_ST_META");
	arena_finish(&arena);
}

static void unknown_types_keep_their_row(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct bytes header = { 0 };
	bytes_append_byte(&header, '{');
	for (int i = 0; i < 100; i++)
		bytes_printf(&header,
			     "%s\"t%d\":{\"dtype\":\"F3\",\"shape\":[9],\"data_offsets\":[%d,%d]}",
			     i ? "," : "", i, i, i + 1);
	bytes_append_byte(&header, '}');
	struct reading out;
	assert_string_equal(code_of(bytes_str(&header), 100, &arena, &out), "ok");
	assert_int_equal(out.table.n_tensors, 100);
	assert_string_equal(out.notes[0].code.ptr, "W_ST_DTYPE");
	assert_string_equal(out.notes[0].message.ptr, "tensor \"t0\" has unknown type \"F3\"");
	assert_true(out.n_notes < 10);
	bytes_finish(&header);
	arena_finish(&arena);
}

static void long_metadata_is_cut_between_characters(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct bytes header = { 0 };
	bytes_append_str(&header, STR("{\"__metadata__\":{\"k\":\"a"));
	for (int i = 0; i < 600000; i++)
		bytes_append_str(&header, STR("\xc3\xa9"));
	bytes_append_str(&header, STR("\"}}"));
	struct reading out;
	assert_string_equal(code_of(bytes_str(&header), 0, &arena, &out), "ok");
	assert_int_equal(out.metadata.pairs[0].value.len, METADATA_VALUE_MAX - 1);
	bytes_finish(&header);
	arena_finish(&arena);
}

static void limits_are_told(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct bytes header = { 0 };
	struct reading out;
	bytes_append_str(&header, STR("{\""));
	for (int i = 0; i < 65536; i++)
		bytes_append_byte(&header, 'n');
	bytes_append_str(&header,
			 STR("\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}"));
	assert_string_equal(code_of(bytes_str(&header), 1, &arena, &out), "E_ST_HDR_BIG");
	bytes_clear(&header);
	bytes_append_str(&header, STR("{\"a\":{\"dtype\":\"U8\",\"shape\":[1"));
	for (int i = 0; i < TENSOR_RANK_MAX; i++)
		bytes_append_str(&header, STR(",1"));
	bytes_append_str(&header, STR("],\"data_offsets\":[0,1]}}"));
	assert_string_equal(code_of(bytes_str(&header), 1, &arena, &out), "E_ST_OVERFLOW");
	bytes_finish(&header);
	arena_finish(&arena);
}

static void many_names_in_any_order(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct bytes header = { 0 };
	struct reading out;
	for (int repeat = 0; repeat < 2; repeat++) {
		bytes_clear(&header);
		for (unsigned i = 0; i < 20000; i++)
			bytes_printf(
				&header,
				"%c\"t%u\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[%u,%u]}",
				i ? ',' : '{',
				repeat && i == 15000 ? 3u * 7919u % 20000u : i * 7919u % 20000u, i,
				i + 1);
		bytes_append_byte(&header, '}');
		assert_string_equal(code_of(bytes_str(&header), 20000, &arena, &out),
				    repeat ? "E_ST_DUP" : "ok");
	}
	bytes_finish(&header);
	arena_finish(&arena);
}

static void types_are_known(void **state)
{
	(void)state;
	static const struct {
		struct str word;
		unsigned bits;
		const char *precision;
	} rows[] = {
		{ { "F16", 3 }, 16, "fp16" },
		{ { "BF16", 4 }, 16, "bf16" },
		{ { "F32", 3 }, 32, "fp32" },
		{ { "F8_E4M3", 7 }, 8, "fp8-e4m3" },
		{ { "F8_E5M2", 7 }, 8, "fp8-e5m2" },
		{ { "I8", 2 }, 8, "int8" },
		{ { "F4", 2 }, 4, "fp4" },
		{ { "I64", 3 }, 64, NULL },
		{ { "BOOL", 4 }, 8, NULL },
		{ { "f16", 3 }, 0, NULL },
		{ { "", 0 }, 0, NULL },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum dtype dtype = dtype_find(rows[i].word);
		assert_int_equal(dtype_bits(dtype), rows[i].bits);
		if (rows[i].precision)
			assert_string_equal(dtype_precision(dtype), rows[i].precision);
		else
			assert_null(dtype_precision(dtype));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_what_the_library_accepts),
		cmocka_unit_test(names_each_mistake),
		cmocka_unit_test(gives_the_table),
		cmocka_unit_test(takes_the_dictionary_around_all_of_it_off),
		cmocka_unit_test(gives_the_metadata),
		cmocka_unit_test(unknown_types_keep_their_row),
		cmocka_unit_test(long_metadata_is_cut_between_characters),
		cmocka_unit_test(limits_are_told),
		cmocka_unit_test(many_names_in_any_order),
		cmocka_unit_test(types_are_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
