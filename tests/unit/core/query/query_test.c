// SPDX-License-Identifier: MIT
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/query/query.h"

#define DAY 86400.0
#define NOW_S INT64_C(1767225600) /* 2026-01-01 00:00 UTC */

struct fixture {
	struct knowledge *knowledge;
	struct arena arena;
	struct query_mistake mistake;
};

static struct texts one_text(struct arena *arena, const char *word)
{
	struct str *list = ARENA_NEW(arena, struct str);
	*list = str_from(word);
	return (struct texts){ list, 1 };
}

static void add_base(struct knowledge *knowledge, const char *id, const char *parent,
		     const char *alias)
{
	struct base_model *base = ARRAY_PUSH(&knowledge->base_models, struct base_model);
	base->id = base->name = str_from(id);
	base->parent = str_from(parent);
	base->architecture = STR("sdxl");
	if (alias)
		base->aliases = one_text(&knowledge->arena, alias);
}

static int setup(void **state)
{
	static struct fixture fixture;
	struct knowledge *knowledge = knowledge_create();
	struct architecture *architecture =
		ARRAY_PUSH(&knowledge->architectures, struct architecture);
	architecture->id = architecture->name = architecture->foundation = STR("sdxl");
	add_base(knowledge, "sdxl", NULL, NULL);
	add_base(knowledge, "sdxl-pony", "sdxl", "pony");
	ARRAY_PUSH(&knowledge->variants, struct variant)->id = STR("inpaint");
	struct error err;
	if (!knowledge_finish(knowledge, &err))
		return -1;
	fixture = (struct fixture){ .knowledge = knowledge };
	arena_init(&fixture.arena);
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	arena_finish(&fixture->arena);
	knowledge_destroy(fixture->knowledge);
	return 0;
}

static const struct query_node *parse(struct fixture *fixture, const char *text)
{
	return query_parse(str_from(text), fixture->knowledge, NOW_S, &fixture->arena,
			   &fixture->mistake);
}

/* The tree as text, fully bracketed: what the shape tests compare. */
static void draw(struct bytes *out, const struct query_node *node)
{
	switch (node->op) {
	case QUERY_ALL: bytes_printf(out, "all"); break;
	case QUERY_LEAF:
		bytes_printf(out, "%s%s%.*s", query_field_word(node->field),
			     node->match == MATCH_ANY     ? ":*"
			     : node->match == MATCH_EXACT ? "="
							  : ":",
			     STR_ARG(node->text));
		break;
	case QUERY_NOT:
		bytes_printf(out, "!");
		draw(out, node->left);
		break;
	case QUERY_AND:
	case QUERY_OR:
		bytes_printf(out, "(");
		draw(out, node->left);
		bytes_printf(out, node->op == QUERY_AND ? " & " : " | ");
		draw(out, node->right);
		bytes_printf(out, ")");
		break;
	}
}

static void assert_shape(struct fixture *fixture, const char *text, const char *shape)
{
	const struct query_node *tree = parse(fixture, text);
	if (!tree)
		fail_msg("\"%s\": column %zu: %s", text, fixture->mistake.column,
			 fixture->mistake.text);
	struct bytes drawn = { 0 };
	draw(&drawn, tree);
	assert_string_equal(drawn.ptr, shape);
	bytes_finish(&drawn);
}

static void terms_are_combined(void **state)
{
	assert_shape(*state, "", "all");
	assert_shape(*state, " \t ", "all");
	assert_shape(*state, "ink", ":ink");
	assert_shape(*state, "ink  wash", "(:ink & :wash)");
	assert_shape(*state, "a b | c", "((:a & :b) | :c)");
	assert_shape(*state, "a|b|c", "((:a | :b) | :c)");
	assert_shape(*state, "a (b | c)", "(:a & (:b | :c))");
	assert_shape(*state, "-a -(b c)", "(!:a & !(:b & :c))");
	assert_shape(*state, "--a", "!!:a");
	assert_shape(*state, "v1-5", ":v1-5");
	assert_shape(*state, "( ( a ) )", ":a");
}

static void words_keep_what_quotes_hold(void **state)
{
	assert_shape(*state, "\"ink wash\"", ":ink wash");
	assert_shape(*state, "tag:\"ink wash\" b", "(tag:ink wash & :b)");
	assert_shape(*state, "tag:=\"Ink\"", "tag=ink");
	assert_shape(*state, "\"base:pony\"", ":base:pony");
	assert_shape(*state, "-\"a|b (c)\"", "!:a|b (c)");
	assert_shape(*state, "\"a \\\"b\\\" \\\\ \\c\"", ":a \"b\" \\ \\c");
	assert_shape(*state, "path:a:b", "path:a:b");
	assert_shape(*state, "\xC3\x84RGER", ":\xC3\xA4rger");
	assert_shape(*state, "tag:", "tag:*");
	assert_shape(*state, "-base:", "!base:*");
	assert_shape(*state, "fit:Jugger_v9", "fit:Jugger_v9");
}

static void closed_words_are_resolved(void **state)
{
	assert_shape(*state, "base:sdxl-pony", "base:sdxl-pony");
	assert_shape(*state, "base:Pony", "base:sdxl-pony");
	assert_shape(*state, "base:=sdxl", "base=sdxl");
	assert_shape(*state, "ARCH:SDXL", "arch:sdxl");
	assert_shape(*state, "Kind:LoRA", "kind:lora");
	assert_shape(*state, "variant:inpaint", "variant:inpaint");
	assert_shape(*state, "type:locon format:gguf", "(type:locon & format:gguf)");
	assert_shape(*state, "safety:runs-code", "safety:runs-code");
	struct fixture *fixture = *state;
	assert_int_equal(parse(fixture, "is:duplicate")->is, IS_DUPLICATE);
	assert_int_equal(parse(fixture, "a is:unused")->right->is, IS_UNUSED);
}

static void assert_range(struct fixture *fixture, const char *text, double low, bool low_open,
			 double high, bool high_open)
{
	const struct query_node *leaf = parse(fixture, text);
	if (!leaf)
		fail_msg("\"%s\": column %zu: %s", text, fixture->mistake.column,
			 fixture->mistake.text);
	if (leaf->low != low || leaf->high != high)
		fail_msg("\"%s\": %f..%f, wanted %f..%f", text, leaf->low, leaf->high, low, high);
	assert_int_equal(leaf->low_open, low_open);
	assert_int_equal(leaf->high_open, high_open);
}

static void numbers_compare(void **state)
{
	assert_range(*state, "rank:16", 16, false, 16, false);
	assert_range(*state, "rank:=16", 16, false, 16, false);
	assert_range(*state, "rank:>=16", 16, false, INFINITY, false);
	assert_range(*state, "rank:>16", 16, true, INFINITY, false);
	assert_range(*state, "rank:<16", -INFINITY, false, 16, true);
	assert_range(*state, "rank:<=16", -INFINITY, false, 16, false);
	assert_range(*state, "rank:16..64", 16, false, 64, false);
	assert_range(*state, "rank:16..", 16, false, INFINITY, false);
	assert_range(*state, "rank:..64", -INFINITY, false, 64, false);
	assert_range(*state, "size:>1G", 1073741824.0, true, INFINITY, false);
	assert_range(*state, "size:>=1.5KiB", 1536, false, INFINITY, false);
	assert_range(*state, "size:2mb..1T", 2097152, false, 1099511627776.0, false);
	assert_range(*state, "size:<500B", -INFINITY, false, 500, true);
	assert_range(*state, "params:<2B", -INFINITY, false, 2e9, true);
	assert_range(*state, "params:900M..2.6b", 900e6, false, 2.6e9, false);
}

static void times_are_spans(void **state)
{
	double day = (double)NOW_S;
	assert_range(*state, "added:<7d", day - 7 * DAY, true, INFINITY, false);
	assert_range(*state, "added:>=2w", -INFINITY, false, day - 14 * DAY, false);
	assert_range(*state, "added:>1m", -INFINITY, false, day - 30 * DAY, true);
	assert_range(*state, "added:1d..1w", day - 7 * DAY, false, day - DAY, false);
	assert_range(*state, "added:..12h", day - DAY / 2, false, INFINITY, false);
	assert_range(*state, "modified:2026", day, false, day + 365 * DAY, true);
	assert_range(*state, "modified:2026-01..", day, false, INFINITY, false);
	assert_range(*state, "modified:2026-01", day, false, day + 31 * DAY, true);
	assert_range(*state, "modified:2026-01-01", day, false, day + DAY, true);
	assert_range(*state, "modified:2024-02-29", 1709164800, false, 1709164800 + DAY, true);
	assert_range(*state, "modified:<2026", -INFINITY, false, day, true);
	assert_range(*state, "modified:<=2026-01-01", -INFINITY, false, day + DAY, true);
	assert_range(*state, "modified:>2026-01-01", day + DAY, false, INFINITY, false);
	assert_range(*state, "modified:2026-01-01..2026-01", day, false, day + 31 * DAY, true);
	assert_range(*state, "modified:1970-01-01", 0, false, DAY, true);
}

static void mistakes_have_columns(void **state)
{
	static const struct {
		const char *text;
		size_t column;
		const char *says;
	} cases[] = {
		{ "bse:pony", 1, "no field \"bse\"; did you mean \"base\"?" },
		{ "\xC3\xA4 zzzz:x", 3, "no field \"zzzz\"" },
		{ ":x", 1, "no field" },
		{ "kind:lara", 6, "did you mean \"lora\"?" },
		{ "kind:=lara", 7, "did you mean \"lora\"?" },
		{ "base:sdxl-pnoy", 6, "sdxl-pony" },
		{ "arch:sdx", 6, "did you mean \"sdxl\"?" },
		{ "variant:inpain", 9, "did you mean \"inpaint\"?" },
		{ "is:favorite", 4, "did you mean \"favourite\"?" },
		{ "is:", 1, "favourite" },
		{ "fit:", 1, "needs the name of a checkpoint" },
		{ "tag:=", 1, "nothing stands after" },
		{ "a (b", 3, "never closed" },
		{ "a b)", 4, "never opened" },
		{ ")", 1, "never opened" },
		{ "()", 1, "nothing stands in these parentheses" },
		{ "(", 1, "never closed" },
		{ "a | ", 3, "after this \"|\"" },
		{ "| a", 1, "before this \"|\"" },
		{ "a || b", 3, "after this \"|\"" },
		{ "(a |) b", 4, "after this \"|\"" },
		{ "a - b", 3, "after this \"-\"" },
		{ "tag:\"ink", 5, "never closed" },
		{ "\"\"", 1, "between these quotes" },
		{ "\"a\"b", 4, "a space is missing" },
		{ "foo(1)", 4, "quotes" },
		{ "rank:big", 6, "is not a number" },
		{ "rank:>=", 8, "is not a number" },
		{ "rank:-1", 6, "is not a number" },
		{ "rank:1e3", 6, "is not a number" },
		{ "rank:64..16", 6, "backwards" },
		{ "rank:..", 6, "at least one end" },
		{ "rank:16..x", 10, "is not a number" },
		{ "size:1X", 6, "is not a size" },
		{ "size:500iB", 6, "is not a size" },
		{ "params:1G", 8, "is not a count" },
		{ "added:7d", 7, "< or >" },
		{ "added:2026-13", 7, "is not an age" },
		{ "added:2025-02-29", 7, "is not an age" },
		{ "added:7d..2026", 7, "of ages or of dates" },
	};
	struct fixture *fixture = *state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (parse(fixture, cases[i].text))
			fail_msg("\"%s\" is no mistake", cases[i].text);
		if (fixture->mistake.column != cases[i].column ||
		    !strstr(fixture->mistake.text, cases[i].says))
			fail_msg("\"%s\": column %zu: %s", cases[i].text, fixture->mistake.column,
				 fixture->mistake.text);
	}
}

static void nesting_is_bounded(void **state)
{
	struct fixture *fixture = *state;
	struct bytes text = { 0 };
	for (int i = 0; i < 100000; i++)
		bytes_append_byte(&text, i % 2 ? '(' : '-');
	assert_null(parse(fixture, text.ptr));
	assert_string_equal(fixture->mistake.text, "nested too deeply");
	bytes_clear(&text);
	for (int i = 0; i < 1000; i++)
		bytes_append_str(&text, STR("a "));
	assert_null(parse(fixture, text.ptr));
	bytes_finish(&text);
}

static void columns_of_terms_count_characters(void **state)
{
	const struct query_node *tree = parse(*state, "\xE7\x8C\xAB  tag:x");
	assert_int_equal(tree->left->column, 1);
	assert_int_equal(tree->right->column, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terms_are_combined),
		cmocka_unit_test(words_keep_what_quotes_hold),
		cmocka_unit_test(closed_words_are_resolved),
		cmocka_unit_test(numbers_compare),
		cmocka_unit_test(times_are_spans),
		cmocka_unit_test(mistakes_have_columns),
		cmocka_unit_test(nesting_is_bounded),
		cmocka_unit_test(columns_of_terms_count_characters),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
