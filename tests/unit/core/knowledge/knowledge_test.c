// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/knowledge/knowledge.h"

/* sdxl - pony (heavy)
 *      - kohaku - illustrious (heavy) - noobai
 *      - small (another architecture) - smaller
 * flux */
static const struct {
	const char *id, *parent, *architecture, *alias;
	bool is_heavy;
} tree[] = {
	{ "sdxl-noobai", "sdxl-illustrious", "sdxl", "noob", false },
	{ "sdxl", NULL, "sdxl", "xl", false },
	{ "sdxl-pony", "sdxl", "sdxl", "pony", true },
	{ "sdxl-kohaku", "sdxl", "sdxl", NULL, false },
	{ "sdxl-illustrious", "sdxl-kohaku", "sdxl", "il", true },
	{ "small", "sdxl", "small", NULL, true },
	{ "smaller", "small", "small", NULL, false },
	{ "flux", NULL, "flux", NULL, false },
};

static void add_architecture(struct knowledge *k, const char *id, const char *foundation)
{
	struct architecture *a = ARRAY_PUSH(&k->architectures, struct architecture);
	a->id = str_from(id);
	a->foundation = str_from(foundation);
}

static void add_base(struct knowledge *k, size_t i)
{
	struct base_model *base = ARRAY_PUSH(&k->base_models, struct base_model);
	base->id = str_from(tree[i].id);
	base->parent = str_from(tree[i].parent);
	base->architecture = str_from(tree[i].architecture);
	base->edge_is_heavy = tree[i].is_heavy;
	if (tree[i].alias) {
		struct str *alias = ARENA_NEW(&k->arena, struct str);
		*alias = str_from(tree[i].alias);
		base->aliases = (struct texts){ alias, 1 };
	}
}

static struct knowledge *plant(void)
{
	struct knowledge *k = knowledge_create();
	for (size_t i = 0; i < sizeof tree / sizeof *tree; i++)
		add_base(k, i);
	add_architecture(k, "sdxl", "sdxl");
	add_architecture(k, "small", "small");
	add_architecture(k, "flux", "flux");
	return k;
}

static int set_up(void **state)
{
	struct error err = { 0 };
	struct knowledge *k = plant();
	if (!knowledge_finish(k, &err))
		fail_msg("%s", err.text);
	*state = k;
	return 0;
}

static int tear_down(void **state)
{
	knowledge_destroy(*state);
	return 0;
}

static void depths_follow_parents(void **state)
{
	const struct knowledge *k = *state;
	assert_int_equal(knowledge_base(k, STR("sdxl"))->depth, 0);
	assert_true(knowledge_base(k, STR("sdxl"))->parent_i == SIZE_MAX);
	assert_int_equal(knowledge_base(k, STR("sdxl-noobai"))->depth, 3);
	assert_null(knowledge_base(k, STR("sdxl-nothing")));
	assert_non_null(knowledge_architecture(k, STR("flux")));
	assert_null(knowledge_architecture(k, STR("sdxl-pony")));
}

static void names(void **state)
{
	struct knowledge *k = *state;
	ARRAY_AT(&k->base_models, struct base_model, 1)->name = STR("SDXL 1.0");
	assert_true(str_equal(knowledge_base_name(k, STR("sdxl")), STR("SDXL 1.0")));
	assert_true(str_equal(knowledge_base_name(k, STR("new")), STR("new")));
	assert_true(str_equal(knowledge_base_name(k, STR_NULL), STR("unknown")));
}

static void within_ends_where_another_architecture_begins(void **state)
{
	const struct knowledge *k = *state;
	assert_true(knowledge_is_within(k, STR("sdxl-noobai"), STR("sdxl")));
	assert_true(knowledge_is_within(k, STR("sdxl-noobai"), STR("sdxl-noobai")));
	assert_true(knowledge_is_within(k, STR("smaller"), STR("small")));
	assert_false(knowledge_is_within(k, STR("sdxl"), STR("sdxl-noobai")));
	assert_false(knowledge_is_within(k, STR("small"), STR("sdxl")));
	assert_false(knowledge_is_within(k, STR("smaller"), STR("sdxl")));
	assert_false(knowledge_is_within(k, STR("new"), STR("sdxl")));
}

static struct str common(const struct knowledge *k, struct str a, struct str b)
{
	const struct base_model *found =
		knowledge_common(k, knowledge_base(k, a), knowledge_base(k, b));
	return found ? found->id : STR_NULL;
}

static void common_ancestors(void **state)
{
	const struct knowledge *k = *state;
	assert_true(str_equal(common(k, STR("sdxl-noobai"), STR("sdxl-pony")), STR("sdxl")));
	assert_true(
		str_equal(common(k, STR("sdxl-noobai"), STR("sdxl-kohaku")), STR("sdxl-kohaku")));
	assert_true(str_equal(common(k, STR("flux"), STR("flux")), STR("flux")));
	assert_null(common(k, STR("flux"), STR("sdxl")).ptr);
	assert_null(common(k, STR("new"), STR("sdxl")).ptr);
}

static void paths_are_as_heavy_as_their_heaviest_edge(void **state)
{
	const struct knowledge *k = *state;
	assert_int_equal(knowledge_path(k, STR("sdxl"), STR("sdxl")), PATH_SAME);
	assert_int_equal(knowledge_path(k, STR("sdxl"), STR("sdxl-kohaku")), PATH_LIGHT);
	assert_int_equal(knowledge_path(k, STR("sdxl-noobai"), STR("sdxl-illustrious")),
			 PATH_LIGHT);
	assert_int_equal(knowledge_path(k, STR("sdxl-noobai"), STR("sdxl")), PATH_HEAVY);
	assert_int_equal(knowledge_path(k, STR("sdxl"), STR("sdxl-pony")), PATH_HEAVY);
	assert_int_equal(knowledge_path(k, STR("sdxl"), STR("flux")), PATH_NONE);
	assert_int_equal(knowledge_path(k, STR("new"), STR("flux")), PATH_NONE);
}

static void ids_aliases_and_near_ones(void **state)
{
	const struct knowledge *k = *state;
	struct str near[3];
	assert_true(str_equal(knowledge_base_by_name(k, STR("Pony"), NULL)->id, STR("sdxl-pony")));
	assert_true(str_equal(knowledge_base_by_name(k, STR("SDXL"), NULL)->id, STR("sdxl")));
	assert_null(knowledge_base_by_name(k, STR("sdxl-ponny"), near));
	assert_true(str_equal(near[0], STR("sdxl-pony")));
	assert_null(knowledge_base_by_name(k, STR("noobia"), near));
	assert_null(near[2].ptr);
	assert_null(knowledge_base_by_name(k, STR("kohaku"), near));
	assert_true(str_equal(near[0], STR("sdxl-kohaku")));
	assert_null(knowledge_base_by_name(k, STR("zzzzzzzzzz"), near));
	assert_null(near[0].ptr);
	assert_null(knowledge_base_by_name(k, STR(""), near));
}

/* Breaks one thing and looks for the words of the mistake. */
static void assert_mistake(struct knowledge *k, const char *words)
{
	struct error err = { 0 };
	assert_false(knowledge_finish(k, &err));
	if (!strstr(err.text, words))
		fail_msg("%s", err.text);
	knowledge_destroy(k);
}

static void mistakes_are_named(void **state)
{
	(void)state;
	struct knowledge *k = plant();
	ARRAY_AT(&k->base_models, struct base_model, 2)->parent = STR("sdx");
	assert_mistake(k, "base model sdxl-pony: parent: there is no \"sdx\"");

	k = plant();
	ARRAY_AT(&k->base_models, struct base_model, 2)->architecture = STR("x");
	assert_mistake(k, "base model sdxl-pony: architecture: there is no \"x\"");

	k = plant();
	ARRAY_AT(&k->base_models, struct base_model, 1)->parent = STR("sdxl-noobai");
	assert_mistake(k, "descend from itself");

	k = plant();
	add_base(k, 1);
	assert_mistake(k, "base model sdxl: there twice");

	k = plant();
	ARRAY_AT(&k->architectures, struct architecture, 0)->foundation = STR("flux");
	assert_mistake(k, "another architecture");

	k = plant();
	static const struct str pair = { "sdxl nothing", 12 };
	k->expert_pairs = (struct texts){ &pair, 1 };
	assert_mistake(k, "there is no \"nothing\"");
}

static const struct {
	const char *token, *name;
	size_t weight;
} tokens[] = {
	{ "pony", "my pony mix", 4 },
	{ "pony", "ponyxl", 0 },
	{ "pony", "xlpony", 0 },
	{ "il_", "style_il_v2", 2 },
	{ "il", "sdxl-illustrious", 0 },
	{ "v1-5", "stable.v1.5.ckpt", 3 },
	{ "v1-5", "v1-4-5", 0 },
	{ "v1-5", "v1", 0 },
	{ "anything v3", "anything_v3_fp16", 10 },
	{ "sd_xl", "sd-xl", 4 },
	{ "a-b", "a-a-b", 2 },
	{ "\xe6\xb0\xb4\xe5\xa2\xa8", "\xe3\x80\x90\xe6\xb0\xb4\xe5\xa2\xa8", 0 },
	{ "\xe6\xb0\xb4\xe5\xa2\xa8", "x_\xe6\xb0\xb4\xe5\xa2\xa8.v1", 2 },
	{ "--", "a--b", 0 },
	{ "", "a", 0 },
	{ "a", "", 0 },
};

static void tokens_are_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
		size_t weight =
			token_weight_in(str_from(tokens[i].token), str_from(tokens[i].name));
		if (weight != tokens[i].weight)
			fail_msg("%s in %s: %zu", tokens[i].token, tokens[i].name, weight);
	}
}

static const struct {
	const char *name, *token;
	bool is_split, is_found;
} joined[] = {
	{ "noobaiXLNAIXL_vPred10", "v-pred", true, true },
	{ "noobaiXLNAIXL_vPred10", "noobai", true, true },
	{ "noobaiXLNAIXL_vPred10", "noobaixlnaixl", true, true },
	{ "noobaiXLNAIXL_vPred10", "v-pred-10", true, true },
	{ "noobaiXLNAIXL_vPred10", "v-pred10", true, true },
	{ "noobaiXLNAIXL_vPred10", "noobai", false, false },
	{ "sd15Model", "sd15", true, true },
	{ "sd15Model", "15", true, true },
	{ "sd15model", "model", true, true },
	{ "ponytail", "pony", true, false },
	{ "a-b", "b-a", true, false },
	{ "aB", "b-a", true, false },
	{ "", "a", true, false },
};

static void words_in_one_are_told_apart(void **state)
{
	struct arena arena = { 0 };
	(void)state;
	for (size_t i = 0; i < sizeof joined / sizeof *joined; i++) {
		struct str text = token_text(str_from(joined[i].name), joined[i].is_split, &arena);
		bool is_found = token_weight_in(str_from(joined[i].token), text) > 0;
		if (is_found != joined[i].is_found)
			fail_msg("%s in %s", joined[i].token, joined[i].name);
	}
	arena_finish(&arena);
}

static void closed_words_go_both_ways(void **state)
{
	(void)state;
	for (int i = 0; i < KIND_COUNT; i++) {
		assert_int_equal(kind_find(str_from(kind_word((enum kind)i))), i);
		assert_non_null(kind_name((enum kind)i));
	}
	for (int i = 0; i < CONFIDENCE_COUNT; i++)
		assert_int_equal(confidence_find(str_from(confidence_word((enum confidence)i))), i);
	for (int i = ADAPTER_NONE + 1; i < ADAPTER_COUNT; i++)
		assert_int_equal(adapter_find(str_from(adapter_word((enum adapter_type)i))), i);
	assert_null(adapter_word(ADAPTER_NONE));
	assert_int_equal(kind_find(STR("Lora")), KIND_COUNT);
	assert_int_equal(adapter_find(STR("")), ADAPTER_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(depths_follow_parents, set_up, tear_down),
		cmocka_unit_test_setup_teardown(names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(within_ends_where_another_architecture_begins,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(common_ancestors, set_up, tear_down),
		cmocka_unit_test_setup_teardown(paths_are_as_heavy_as_their_heaviest_edge, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(ids_aliases_and_near_ones, set_up, tear_down),
		cmocka_unit_test(mistakes_are_named),
		cmocka_unit_test(tokens_are_whole),
		cmocka_unit_test(words_in_one_are_told_apart),
		cmocka_unit_test(closed_words_go_both_ways),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
