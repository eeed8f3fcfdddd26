// SPDX-License-Identifier: MIT
#include "core/base/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void a_path_has_a_folder_and_a_stem(void **state)
{
	static const char *const cases[][3] = {
		{ "/a/b.pt", "/a", "b" },
		{ "/b.pt", "/", "b" },
		{ "b.tar.gz", "", "b.tar" },
		{ "a/b/.hidden", "a/b", ".hidden" },
		{ "a/b.c/d", "a/b.c", "d" },
		{ "/", "/", "" },
		{ "", "", "" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str path = str_from(cases[i][0]);
		assert_true(str_equal(path_folder(path), str_from(cases[i][1])));
		assert_true(str_equal(path_stem(path), str_from(cases[i][2])));
	}
}

static void a_name_lies_in_a_folder(void **state)
{
	static const char *const cases[][3] = {
		{ "/a", "b.pt", "/a/b.pt" }, { "/", "b", "/b" },
		{ "a", "b/c", "a/b/c" },     { "", "b", "b" },
		{ "/a", "", "/a" },          { "", "", "" },
	};
	struct arena arena = { 0 };
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str path = path_join(&arena, str_from(cases[i][0]), str_from(cases[i][1]));
		assert_string_equal(path.ptr, cases[i][2]);
		assert_int_equal(path.len, str_from(cases[i][2]).len);
	}
	arena_finish(&arena);
}

static void a_path_lies_below_a_folder(void **state)
{
	static const char *const cases[][3] = {
		{ "/a/b/c.pt", "/a", "b/c.pt" }, { "/a/b", "/a/b", NULL }, { "/a/", "/a", NULL },
		{ "/ab/c", "/a", NULL },         { "/c", "/", "c" },       { "/", "/", NULL },
		{ "/b/c", "/a", NULL },          { "/a", "/a/b", NULL },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str rest;
		bool is_below = path_is_below(str_from(cases[i][0]), str_from(cases[i][1]), &rest);
		assert_int_equal(is_below, cases[i][2] != NULL);
		assert_true(!is_below || str_equal(rest, str_from(cases[i][2])));
	}
}

static void a_link_leads_somewhere(void **state)
{
	static const char *const cases[][3] = {
		{ "/a/b", "c", "/a/b/c" },
		{ "/a/b", "../c", "/a/c" },
		{ "/a/b", "/c/./d//e", "/c/d/e" },
		{ "/a", "../../..", "/" },
		{ "/", "c", "/c" },
		{ "/a/b", "../b/./x/..", "/a/b" },
		{ "/a/b", "../../x", "/x" },
		{ "/a", ".", "/a" },
	};
	struct arena arena = { 0 };
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_true(str_equal(
			path_of_link(str_from(cases[i][0]), str_from(cases[i][1]), &arena),
			str_from(cases[i][2])));
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_path_has_a_folder_and_a_stem),
					    cmocka_unit_test(a_name_lies_in_a_folder),
					    cmocka_unit_test(a_path_lies_below_a_folder),
					    cmocka_unit_test(a_link_leads_somewhere) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
