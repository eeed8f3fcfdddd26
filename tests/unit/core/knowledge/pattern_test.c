// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/knowledge/rule.h"

struct sample {
	const char *pattern, *name;
	bool in_tensor, in_module; /* with and without dots that stop */
};

static const struct sample samples[] = {
	{ "img_in.weight", "img_in.weight", true, true },
	{ "img_in.weight", "img_in.weights", false, false },
	{ "img_in.weight", "img_in.weigh", false, false },
	{ "", "", true, true },
	{ "*", "", true, true },
	{ "*", "weight", true, true },
	{ "*", "img_in.weight", false, true },
	{ "*.weight", "img_in.weight", true, true },
	{ "*.weight", "a.b.weight", false, true },
	{ "**.weight", "a.b.weight", true, true },
	{ "**", "a.b.c", true, true },
	{ "a.**.c", "a.b.b.c", true, true },
	{ "a.**.c", "a.c", false, false },
	{ "blocks.#.attn", "blocks.12.attn", true, true },
	{ "blocks.#.attn", "blocks..attn", false, false },
	{ "blocks.#.attn", "blocks.x.attn", false, false },
	{ "blocks_#_attn", "blocks_3_attn", true, true },
	{ "block#", "block12a", false, false },
	{ "**a*b", "a.xab", true, true },
	{ "**a*b", "axa.b", false, true },
	{ "*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa", false, false },
	{ "**.to_k.*", "x.attn1.to_k.weight", true, true },
	{ "**.to_k.*", "x.to_k.y.to_k.weight", true, true },
	{ "*_#_x", "a_b_1_x", true, true },
	{ "*_#_x", "a_b_1_y", false, false },
	{ "**.to_k.#.x", "a.to_v.to_k.7.x", true, true },
	{ "**abc", "bc", false, false },
	{ "*#.b", "layer1.a2.b", false, true },
	{ "**#.b", "layer1.a2.b", true, true },
};

static void patterns_match_whole_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		const struct sample *s = &samples[i];
		struct str pattern = str_from(s->pattern), name = str_from(s->name);
		if (pattern_match(pattern, name, true, NULL) != s->in_tensor ||
		    pattern_match(pattern, name, false, NULL) != s->in_module)
			fail_msg("%s against %s", s->pattern, s->name);
	}
}

static uint64_t number_in(const char *pattern, const char *name)
{
	uint64_t number = 999;
	assert_true(pattern_match(str_from(pattern), str_from(name), true, &number));
	return number;
}

static void the_first_number_is_told(void **state)
{
	(void)state;
	assert_int_equal(number_in("blocks.#.**", "blocks.37.mlp.0.weight"), 37);
	assert_int_equal(number_in("**.#.x.#", "a.5.x.6"), 5);
	assert_int_equal(number_in("*.#", "a.007"), 7);
	assert_int_equal(number_in("a", "a"), 999);
	assert_true(number_in("a#", "a99999999999999999999999") == UINT64_MAX);
}

static void hostile_names_end_soon(void **state)
{
	(void)state;
	static char name[20000];
	memset(name, 'a', sizeof name);
	struct str text = { name, sizeof name };
	assert_false(pattern_match(STR("**a*a*a*a*a*a*b"), text, true, NULL));
	assert_false(pattern_match(STR("**a**a**a**a**b"), text, false, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_match_whole_names),
		cmocka_unit_test(the_first_number_is_told),
		cmocka_unit_test(hostile_names_end_soon),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
