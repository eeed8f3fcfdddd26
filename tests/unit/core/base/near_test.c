// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/base/near.h"

static const char *nearest(const char *typed)
{
	static const char *const words[] = {
		"base", "arch", "kind", "favourite", "untagged", "is"
	};
	struct near near = NEAR(str_from(typed));
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		near_offer(&near, str_from(words[i]));
	return near.best.ptr;
}

static void one_slip_is_near(void **state)
{
	(void)state;
	assert_string_equal(nearest("bse"), "base");
	assert_string_equal(nearest("abse"), "base");
	assert_string_equal(nearest("KIMD"), "kind");
	assert_string_equal(nearest("favorite"), "favourite");
	assert_string_equal(nearest("untag"), "untagged");
}

static void far_words_are_not_suggested(void **state)
{
	(void)state;
	assert_null(nearest("zzz"));
	assert_null(nearest(""));
	assert_null(nearest("x"));
	assert_null(nearest("a-word-that-is-longer-than-any-that-is-compared"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_slip_is_near),
		cmocka_unit_test(far_words_are_not_suggested),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
