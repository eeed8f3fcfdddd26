// SPDX-License-Identifier: MIT
#include "core/samples/regexp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static bool is_in(const char *pattern, const char *text)
{
	struct regexp regexp;
	struct error err = { 0 };

	assert_true(regexp_init(&regexp, str_from(pattern), &err));
	bool found = regexp_is_in(&regexp, str_from(text));
	regexp_finish(&regexp);
	return found;
}

static void python_classes_mean_the_same(void **state)
{
	(void)state;
	assert_true(is_in("blocks?\\.\\d+\\.1\\.", "input_blocks.11.1.proj_in"));
	assert_false(is_in("blocks?\\.\\d+\\.1\\.", "input_blocks.x.1.proj_in"));
	assert_false(is_in("a\\.b", "axb"));
	assert_true(is_in("^[\\w.]+$", "lora_unet.up"));
	assert_false(is_in("^[\\w.]+$", "lora unet"));
	assert_true(is_in("mlp\\.[02]|mod", "img_mlp.2"));
	assert_true(is_in("^up_blocks|conv_out", "mid.conv_out.bias"));
	assert_false(is_in("^up_blocks", "mid.up_blocks"));
}

static void what_only_python_knows_is_refused(void **state)
{
	static const char *const patterns[] = {
		"a.*?b", "a+?", "(?:ab)", "(?=a)", "\\bword", "\\Aa", "(a)\\1", "trailing\\", "a(",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		struct regexp regexp;
		struct error err = { 0 };
		assert_false(regexp_init(&regexp, str_from(patterns[i]), &err));
		assert_int_equal(err.code, ERROR_FORMAT);
	}
}

static const char *replace(const char *pattern, const char *with, const char *text,
			   struct arena *arena)
{
	struct regexp regexp;
	struct error err = { 0 };

	assert_true(regexp_init(&regexp, str_from(pattern), &err));
	struct str result = regexp_replace(&regexp, str_from(text), str_from(with), arena);
	regexp_finish(&regexp);
	return result.ptr;
}

static void every_match_is_replaced(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	assert_string_equal(replace("(\\d)\\.(\\d)", "\\2-\\1", "a1.2b3.4c", &arena), "a2-1b4-3c");
	assert_string_equal(replace("x", "y", "abc", &arena), "abc");
	assert_string_equal(replace("^a", "b", "aaa", &arena), "baa");
	assert_string_equal(replace("\\.", "", "a.b.c", &arena), "abc");
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(python_classes_mean_the_same),
		cmocka_unit_test(what_only_python_knows_is_refused),
		cmocka_unit_test(every_match_is_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
