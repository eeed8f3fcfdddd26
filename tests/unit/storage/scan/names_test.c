// SPDX-License-Identifier: MIT
#include "storage/scan/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "core/base/arena.h"

static void knows_models_by_extension(void **state)
{
	(void)state;
	const struct name_rules rules = { 0 };
	assert_true(name_is_model(&rules, STR("x.safetensors")));
	assert_true(name_is_model(&rules, STR("x.CKPT")));
	assert_true(name_is_model(&rules, STR(".x.pt2")));
	assert_false(name_is_model(&rules, STR(".pt")));
	assert_false(name_is_model(&rules, STR("safetensors")));
	assert_false(name_is_model(&rules, STR("x.safetensors.part")));
}

static void cuts_the_last_extension(void **state)
{
	(void)state;
	assert_true(str_equal(name_stem(STR("a.v1.0.pt")), STR("a.v1.0")));
	assert_true(str_equal(name_stem(STR("none")), STR("none")));
	assert_true(str_equal(name_stem(STR(".hidden")), STR(".hidden")));
}

static void takes_paths_apart(void **state)
{
	(void)state;
	assert_true(str_equal(name_of_path(STR("a/b/c.pt")), STR("c.pt")));
	assert_true(str_equal(name_of_folder(STR("a/b/c.pt")), STR("b")));
	assert_true(str_equal(name_of_folder(STR("/a/c.pt")), STR("a")));
	assert_null(name_of_folder(STR("c.pt")).ptr);
	assert_null(name_of_folder(STR("/c.pt")).ptr);
}

static void cuts_what_downloaders_add(void **state)
{
	(void)state;
	struct str name = STR("x.pt.CrDownload");
	assert_true(name_cut_download(&name));
	assert_true(str_equal(name, STR("x.pt")));
	name = STR(".part");
	assert_false(name_cut_download(&name));
	name = STR("apart");
	assert_false(name_cut_download(&name));
}

static void skips_folders_that_hold_no_library(void **state)
{
	(void)state;
	assert_true(name_is_skipped_folder(STR(".git")));
	assert_true(name_is_skipped_folder(STR("a/.Trashes")));
	assert_true(name_is_skipped_folder(STR("a/$Recycle.Bin")));
	assert_true(name_is_skipped_folder(STR("me/.local/share/Trash")));
	assert_false(name_is_skipped_folder(STR("a/Trash")));
	assert_false(name_is_skipped_folder(STR("a/.github")));
}

static void ignores_by_name_and_by_path(void **state)
{
	(void)state;
	const char *const globs[] = { "*.bin", "a/*/old" };
	const struct name_rules rules = { .ignore = globs, .n_ignore = 2 };
	assert_true(name_is_ignored(&rules, "deep/er/x.bin"));
	assert_true(name_is_ignored(&rules, "a/b/old"));
	assert_false(name_is_ignored(&rules, "a/b/c/old"));
	assert_false(name_is_ignored(&rules, "x.pt"));
}

static void an_absolute_glob_is_of_one_root(void **state)
{
	(void)state;
	const char *const globs[] = { "/models/old\\[1\\]", "/models/x*" };
	struct name_rules rules = { .ignore = globs, .n_ignore = 2, .root = "/models" };
	assert_true(name_is_ignored(&rules, "old[1]"));
	assert_true(name_is_ignored(&rules, "xyz"));
	assert_false(name_is_ignored(&rules, "a/old[1]"));
	assert_false(name_is_ignored(&rules, "a/xyz"));
	assert_true(name_is_passed_by(&rules, STR("old[1]/a/b.pt")));
	assert_true(name_is_passed_by(&rules, STR("x.pt")));
	assert_false(name_is_passed_by(&rules, STR("old[1]2/b.pt")));
	rules.root = "/other";
	assert_false(name_is_ignored(&rules, "old[1]"));
	rules.root = NULL;
	assert_false(name_is_ignored(&rules, "old[1]"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_models_by_extension),
		cmocka_unit_test(cuts_the_last_extension),
		cmocka_unit_test(takes_paths_apart),
		cmocka_unit_test(cuts_what_downloaders_add),
		cmocka_unit_test(skips_folders_that_hold_no_library),
		cmocka_unit_test(ignores_by_name_and_by_path),
		cmocka_unit_test(an_absolute_glob_is_of_one_root),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
