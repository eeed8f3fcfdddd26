// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "storage/index/text_find.h"

static size_t find_slowly(const char *text, size_t from, size_t to, struct str word)
{
	for (size_t i = from; i + word.len <= to; i++) {
		if (memcmp(text + i, word.ptr, word.len) == 0)
			return i;
	}
	return to;
}

/* Two letters, so that nearly every place is nearly a hit. */
static void agrees_with_the_slow_way(void **state)
{
	(void)state;
	static char text[200 + TEXT_FIND_PADDING];
	char word[20];
	uint32_t seed = 7;
	for (int round = 0; round < 20000; round++) {
		size_t len = seed % 200, from = len ? (seed >> 8) % len : 0;
		size_t word_len = 1 + (seed >> 16) % sizeof word;
		for (size_t i = 0; i < sizeof text; i++)
			text[i] = (char)('a' + ((seed = seed * 1664525 + 1013904223) >> 24) % 2);
		for (size_t i = 0; i < word_len; i++)
			word[i] = (char)('a' + ((seed = seed * 1664525 + 1013904223) >> 24) % 2);
		struct str wanted = { word, word_len };
		assert_int_equal(text_find(text, from, len, wanted),
				 find_slowly(text, from, len, wanted));
	}
}

static void a_word_that_ends_past_the_end_is_no_hit(void **state)
{
	(void)state;
	static const char text[64] = "abcabcabd";
	assert_int_equal(text_find(text, 0, 8, STR("abd")), 8);
	assert_int_equal(text_find(text, 0, 9, STR("abd")), 6);
	assert_int_equal(text_find(text, 0, 2, STR("abc")), 2);
	assert_int_equal(text_find(text, 5, 5, STR("a")), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_the_slow_way),
		cmocka_unit_test(a_word_that_ends_past_the_end_is_no_hit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
