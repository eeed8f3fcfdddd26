// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/organise/sidecar_names.h"

#define CHANGE(old, new, n_root)                                                 \
	{                                                                        \
		{ "" old, sizeof(old) - 1 }, { "" new, sizeof(new) - 1 }, n_root \
	}

static const struct name_change forth[] = {
	CHANGE("/lib/a/foo.safetensors", "/lib/b/bár.safetensors", 4),
	CHANGE("/lib/a/foo.png", "/lib/b/bár.png", 4),
};
static const struct name_change back[] = {
	CHANGE("/lib/b/bár.safetensors", "/lib/a/foo.safetensors", 4),
	CHANGE("/lib/b/bár.png", "/lib/a/foo.png", 4),
};

static const struct {
	const char *before, *after;
} cases[] = {
	{ "{ \"x\" : [1, {\"file_name\": \"foo\"}],\n  \"file_name\":\"foo\"\t,\"file_path\":"
	  "\"/lib/a/foo.safetensors\", \"preview_url\": \"/lib/a/foo.png\", \"z\": 1e5 }\n",
	  "{ \"x\" : [1, {\"file_name\": \"foo\"}],\n  \"file_name\":\"bár\"\t,\"file_path\":"
	  "\"/lib/b/bár.safetensors\", \"preview_url\": \"/lib/b/bár.png\", \"z\": 1e5 }\n" },
	{ "{\"file_path\":\"C:/models/a/foo.safetensors\"}",
	  "{\"file_path\":\"C:/models/b/bár.safetensors\"}" },
	/* As Python escapes it. */
	{ "{\"file_path\":\"/\\u00fc\\ud83d\\ude00/a/foo.safetensors\"}",
	  "{\"file_path\":\"/\\u00fc\\ud83d\\ude00/b/b\\u00e1r.safetensors\"}" },
};

static void assert_followed(const char *text, const struct name_change *changes, const char *wanted)
{
	struct bytes out = { 0 };
	assert_true(sidecar_names_follow(str_from(text), changes, 2, &out));
	assert_string_equal(out.ptr, wanted);
	bytes_finish(&out);
}

static void only_names_change(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_followed(cases[i].before, forth, cases[i].after);
}

static void the_way_back_gives_the_same_bytes(void **state)
{
	(void)state;
	/* Without letters outside of ASCII nothing tells which way of writing was there; then it was
	 * the plain one. */
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_followed(cases[i].after, back, cases[i].before);
}

static void everything_else_stays(void **state)
{
	static const char *const texts[] = {
		"",
		"[]",
		"{}",
		"{",
		"{\"file_name\":\"foo\"",
		"{\"file_name\":\"foo\"}x",
		"{\"file_name\":1}",
		"{\"file_name\":\"other\"}",
		"{\"file_name\":\"f\\u006fo\"}",
		"{\"file_name\":null}",
		"{\"file_path\":\"/else/foo.safetensors\"}",
		"{\"file_path\":\"\\/lib\\/a\\/foo.safetensors\"}",
		"{\"file_path\":{\"file_name\":\"foo\"}}",
		"{\"file_path\":[\"/lib/a/foo.safetensors\"]}",
		"\xef\xbb\xbf{\"file_name\":\"foo\"}",
		"{\"file_name\":\"foo\",\"x\":\"\xff\"}",
	};
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct bytes out = { 0 };
		assert_false(sidecar_names_follow(str_from(texts[i]), forth, 2, &out));
		bytes_finish(&out);
	}
}

static void a_name_that_json_cannot_hold_is_not_written(void **state)
{
	static const struct name_change broken[] = { CHANGE("/lib/foo.ckpt", "/lib/caf\xe9.ckpt",
							    4) };
	struct bytes out = { 0 };
	(void)state;
	assert_false(sidecar_names_follow(STR("{\"file_name\":\"foo\"}"), broken, 1, &out));
	bytes_finish(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_names_change),
		cmocka_unit_test(the_way_back_gives_the_same_bytes),
		cmocka_unit_test(everything_else_stays),
		cmocka_unit_test(a_name_that_json_cannot_hold_is_not_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
