// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/app/terms.h"

static const struct str bases[] = { { "base:", 5 }, { "-base:", 6 } };

static void expect(const char *query, const char *added, const char *wanted)
{
	struct bytes out = { 0 };
	terms_edit(str_from(query), bases, 2, str_from(added), &out);
	assert_string_equal(out.ptr ? out.ptr : "", wanted);
	bytes_finish(&out);
}

static void terms_are_replaced_whole(void **state)
{
	(void)state;
	expect("", "base:sdxl", "base:sdxl");
	expect("base:sd1 ink", "base:sdxl", "base:sdxl ink");
	expect("ink -base: tag:x", "base:sdxl", "base:sdxl ink tag:x");
	expect("base:sdxl ink", "", "ink");
	expect("\"base:x y\" ink", "base:sdxl", "base:sdxl \"base:x y\" ink");
	expect("(base:sd1 | ink)", "base:sdxl", "base:sdxl (base:sd1 | ink)");
}

static void an_or_is_wrapped(void **state)
{
	(void)state;
	expect("a | b", "base:sdxl", "base:sdxl (a | b)");
	expect("a|b", "base:sdxl", "base:sdxl (a|b)");
	expect("a | b", "", "a | b");
}

static void terms_are_found_whole(void **state)
{
	(void)state;
	assert_true(terms_has(STR("ink (is:missing|is:offline)"), STR("(is:missing|is:offline)")));
	assert_false(terms_has(STR("base:sdxl-pony"), STR("base:sdxl")));
	assert_false(terms_has(STR(""), STR("x")));
	assert_false(terms_has(STR("((("), STR("x")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terms_are_replaced_whole),
		cmocka_unit_test(an_or_is_wrapped),
		cmocka_unit_test(terms_are_found_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
