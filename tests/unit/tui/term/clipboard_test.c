// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/term/clipboard.h"

static void text_is_sent_as_base64(void **state)
{
	static const char *const cases[][2] = {
		{ "a", "\033]52;c;YQ==\a" },
		{ "ab", "\033]52;c;YWI=\a" },
		{ "abc", "\033]52;c;YWJj\a" },
		{ "<lora:x:1>\n", "\033]52;c;PGxvcmE6eDoxPgo=\a" },
		{ "\xff\xfe\xfb", "\033]52;c;//77\a" },
		{ "", "\033]52;c;\a" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct bytes out = { 0 };
		assert_true(clipboard_fits(str_from(cases[i][0])));
		clipboard_write(str_from(cases[i][0]), &out);
		assert_string_equal(out.ptr, cases[i][1]);
		bytes_finish(&out);
	}
}

static void nothing_that_could_type_is_sent(void **state)
{
	static const char *const bad[] = { "a\x1b[31m", "a\r", "a\x7f", "a\xc2\x9b", "\a" };
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(clipboard_fits(str_from(bad[i])));
	assert_true(clipboard_fits(STR("two\tcolumns\nand lines")));
	assert_false(clipboard_fits(STR("a\0b")));
}

static void there_is_a_limit(void **state)
{
	struct arena arena = { 0 };
	size_t max = CLIPBOARD_BASE64_MAX / 4 * 3;
	char *text = arena_alloc(&arena, max + 1);
	(void)state;
	for (size_t i = 0; i <= max; i++)
		text[i] = 'x';
	assert_true(clipboard_fits((struct str){ text, max }));
	assert_false(clipboard_fits((struct str){ text, max + 1 }));
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_sent_as_base64),
		cmocka_unit_test(nothing_that_could_type_is_sent),
		cmocka_unit_test(there_is_a_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
