// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/organise/plan.h"
#include "core/organise/template.h"

static const struct template_values values = { .of = {
						       [TEMPLATE_KIND] = { "lora", 4 },
						       [TEMPLATE_BASE] = { "sdxl-pony", 9 },
						       [TEMPLATE_RANK] = { "16", 2 },
						       [TEMPLATE_AUTHOR] = { "a/b\x1b", 4 },
						       [TEMPLATE_TAG] = { "..", 2 },
						       [TEMPLATE_NAME] = { "caf\xe9", 4 },
					       } };

static void fields_become_a_path(void **state)
{
	static const struct {
		const char *text, *path;
	} cases[] = {
		{ "{kind}/{base}/{name}", "lora/sdxl-pony/caf\xe9" },
		{ "{kind}", "lora/caf\xe9" },
		{ "flat/", "flat/caf\xe9" },
		{ "{name}", "caf\xe9" },
		{ "{kind}/{year}/{name}", "lora/caf\xe9" },
		{ "{kind}/x{year}/{name}", "lora/caf\xe9" },
		{ "{author}/{name}-r{rank}", "a-b-/caf\xe9-r16" },
		{ "{tag}/{name}", "caf\xe9" },
		{ " a / b /{name}", "a/b/caf\xe9" },
		{ "a//b/{name}", "a/b/caf\xe9" },
	};
	struct arena arena = { 0 };
	struct error err;
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str text = str_from(cases[i].text);
		assert_true(template_check(text, &err));
		assert_string_equal(template_fill(text, &values, &arena).ptr, cases[i].path);
	}
	arena_finish(&arena);
}

static void mistakes_have_a_column(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "", "empty" },
		{ "  ", "empty" },
		{ "/x", "column 1" },
		{ "a/../b", "column 3" },
		{ "a/{knd}", "column 3: there is no field of that name; did you mean {kind}?" },
		{ "{zzzzzz}", "there are {kind}" },
		{ "a{name", "column 2: this { is not closed" },
		{ "a}", "column 2: this } closes nothing" },
		{ "a\nb", "column 2" },
	};
	struct error err;
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_false(template_check(str_from(cases[i].text), &err));
		assert_int_equal(err.code, ERROR_USAGE);
		assert_non_null(strstr(err.text, cases[i].says));
	}
}

static void long_parts_are_cut_between_characters(void **state)
{
	struct arena arena = { 0 };
	struct bytes name = { 0 };
	struct template_values one = { 0 };
	(void)state;
	bytes_append_str(&name, STR("x"));
	for (int i = 0; i < 150; i++)
		bytes_append_str(&name, STR("\xc3\xa9"));
	one.of[TEMPLATE_NAME] = bytes_str(&name);
	struct str path = template_fill(STR("{name}"), &one, &arena);
	assert_int_equal(path.len, TEMPLATE_PART_BYTES_MAX - 1);
	bytes_finish(&name);
	arena_finish(&arena);
}

static void actions_have_words(void **state)
{
	(void)state;
	for (int i = 0; i < PLAN_ACTION_COUNT; i++)
		assert_int_equal(plan_action_find(str_from(plan_action_word((enum plan_action)i))),
				 i);
	assert_int_equal(plan_action_find(STR("burn")), PLAN_ACTION_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_become_a_path),
		cmocka_unit_test(mistakes_have_a_column),
		cmocka_unit_test(long_parts_are_cut_between_characters),
		cmocka_unit_test(actions_have_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
