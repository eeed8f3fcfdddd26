// SPDX-License-Identifier: MIT
#include "core/sets/manifest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define FILE_OF(path) "{\"path\":\"" path "\",\"bytes\":7,\"sha256\":\"" HASH "\"}"
#define SET(more) "{\"lorarium_set\":1,\"name\":\"s\"," more "}"

static bool reads(const char *text, struct arena *arena, struct manifest *out)
{
	struct error err;
	return manifest_read(str_from(text), arena, out, &err);
}

static void what_is_written_is_read(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct bytes text = { 0 }, again = { 0 };
	struct error err;
	const struct str tags[] = { STR("style"), STR("a \"b\"") };
	const struct manifest_lora loras[] = {
		{ .path = STR("loras/a.pt"), .weight = 0.1 },
		{ .path = STR("loras/whole"), .weight = -1, .has_weight_te = true, .weight_te = 0 },
	};
	const struct manifest_file files[] = {
		{ STR("base.safetensors"), UINT64_C(6938078334), STR(HASH) },
		{ STR("loras/a.pt"), 0, STR(HASH) },
		{ STR("loras/whole/x.bin"), 3, STR(HASH) },
	};
	const struct manifest manifest = {
		.name = STR("mine"),
		.note = STR("two\nlines"),
		.tags = tags,
		.n_tags = 2,
		.checkpoint = STR("base.safetensors"),
		.loras = loras,
		.n_loras = 2,
		.files = files,
		.n_files = 3,
	};
	struct manifest out;
	manifest_write(&manifest, &text);
	assert_true(manifest_read(bytes_str(&text), &arena, &out, &err));
	assert_true(str_equal(out.note, manifest.note));
	assert_true(out.loras[0].weight == 0.1 && !out.loras[0].has_weight_te);
	assert_true(out.loras[1].has_weight_te && out.loras[1].weight_te == 0);
	assert_int_equal(out.files[0].size_bytes, UINT64_C(6938078334));
	manifest_write(&out, &again);
	assert_true(str_equal(bytes_str(&text), bytes_str(&again)));
	bytes_finish(&text);
	bytes_finish(&again);
	arena_finish(&arena);
}

static void what_cannot_be_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",
		"[]",
		"{}",
		"{\"lorarium_set\":1}",
		"{\"name\":\"s\"}",
		"{\"lorarium_set\":2,\"name\":\"s\"}",
		"{\"lorarium_set\":1,\"name\":\" \"}",
		SET("\"note\":1"),
		SET("\"tags\":[1]"),
		SET("\"loras\":{}"),
		SET("\"files\":[1]"),
		SET("\"loras\":[{\"weight\":1}]"),
		SET("\"loras\":[{\"path\":\"a\",\"weight\":\"1\"}]"),
		SET("\"checkpoint\":\"a\""),
		SET("\"checkpoint\":\"a\",\"files\":[" FILE_OF("ab") "]"),
		SET("\"loras\":[{\"path\":\"a\"}],\"files\":[" FILE_OF("b/a") "]"),
		SET("\"files\":[" FILE_OF("../a") "]"),
		SET("\"files\":[" FILE_OF("/a") "]"),
		SET("\"files\":[" FILE_OF("a\\\\b") "]"),
		SET("\"files\":[" FILE_OF("a\\u0000") "]"),
		SET("\"files\":[" FILE_OF("a.pt") "," FILE_OF("A.pt") "]"),
		SET("\"files\":[" FILE_OF("a.py") "]"),
		SET("\"files\":[" FILE_OF(".bashrc") "]"),
		SET("\"files\":[" FILE_OF("LORARIUM-set.json") "]"),
		SET("\"tags\":[\"-a\"]"),
		SET("\"note\":\"\\u0000\""),
		SET("\"loras\":[{\"path\":\"a.pt\"},{\"path\":\"a.pt\"}],\"files\":[" FILE_OF(
			"a.pt") "]"),
		SET("\"files\":[{\"path\":\"a\",\"bytes\":-1,\"sha256\":\"" HASH "\"}]"),
		SET("\"files\":[{\"path\":\"a\",\"bytes\":1,\"sha256\":\"abc\"}]"),
		SET("\"files\":[{\"path\":\"a\",\"bytes\":1}]"),
		SET("\"files\":[]") "x",
	};
	struct arena arena = { 0 };
	struct manifest out;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(reads(bad[i], &arena, &out));
	arena_finish(&arena);
}

static void unknown_keys_are_passed_over(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct manifest out;
	assert_true(
		reads(SET("\"later\":[{}],\"loras\":[{\"path\":\"a\",\"x\":[1]}],\"files\":["
			  "{\"y\":null,\"path\":\"a/b.bin\",\"bytes\":1,\"sha256\":\"" HASH "\"}]"),
		      &arena, &out));
	assert_int_equal(out.n_loras, 1);
	assert_true(out.loras[0].weight == 1);
	assert_null(out.note.ptr);
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(what_cannot_be_is_refused),
		cmocka_unit_test(unknown_keys_are_passed_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
