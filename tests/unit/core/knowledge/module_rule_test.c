// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/knowledge/module_rule.h"

static void one_name_for_another(void **state)
{
	struct arena arena = { 0 };
	struct module_rule rule;
	struct error err;
	(void)state;
	assert_true(module_rule_parse(STR("mlp.#.0 = ff.#.net.0.proj"), &arena, &rule, &err));
	assert_true(str_equal(rule.whole, STR("mlp.#.0")));
	assert_int_equal(rule.n_parts, 1);
	assert_true(str_equal(rule.parts[0].name, STR("ff.#.net.0.proj")));
	assert_false(rule.is_piece);
	arena_finish(&arena);
}

static void parts_in_braces(void **state)
{
	struct arena arena = { 0 };
	struct module_rule rule;
	struct error err;
	(void)state;
	assert_true(module_rule_parse(STR("l.#.qkvm = d.#.{q=in|kv=2in | mlp}.x"), &arena, &rule,
				      &err));
	assert_int_equal(rule.n_parts, 3);
	assert_true(str_equal(rule.parts[0].name, STR("d.#.q.x")));
	assert_int_equal(rule.parts[0].inputs, 1);
	assert_int_equal(rule.parts[1].inputs, 2);
	assert_true(str_equal(rule.parts[2].name, STR("d.#.mlp.x")));
	assert_int_equal(rule.parts[2].inputs, 0);
	assert_false(rule.is_piece);
	assert_true(module_rule_parse(STR("l.# = l.#_qkv=3in"), &arena, &rule, &err));
	assert_true(rule.is_piece);
	arena_finish(&arena);
}

static void mistakes_are_told(void **state)
{
	static const char *const wrong[] = {
		"no sign",
		" = a",
		"a = ",
		"a.# = b",
		"a = b.#",
		"a = {b|c",
		"a = b|c}",
		"a = }b{",
		"a = b=4out",
		"a = b=0in",
		"a = b c",
		"a = {b||c}",
		"a = {1|2|3|4|5|6|7|8|9}",
		"#.#.#.#.#.#.# = #.#.#.#.#.#.#",
	};
	struct arena arena = { 0 };
	struct module_rule rule;
	struct error err;
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		if (module_rule_parse(str_from(wrong[i]), &arena, &rule, &err))
			fail_msg("taken for right: %s", wrong[i]);
	arena_finish(&arena);
}

static void numbers_are_masked(void **state)
{
	struct str numbers[MODULE_NUMBERS_MAX];
	char masked[64];
	(void)state;
	assert_int_equal(module_rule_mask(STR("a.12.b3.#"), masked, numbers), 3);
	assert_memory_equal(masked, "a.#.b#.#", 8);
	assert_true(str_equal(numbers[0], STR("12")));
	assert_true(str_equal(numbers[2], STR("#")));
	assert_int_equal(module_rule_mask(STR("1.2.3.4.5.6.7"), masked, numbers),
			 MODULE_NUMBERS_MAX + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_name_for_another),
		cmocka_unit_test(parts_in_braces),
		cmocka_unit_test(mistakes_are_told),
		cmocka_unit_test(numbers_are_masked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
