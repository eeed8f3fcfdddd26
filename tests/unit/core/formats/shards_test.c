// SPDX-License-Identifier: MIT
#include "core/formats/shards.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_text(struct str text, const char *wanted)
{
	if (text.len != strlen(wanted) || memcmp(text.ptr, wanted, text.len) != 0)
		fail_msg("\"%.*s\" instead of \"%s\"", STR_ARG(text), wanted);
}

static void reads_names(void **state)
{
	static const struct {
		const char *name, *common, *extension;
		uint32_t number, count;
	} rows[] = {
		{ "model-00002-of-00003.safetensors", "model", ".safetensors", 2, 3 },
		{ "flux-q4-00001-of-00002.gguf", "flux-q4", ".gguf", 1, 2 },
		{ "model.fp16-00001-of-00002.safetensors", "model.fp16", ".safetensors", 1, 2 },
		{ "model-00001-of-00002.fp16.safetensors", "model.fp16", ".safetensors", 1, 2 },
		{ "model.safetensors.index.json", "model", ".safetensors", 0, 0 },
		{ "model.safetensors.index.fp16.json", "model.fp16", ".safetensors", 0, 0 },
		{ "model.fp16.safetensors.index.json", "model.fp16", ".safetensors", 0, 0 },
		{ "a-1-of-1.bin", "a", ".bin", 1, 1 },
		/* Numbers that make no sense are a part of the name, and stay in it. */
		{ "a-1-of-2.x-8-of-0.bin", "a.x-8-of-0", ".bin", 1, 2 },
	};
	(void)state;
	struct arena arena = { 0 };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct shard_name name;
		if (!shard_name_parse(str_from(rows[i].name), &name))
			fail_msg("%s is no shard", rows[i].name);
		assert_text(shard_name_common(&name, &arena), rows[i].common);
		assert_text(name.extension, rows[i].extension);
		assert_int_equal(name.number, rows[i].number);
		assert_int_equal(name.count, rows[i].count);
	}
	arena_finish(&arena);
}

static void refuses_other_names(void **state)
{
	static const char *const names[] = {
		"",
		"model.safetensors",
		"model-00004-of-00003.safetensors",
		"model-00000-of-00003.safetensors",
		"-00001-of-00002.safetensors",
		"00001-of-00002.safetensors",
		"model-00001-of-99999.safetensors",
		"model-1234567-of-1234567.safetensors",
		"model-of-3.safetensors",
		"model-00001-of-00002",
		"index.json",
		".index.json",
		"model.index.json",
		"model.json",
		"a-1-of-.bin",
		"a--of-2.bin",
	};
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct shard_name name;
		if (shard_name_parse(str_from(names[i]), &name))
			fail_msg("%s is taken for a shard", names[i]);
	}
}

static bool is_same(const char *a, const char *b)
{
	struct shard_name left, right;
	return shard_name_parse(str_from(a), &left) && shard_name_parse(str_from(b), &right) &&
	       shard_name_is_same_set(&left, &right) && shard_name_is_same_set(&right, &left);
}

static void knows_what_belongs_together(void **state)
{
	(void)state;
	assert_true(is_same("m-00001-of-00002.safetensors", "m-00002-of-00002.safetensors"));
	assert_true(is_same("m-00001-of-00002.safetensors", "m.safetensors.index.json"));
	assert_true(is_same("m.fp16-00001-of-00002.safetensors", "m.safetensors.index.fp16.json"));
	assert_true(is_same("m-00001-of-00002.fp16.safetensors", "m.fp16.safetensors.index.json"));
	assert_false(is_same("m-00001-of-00002.safetensors", "m-00001-of-00003.safetensors"));
	assert_false(is_same("m-00001-of-00002.safetensors", "m-00001-of-00002.bin"));
	assert_false(is_same("m-00001-of-00002.safetensors", "m2.safetensors.index.json"));
	assert_false(is_same("m-00001-of-00002.safetensors", "m.safetensors.index.fp16.json"));
}

static void reads_an_index(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct shard_index index;
	struct error err;
	assert_true(shard_index_parse(
		STR("{\"metadata\":{\"format\":\"pt\",\"total_size\":24},\"more\":[1,{\"a\":2}],"
		    "\"weight_map\":{\"a.b\":\"m-1-of-2.bin\",\"c\\u0064\":\"m-2-of-2.bin\"}}"),
		&arena, &index, &err));
	assert_int_equal(index.n_places, 2);
	assert_text(index.places[0].tensor, "a.b");
	assert_text(index.places[1].tensor, "cd");
	assert_text(index.places[1].file, "m-2-of-2.bin");
	assert_true(index.has_total);
	assert_int_equal(index.total_bytes, 24);
	assert_true(shard_index_parse(STR("{\"weight_map\":{},\"metadata\":{\"total_size\":1.5}}"),
				      &arena, &index, &err));
	assert_false(index.has_total);
	arena_finish(&arena);
}

static void refuses_what_is_no_index(void **state)
{
	static const char *const texts[] = {
		"",
		"[]",
		"{}",
		"{\"weight_map\":[]}",
		"{\"weight_map\":{\"a\":1}}",
		"{\"weight_map\":{\"a\":\"b\"}",
		"{\"weight_map\":{\"a\":\"b\"}} x",
		"{\"metadata\":{\"total_size\":}}",
	};
	(void)state;
	struct arena arena = { 0 };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct shard_index index;
		struct error err;
		if (shard_index_parse(str_from(texts[i]), &arena, &index, &err))
			fail_msg("%s is taken for an index", texts[i]);
		assert_string_equal(err.slug, "W_JSON");
	}
	arena_finish(&arena);
}

static void opens_nothing_outside(void **state)
{
	(void)state;
	assert_true(shard_file_is_plain(STR("model-00001-of-00002.safetensors")));
	assert_false(shard_file_is_plain(STR("")));
	assert_false(shard_file_is_plain(STR("../model.safetensors")));
	assert_false(shard_file_is_plain(STR("/etc/passwd")));
	assert_false(shard_file_is_plain(STR("a\\b")));
	assert_false(shard_file_is_plain(STR(".hidden")));
	assert_false(shard_file_is_plain(STR("a\0b")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_names),
		cmocka_unit_test(refuses_other_names),
		cmocka_unit_test(knows_what_belongs_together),
		cmocka_unit_test(reads_an_index),
		cmocka_unit_test(refuses_what_is_no_index),
		cmocka_unit_test(opens_nothing_outside),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
