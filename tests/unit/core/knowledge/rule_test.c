// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/knowledge/rule.h"

struct fixture {
	struct arena arena;
	struct error err;
	struct rule rule;
};

static int set_up(void **state)
{
	static struct fixture fixture;
	memset(&fixture, 0, sizeof fixture);
	arena_init(&fixture.arena);
	*state = &fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	arena_finish(&f->arena);
	return 0;
}

static const struct term *parse(struct fixture *f, const char *text)
{
	if (!rule_parse(str_from(text), &f->arena, &f->rule, &f->err))
		fail_msg("%s: %s", text, f->err.text);
	return f->rule.terms;
}

static void assert_text(struct str text, const char *wanted)
{
	if (!str_equal(text, str_from(wanted)))
		fail_msg("\"%.*s\" instead of \"%s\"", STR_ARG(text), wanted);
}

static void shapes(void **state)
{
	struct fixture *f = *state;
	const struct term *term = parse(f, "tensor(label_emb.0.0.weight)[1280, 2816]");
	assert_int_equal(term->subject, TERM_TENSOR);
	assert_text(term->pattern, "label_emb.0.0.weight");
	assert_true(term->has_shape && !term->shape_is_open);
	assert_int_equal(term->n_shape, 2);
	assert_int_equal(term->shape[0], 1280);
	assert_int_equal(term->shape[1], 2816);

	term = parse(f, "tensor(x)[320,*,...]");
	assert_true(term->shape_is_open);
	assert_int_equal(term->n_shape, 2);
	assert_true(term->shape[1] == DIM_ANY);

	term = parse(f, "tensor(marker)[]");
	assert_true(term->has_shape);
	assert_int_equal(term->n_shape, 0);
	assert_false(parse(f, "tensor(marker)")->has_shape);
}

static void numbers(void **state)
{
	struct fixture *f = *state;
	const struct term *term = parse(f, "in(attn2.to_k) = 768|1024..2048");
	assert_int_equal(term->subject, TERM_IN);
	assert_int_equal(term->compare, COMPARE_EQ);
	assert_int_equal(term->n_ranges, 2);
	assert_int_equal(term->ranges[0].low, 768);
	assert_int_equal(term->ranges[0].high, 768);
	assert_int_equal(term->ranges[1].high, 2048);
	assert_int_equal(parse(f, "count(**.hada_w1_a)>=10")->compare, COMPARE_GE);
	assert_int_equal(parse(f, "highest(joint_blocks.#.**) < 24")->compare, COMPARE_LT);
	assert_int_equal(parse(f, "dims(x) != 4")->compare, COMPARE_NE);
}

static void words(void **state)
{
	struct fixture *f = *state;
	const struct term *term = parse(f, "meta(ss_Network_Module) = *LyCORIS*");
	assert_text(term->pattern, "ss_network_module");
	assert_text(term->glob, "*lycoris*");
	assert_int_equal(parse(f, "meta(x)")->compare, COMPARE_EXISTS);
	assert_text(parse(f, "meta(x) = \"Two Words\"")->glob, "two words");
	assert_text(parse(f, "meta(x) = \"\"")->glob, "");
	assert_text(parse(f, "tag(rem_(Re:Zero))")->pattern, "rem_(re:zero)");
	assert_text(parse(f, "config(unet/config.json:in_channels) = 9")->glob, "9");
	assert_text(parse(f, "name(sdxl lightning)")->pattern, "sdxl lightning");
}

static void several_terms(void **state)
{
	struct fixture *f = *state;
	const struct term *terms =
		parse(f, "  !tensor(guidance_in.**)  kind(checkpoint) module(a_#_b) ");
	assert_int_equal(f->rule.n_terms, 3);
	assert_true(terms[0].is_negated && !terms[1].is_negated);
	assert_int_equal(terms[1].subject, TERM_KIND);
	assert_int_equal(terms[2].subject, TERM_MODULE);
	assert_text(f->rule.text, "!tensor(guidance_in.**)  kind(checkpoint) module(a_#_b)");
}

static void confidence(void **state)
{
	struct fixture *f = *state;
	parse(f, "module(a_#_b)");
	assert_int_equal(f->rule.confidence, CONFIDENCE_CERTAIN);
	assert_int_equal(parse(f, "likely  in(a) = 8")->subject, TERM_IN);
	assert_int_equal(f->rule.n_terms, 1);
	assert_int_equal(f->rule.confidence, CONFIDENCE_LIKELY);
	assert_int_equal(parse(f, "guess said(sdxl)")->subject, TERM_SAID);
	assert_int_equal(f->rule.confidence, CONFIDENCE_GUESS);
}

struct mistake {
	const char *text, *words;
};

static const struct mistake mistakes[] = {
	{ "", "column 1: an empty rule" },
	{ "tensro(x)", "column 1: there is no such term; did you mean \"tensor\"?" },
	{ "tensor(x) qqqqqqqqqq(y)", "column 11: there is no such term" },
	{ "tensor(x) =", "column 11: this term is not compared" },
	{ "tensor x", "column 7: \"(\" is expected" },
	{ "tensor(x", "column 7: this \"(\" is never closed" },
	{ "tensor( )", "column 8: nothing between" },
	{ "tensor(x)[1,", "column 10: this \"[\" is never closed" },
	{ "tensor(x)[1;2]", "column 12: \",\" or \"]\" is expected" },
	{ "tensor(x)[a]", "column 11: a whole number" },
	{ "tensor(x)[...,1]", "column 15: \"...\" ends a shape" },
	{ "tensor(x)[1,1,1,1,1,1,1,1,1]", "column 27: a shape has at most 8" },
	{ "module(x)[1]", "column 10: only tensor(...) takes a shape" },
	{ "likely", "column 1: there is no such term" },
	{ "likely(x)", "column 1: there is no such term" },
	{ "tensor(x) likely", "column 11: there is no such term" },
	{ "tensor(x)tensor(y)", "column 10: a space is expected" },
	{ "count(x)", "column 9: a comparison is expected" },
	{ "count(x) >= ten", "column 13: a whole number" },
	{ "count(x) = 99999999999999999999", "column 12: a whole number" },
	{ "count(x) > 1..2", "column 12: ranges and choices" },
	{ "count(x) = 9..1", "column 12: the range ends" },
	{ "count(x) = 1|2|3|4|5|6|7|8|9", "column 28: at most 8" },
	{ "dtype(x)", "column 9: a comparison is expected" },
	{ "meta(x) < y", "column 9: texts are compared" },
	{ "meta(x) = \"y", "column 11: this quote" },
	{ "meta(x) =", "column 10: a value is expected" },
	{ "kind(lroa)", "column 6: there is no such kind" },
	{ "adapter(lorax)", "column 9: there is no such adapter type" },
	{ "config(in_channels) = 9", "column 8: FILE:PATH" },
	{ "hash(abcdef)", "column 6: the hash's name" },
	{ "highest(blocks.0) = 3", "column 9: the pattern needs a #" },
	{ "name(\xc3\xa9\xc3\xa9) x", "column 10: there is no such term" },
};

static void mistakes_are_told_with_their_column(void **state)
{
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
		if (rule_parse(str_from(mistakes[i].text), &f->arena, &f->rule, &f->err))
			fail_msg("\"%s\" was taken", mistakes[i].text);
		assert_int_equal(f->err.code, ERROR_FORMAT);
		if (strncmp(f->err.text, mistakes[i].words, strlen(mistakes[i].words)) != 0)
			fail_msg("\"%s\": \"%s\"", mistakes[i].text, f->err.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(shapes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(numbers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(words, set_up, tear_down),
		cmocka_unit_test_setup_teardown(several_terms, set_up, tear_down),
		cmocka_unit_test_setup_teardown(confidence, set_up, tear_down),
		cmocka_unit_test_setup_teardown(mistakes_are_told_with_their_column, set_up,
						tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
