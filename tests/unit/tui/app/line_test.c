// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/app/line.h"

/* The words with "|" between. */
static void assert_words(const char *text, const char *expected)
{
	struct arena arena = { 0 };
	struct bytes joined = { 0 };
	struct line line;
	assert_true(line_split(str_from(text), &arena, &line));
	for (size_t i = 0; i < line.n; i++)
		bytes_printf(&joined, "%s%s", i ? "|" : "", line.words[i].ptr);
	assert_true(str_equal(bytes_str(&joined), str_from(expected)));
	bytes_finish(&joined);
	arena_finish(&arena);
}

static void words_are_those_of_a_shell(void **state)
{
	(void)state;
	assert_words("", "");
	assert_words("  ", "");
	assert_words("root list", "root|list");
	assert_words("  tag   kind:lora  +a ", "tag|kind:lora|+a");
	assert_words("tag 'kind:lora ink' +a", "tag|kind:lora ink|+a");
	assert_words("show \"it's\" a\\ b", "show|it's|a b");
	assert_words("note x ''", "note|x|");
	assert_words("a'b c'd \"e\\\"f\" '\\'", "ab cd|e\"f|\\");
}

static void an_open_quote_is_a_mistake(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct line line;
	assert_false(line_split(STR("show 'it"), &arena, &line));
	assert_false(line_split(STR("show \"it'"), &arena, &line));
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_those_of_a_shell),
		cmocka_unit_test(an_open_quote_is_a_mistake),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
