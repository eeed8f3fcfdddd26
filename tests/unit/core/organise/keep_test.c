// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/organise/keep.h"

static const struct keep_copy copies[] = {
	{ { "/m/b/model.safetensors", 22 }, { "m", 1 }, 300, false },
	{ { "/m/a/model (1).safetensors", 26 }, { "m", 1 }, 100, false },
	{ { "/fast/model.safetensors", 23 }, { "fast", 4 }, 200, true },
	{ { "/m/a/model.safetensors", 22 }, { "m", 1 }, 300, true },
};
enum { N_COPIES = sizeof copies / sizeof *copies };

static struct str chosen(const char *text, const struct keep_copy *list, size_t n)
{
	struct arena arena = { 0 };
	struct keep_rules rules;
	struct error err;
	assert_true(keep_rules_parse(str_from(text), &arena, &rules, &err));
	struct str path = list[keep_choose(&rules, list, n)].path;
	arena_finish(&arena);
	return path;
}

static const struct {
	const char *text, *path;
} cases[] = {
	{ "oldest", "/m/a/model (1).safetensors" },
	{ "newest", "/m/a/model.safetensors" }, /* two are: the first path */
	{ "newest,shortest", "/m/a/model.safetensors" },
	{ "shortest", "/m/a/model.safetensors" },
	{ "tagged", "/fast/model.safetensors" },
	{ "tagged,newest", "/m/a/model.safetensors" },
	{ "root:fast", "/fast/model.safetensors" },
	{ "root:nowhere,oldest", "/m/a/model (1).safetensors" },
	{ "root:m,tagged", "/m/a/model.safetensors" },
	{ "path:/m/b", "/m/b/model.safetensors" },
	{ "path:/m/b/", "/m/b/model.safetensors" },
	{ "path:/f,oldest", "/m/a/model (1).safetensors" }, /* no folder of that name */
	{ "path:*/b/*", "/m/b/model.safetensors" },
	{ "path:*(?).safetensors", "/m/a/model (1).safetensors" },
	{ " path:/m/b , oldest ", "/m/b/model.safetensors" },
};

static void the_first_rule_that_tells_decides(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str path = chosen(cases[i].text, copies, N_COPIES);
		assert_string_equal(path.ptr, cases[i].path);
	}
}

static void the_order_of_the_copies_is_of_no_matter(void **state)
{
	struct keep_copy turned[N_COPIES];
	(void)state;
	for (size_t shift = 0; shift < N_COPIES; shift++) {
		for (size_t i = 0; i < N_COPIES; i++)
			turned[(i + shift) % N_COPIES] = copies[N_COPIES - 1 - i];
		for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
			struct str first = chosen(cases[i].text, copies, N_COPIES);
			assert_string_equal(chosen(cases[i].text, turned, N_COPIES).ptr, first.ptr);
		}
	}
}

static void one_copy_stays_whatever_the_rules(void **state)
{
	(void)state;
	assert_string_equal(chosen("root:nowhere", copies, 1).ptr, copies[0].path.ptr);
}

static void mistakes_name_the_rules(void **state)
{
	static const char *const texts[] = { "",      ",",     "oldest,",  "eldest",       "root",
					     "root:", "path:", "oldest:1", "oldest newest" };
	struct arena arena = { 0 };
	struct keep_rules rules;
	struct error err;
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_false(keep_rules_parse(str_from(texts[i]), &arena, &rules, &err));
		assert_int_equal(err.code, ERROR_USAGE);
		assert_non_null(strstr(err.text, "root:NAME"));
	}
	assert_false(keep_rules_parse(STR("path:m/b"), &arena, &rules, &err));
	assert_non_null(strstr(err.text, "begin with / or *"));
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_rule_that_tells_decides),
		cmocka_unit_test(the_order_of_the_copies_is_of_no_matter),
		cmocka_unit_test(one_copy_stays_whatever_the_rules),
		cmocka_unit_test(mistakes_name_the_rules),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
