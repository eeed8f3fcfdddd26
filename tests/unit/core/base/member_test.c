// SPDX-License-Identifier: MIT
#include "core/base/member.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void what_leads_elsewhere_is_no_name(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"", "/", "/etc/passwd", "a//b", "a/", "..", "../a", "a/../b", "a/..", ".", "./a", "a/./b",
		"a\\b", "..\\a", "C:/a", "c:a", "a\nb", "a\x7f", "a\xc2\x85" "b", "a\xff" "b", "a\xc0\xaf" "b",
		"1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_non_null(member_fault(str_from(bad[i])));
	assert_non_null(member_fault(STR("a\0b")));
	static const char *const good[] = {
		"a", "a.safetensors", "loras/a b.pt", "...", "a/..b", ".hidden", "über/漢字.png", "ab:c", "1:2",
		"1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16",
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_null(member_fault(str_from(good[i])));
}

static void a_part_may_have_255_bytes(void **state)
{
	(void)state;
	struct arena arena = {0};
	char *name = arena_alloc(&arena, 260);
	for (int i = 0; i < 260; i++)
		name[i] = 'x';
	assert_null(member_fault((struct str){name, 255}));
	assert_non_null(member_fault((struct str){name, 256}));
	arena_finish(&arena);
}

static void our_names_have_no_fault(void **state)
{
	(void)state;
	struct arena arena = {0};
	assert_true(str_equal(member_name(STR("a\\b\n\xff/c\xc2\x85.pt"), &arena), STR("a_b__/c_.pt")));
	assert_true(str_equal(member_name(STR("a:b.pt"), &arena), STR("a_b.pt")));
	assert_true(str_equal(member_name(STR("loras/漢字.pt"), &arena), STR("loras/漢字.pt")));
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_leads_elsewhere_is_no_name),
		cmocka_unit_test(a_part_may_have_255_bytes),
		cmocka_unit_test(our_names_have_no_fault),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
