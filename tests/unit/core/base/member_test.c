// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/array.h"
#include "core/base/member.h"

static void plain_names_may_become_files(void **state)
{
	static const char *const names[] = { "a.safetensors", "a/b/c.ckpt", "caf\xe9.pt",
					     "..a",           "a..",        "a b",
					     "...",           "-rf",        "a/.hidden" };
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_null(member_fault(str_from(names[i])));
}

static void names_that_mean_something_else_may_not(void **state)
{
	const struct {
		struct str name;
		const char *says;
	} cases[] = {
		{ STR(""), "no name" },
		{ STR("/etc/x"), "absolute" },
		{ STR("\\x"), "absolute" },
		{ STR("C:x"), "absolute" },
		{ STR("z:/x"), "absolute" },
		{ STR("../x"), "another place" },
		{ STR("a/../b"), "another place" },
		{ STR("a/.."), "another place" },
		{ STR("a/./b"), "another place" },
		{ STR("a//b"), "empty part" },
		{ STR("a/"), "empty part" },
		{ STR("a\\b"), "backslashes" },
		{ STR("a\nb"), "control" },
		{ STR("a\x1b[2J"), "control" },
		{ STR("a\0b"), "control" },
		{ STR("a\x7f"), "control" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *fault = member_fault(cases[i].name);
		assert_non_null(fault);
		assert_non_null(strstr(fault, cases[i].says));
	}
}

static void length_and_depth_have_limits(void **state)
{
	struct bytes name = { 0 };
	(void)state;
	for (size_t i = 0; i < MEMBER_PART_BYTES_MAX; i++)
		bytes_append_byte(&name, 'n');
	assert_null(member_fault(bytes_str(&name)));
	bytes_append_byte(&name, 'n');
	assert_non_null(member_fault(bytes_str(&name)));
	bytes_clear(&name);
	for (size_t i = 1; i < MEMBER_DEPTH_MAX; i++)
		bytes_append_str(&name, STR("d/"));
	bytes_append_byte(&name, 'f');
	assert_null(member_fault(bytes_str(&name)));
	bytes_append_str(&name, STR("/f"));
	assert_non_null(member_fault(bytes_str(&name)));
	bytes_finish(&name);
}

static void the_dot_in_front_is_nothing(void **state)
{
	(void)state;
	assert_true(str_equal(member_path(STR("./a/b")), STR("a/b")));
	assert_true(str_equal(member_path(STR("././a")), STR("a")));
	assert_true(str_equal(member_path(STR("../a")), STR("../a")));
	assert_true(str_equal(member_path(STR(".a")), STR(".a")));
}

static void our_names_have_no_fault(void **state)
{
	struct arena arena = { 0 };
	(void)state;
	assert_true(
		str_equal(member_name(STR("a\\b\n\xff/c\xc2\x85.pt"), &arena), STR("a_b__/c_.pt")));
	assert_true(str_equal(member_name(STR("a:b.pt"), &arena), STR("a_b.pt")));
	assert_true(str_equal(member_name(STR("loras/漢字.pt"), &arena), STR("loras/漢字.pt")));
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_names_may_become_files),
		cmocka_unit_test(names_that_mean_something_else_may_not),
		cmocka_unit_test(length_and_depth_have_limits),
		cmocka_unit_test(the_dot_in_front_is_nothing),
		cmocka_unit_test(our_names_have_no_fault),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
