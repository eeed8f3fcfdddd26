// SPDX-License-Identifier: MIT
#include "core/base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/array.h"

/** The tokens of a text as letters: "{k1}" and so on; '!' for an error. */
static const char *tokens_of(struct str text, char *out)
{
	static const char letters[] = "!$"
				      "{}[]"
				      "ksntf0";
	struct json json;
	json_init(&json, text, JSON_DEPTH_MAX);
	size_t n = 0;
	enum json_token token;
	do {
		token = json_next(&json);
		out[n++] = letters[token];
	} while (token != JSON_ERROR && token != JSON_END && n < 100);
	out[n] = '\0';
	return out;
}

static void reads_every_kind_of_value(void **state)
{
	(void)state;
	char out[128];
	assert_string_equal(
		tokens_of(STR(" {\"a\" : [1, -2.5e3,\"x\"],\t\"b\":{}, \"c\":null }\n"), out),
		"{k[nns]k{}k0}$");
	assert_string_equal(tokens_of(STR("[true,false,[],[[]]]"), out), "[tf[][[]]]$");
	assert_string_equal(tokens_of(STR("\"\""), out), "s$");
	assert_string_equal(tokens_of(STR("0"), out), "n$");
}

static void refuses_what_rfc_8259_refuses(void **state)
{
	(void)state;
	static const char *const broken[] = {
		"",
		" ",
		"{",
		"[",
		"[1,]",
		"{\"a\":1,}",
		"{a:1}",
		"{\"a\" 1}",
		"{\"a\":}",
		"[1 2]",
		"01",
		"-",
		"1.",
		".5",
		"1e",
		"1e+",
		"+1",
		"0x1",
		"NaN",
		"tru",
		"nulll",
		"\"",
		"\"\\\"",
		"\"\\x41\"",
		"\"\\u12g4\"",
		"\"\t\"",
		"[}",
		"{]",
		"]",
		"1 1",
		"{\"a\":1}}",
		"\"\xff\"",
		"\"\xc0\xaf\"",
		"\"\xed\xa0\x80\"",
		"\"\xf4\x90\x80\x80\"",
		"\"\xe2\x82\"",
		"\xef\xbb\xbf{}",
		"'a'",
		"[1,,2]",
		"{,}",
		"//x\n1",
	};
	char out[128];
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		tokens_of(str_from(broken[i]), out);
		if (out[strlen(out) - 1] != '!')
			fail_msg("%s was accepted as %s", broken[i], out);
	}
	assert_string_equal(tokens_of((struct str){ "\"a\0b\"", 5 }, out), "!");
	assert_string_equal(tokens_of((struct str){ "1\0", 2 }, out), "n!");
}

static struct str text_of(const char *quoted, struct arena *arena, bool *is_lone)
{
	struct json json;
	json_init(&json, str_from(quoted), 1);
	assert_int_equal(json_next(&json), JSON_STRING);
	*is_lone = json.has_lone_surrogate;
	return json_text(&json, arena);
}

static void unescapes(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	bool is_lone;
	struct str text = text_of("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\ud83d\\ude00z\"",
				  &arena, &is_lone);
	assert_true(str_equal(text, STR("\"\\/\b\f\n\r\tA\xc3\xa9\xf0\x9f\x98\x80z")));
	assert_false(is_lone);
	text = text_of("\"\\u0000\"", &arena, &is_lone);
	assert_true(text.len == 1 && text.ptr[0] == '\0');
	assert_true(str_equal(text_of("\"a\\ud83dz\"", &arena, &is_lone), STR("a\xef\xbf\xbdz")));
	assert_true(is_lone);
	assert_true(str_equal(text_of("\"\\ude00\\ud83d\\u0041\"", &arena, &is_lone),
			      STR("\xef\xbf\xbd\xef\xbf\xbd"
				  "A")));
	assert_true(is_lone);
	arena_finish(&arena);
}

static void borrows_what_is_not_escaped(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	const char *quoted = "\"0123456789abcdef\xc3\xa9 0123456789abcdef\"";
	bool is_lone;
	assert_ptr_equal(text_of(quoted, &arena, &is_lone).ptr, quoted + 1);
	assert_int_equal(arena.used_bytes, 0);
}

static void bounds_depth_without_recursion(void **state)
{
	(void)state;
	struct bytes deep = { 0 };
	for (int i = 0; i < 100000; i++)
		bytes_append_byte(&deep, '[');
	struct json json;
	json_init(&json, bytes_str(&deep), JSON_DEPTH_MAX);
	int n = 0;
	while (json_next(&json) == JSON_ARRAY)
		n++;
	assert_int_equal(n, JSON_DEPTH_MAX);
	assert_string_equal(json.error, "nested too deep");
	json_init(&json, bytes_str(&deep), JSON_DEPTH_MAX);
	assert_false(json_skip(&json));
	bytes_finish(&deep);
}

static void names_where_it_broke(void **state)
{
	(void)state;
	struct json json;
	json_init(&json, STR("{\"a\": \"\xff\"}"), 8);
	assert_int_equal(json_next(&json), JSON_OBJECT);
	assert_int_equal(json_next(&json), JSON_KEY);
	assert_int_equal(json_next(&json), JSON_ERROR);
	assert_int_equal(json.at, 7);
	assert_string_equal(json.error, "is not UTF-8");
	assert_int_equal(json_next(&json), JSON_ERROR);
}

static void skips_values_and_levels(void **state)
{
	(void)state;
	struct json json;
	json_init(&json, STR("{\"a\":[{\"b\":[1,2]},3],\"c\":{\"d\":1},\"e\":5}"), 8);
	assert_int_equal(json_next(&json), JSON_OBJECT);
	assert_int_equal(json_next(&json), JSON_KEY);
	assert_true(json_skip(&json)); /* the value of a */
	assert_int_equal(json_next(&json), JSON_KEY);
	assert_true(str_equal(json.value, STR("c")));
	assert_int_equal(json_next(&json), JSON_OBJECT);
	assert_true(json_skip(&json)); /* to the end of c's object */
	assert_int_equal(json_next(&json), JSON_KEY);
	assert_int_equal(json_next(&json), JSON_NUMBER);
	uint64_t number;
	assert_true(json_u64(&json, &number) && number == 5);
	assert_int_equal(json_next(&json), JSON_OBJECT_END);
	assert_int_equal(json_next(&json), JSON_END);
}

static void whole_numbers_are_plain(void **state)
{
	(void)state;
	static const char *const odd[] = { "-1", "1.0", "1e3", "-0", "18446744073709551616" };
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		struct json json;
		uint64_t number;
		json_init(&json, str_from(odd[i]), 1);
		assert_int_equal(json_next(&json), JSON_NUMBER);
		assert_false(json_u64(&json, &number));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_kind_of_value),
		cmocka_unit_test(refuses_what_rfc_8259_refuses),
		cmocka_unit_test(unescapes),
		cmocka_unit_test(borrows_what_is_not_escaped),
		cmocka_unit_test(bounds_depth_without_recursion),
		cmocka_unit_test(names_where_it_broke),
		cmocka_unit_test(skips_values_and_levels),
		cmocka_unit_test(whole_numbers_are_plain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
