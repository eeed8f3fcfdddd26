// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/sets/suggest.h"
#include "tests/unit/core/adapters/table.h"

struct fixture {
	struct knowledge *knowledge;
	struct arena arena;
};

static void add_architecture(struct knowledge *knowledge, const char *id)
{
	struct architecture *architecture =
		ARRAY_PUSH(&knowledge->architectures, struct architecture);
	architecture->id = architecture->name = architecture->foundation = str_from(id);
}

static void add_base(struct knowledge *knowledge, const char *id, const char *parent, bool is_heavy,
		     const char *architecture)
{
	struct base_model *base = ARRAY_PUSH(&knowledge->base_models, struct base_model);
	base->id = base->name = str_from(id);
	base->parent = str_from(parent);
	base->architecture = str_from(architecture);
	base->edge_is_heavy = is_heavy;
}

static int setup(void **state)
{
	static struct fixture fixture;
	static const struct str words[] = { { "high low", 8 }, { "hn ln", 5 } }, wan = { "wan", 3 };
	static const struct str root = { "lora_unet_", 10 };
	struct knowledge *knowledge = knowledge_create();
	struct error err;
	add_architecture(knowledge, "sdxl");
	add_architecture(knowledge, "wan");
	add_base(knowledge, "sdxl", NULL, false, "sdxl");
	add_base(knowledge, "photo", "sdxl", false, "sdxl");
	add_base(knowledge, "pony", "sdxl", true, "sdxl");
	add_base(knowledge, "illustrious", "sdxl", true, "sdxl");
	add_base(knowledge, "wan", NULL, false, "wan");
	struct variant *variant = ARRAY_PUSH(&knowledge->variants, struct variant);
	*variant = (struct variant){ .id = STR("lcm"), .name = STR("lcm"), .is_distilled = true };
	knowledge->fit = (struct fit_weights){ 2.0, 0.5, 3 };
	knowledge->expert_words = (struct texts){ words, 2 };
	knowledge->expert_architectures = (struct texts){ &wan, 1 };
	knowledge->adapter_roots = (struct texts){ &root, 1 };
	if (!knowledge_finish(knowledge, &err))
		return -1;
	fixture = (struct fixture){ .knowledge = knowledge };
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

static struct set_lora lora(const char *name, const char *base, double weight)
{
	struct set_lora lora = { .weight = weight };
	lora.side = (struct fit_side){ .kind = KIND_LORA,
				       .architecture = STR("sdxl"),
				       .base_model = str_from(base),
				       .lineage_known = true,
				       .name = str_from(name) };
	if (strcmp(base, "wan") == 0)
		lora.side.architecture = STR("wan");
	return lora;
}

static struct fit judge(void **state, const struct set_lora *loras, size_t n, enum verdict verdict)
{
	struct fixture *fixture = *state;
	struct fit pairs[8] = { { .verdict = FIT_COMPATIBLE } }, out;
	if (n > 0)
		pairs[n - 1].verdict = verdict;
	set_judge(fixture->knowledge, loras, pairs, n, &fixture->arena, &out);
	return out;
}

static size_t count(const struct fit *fit, const char *word)
{
	size_t n = 0;
	for (size_t i = 0; i < fit->n_reasons; i++)
		n += strcmp(reason_word(fit->reasons[i].code), word) == 0;
	return n;
}

static void sets_are_never_better_than_their_worst(void **state)
{
	const struct set_lora loras[] = { lora("a", "sdxl", 0.5), lora("b", "photo", 0.5) };
	struct fit set = judge(state, loras, 2, FIT_COMPATIBLE);
	assert_int_equal(set.verdict, FIT_COMPATIBLE);
	assert_int_equal(set.n_reasons, 0);
	set = judge(state, loras, 2, FIT_UNKNOWN);
	assert_int_equal(set.verdict, FIT_UNKNOWN);
	set = judge(state, loras, 2, FIT_INCOMPATIBLE);
	assert_int_equal(set.verdict, FIT_INCOMPATIBLE);
	assert_int_equal(set.n_reasons, 0);
	set = judge(state, loras, 0, FIT_COMPATIBLE);
	assert_int_equal(set.verdict, FIT_COMPATIBLE);
}

static void lineages_are_mixed_once_a_lineage(void **state)
{
	const struct set_lora loras[] = { lora("a", "pony", 0.1), lora("b", "pony", 0.1),
					  lora("c", "illustrious", 0.1),
					  lora("d", "illustrious", 0.1) };
	struct fit set = judge(state, loras, 4, FIT_COMPATIBLE);
	assert_int_equal(count(&set, "mixed-lineage"), 1);
	assert_int_equal(set.verdict, FIT_CAUTION);
	set = judge(state, loras, 2, FIT_COMPATIBLE);
	assert_int_equal(set.n_reasons, 0);
}

static void weights_count_by_their_size(void **state)
{
	struct set_lora loras[] = { lora("a", "sdxl", 1), lora("b", "sdxl", -1) };
	struct fit set = judge(state, loras, 2, FIT_COMPATIBLE);
	assert_int_equal(count(&set, "weights-high"), 1);
	loras[1].weight = -0.9;
	set = judge(state, loras, 2, FIT_COMPATIBLE);
	assert_int_equal(count(&set, "weights-high"), 0);
}

static void copies_are_told_as_nothing_else(void **state)
{
	static const struct str ink = { "ink", 3 };
	struct set_lora loras[] = { lora("a", "sdxl", 0.1), lora("b", "sdxl", 0.1) };
	loras[0].side.content = loras[1].side.content = "abc";
	loras[0].triggers = loras[1].triggers = &ink;
	loras[0].n_triggers = loras[1].n_triggers = 1;
	struct fit set = judge(state, loras, 2, FIT_COMPATIBLE);
	assert_int_equal(count(&set, "duplicate-lora"), 1);
	assert_int_equal(set.n_reasons, 1);
	loras[1].side.content = "def";
	set = judge(state, loras, 2, FIT_COMPATIBLE);
	assert_int_equal(count(&set, "duplicate-lora"), 0);
}

static void equal_triggers_clash(void **state)
{
	static const struct str one[] = { { "", 0 }, { "Ink Wash ", 9 } },
				two[] = { { "", 0 }, { "ink wash", 8 } };
	struct set_lora loras[] = { lora("a", "sdxl", 0.1), lora("b", "sdxl", 0.1) };
	loras[0].triggers = one;
	loras[1].triggers = two;
	loras[0].n_triggers = loras[1].n_triggers = 1;
	struct fit set = judge(state, loras, 2, FIT_COMPATIBLE);
	assert_int_equal(set.n_reasons, 0); /* nothing is no trigger */
	loras[0].n_triggers = loras[1].n_triggers = 2;
	set = judge(state, loras, 2, FIT_COMPATIBLE);
	assert_int_equal(count(&set, "trigger-clash"), 1);
	assert_int_equal(set.verdict, FIT_CAUTION);
}

static void two_distillers_are_stacked(void **state)
{
	static const struct str lcm = { "lcm", 3 };
	struct set_lora loras[] = { lora("a", "sdxl", 0.1), lora("b", "sdxl", 0.1) };
	loras[0].side.variants = loras[1].side.variants = &lcm;
	loras[0].side.n_variants = 1;
	struct fit set = judge(state, loras, 2, FIT_COMPATIBLE);
	assert_int_equal(set.n_reasons, 0);
	loras[1].side.n_variants = 1;
	set = judge(state, loras, 2, FIT_COMPATIBLE);
	assert_int_equal(count(&set, "distillation-stacked"), 1);
}

static void experts_come_in_pairs(void **state)
{
	static const struct str walk = { "walk", 4 };
	struct fixture *fixture = *state;
	struct set_lora loras[] = { lora("Walk_High_noise", "wan", 1),
				    lora("walk_LOW_noise", "wan", 1) };
	loras[0].triggers = loras[1].triggers = &walk;
	loras[0].n_triggers = loras[1].n_triggers = 1;
	struct fit set = judge(state, loras, 2, FIT_COMPATIBLE);
	assert_int_equal(count(&set, "expert-pair"), 1);
	assert_int_equal(set.n_reasons, 1); /* neither a clash nor too high */
	assert_int_equal(set.verdict, FIT_COMPATIBLE);
	assert_int_equal(set_expert_of(fixture->knowledge, &loras[0].side), EXPERT_HIGH);
	assert_int_equal(set_expert_of(fixture->knowledge, &loras[1].side), EXPERT_LOW);
	loras[1].side.name = STR("run_LOW_noise");
	set = judge(state, loras, 2, FIT_COMPATIBLE);
	assert_int_equal(count(&set, "expert-pair"), 0);
	loras[1] = lora("walk_low_noise", "sdxl", 1);
	assert_int_equal(set_expert_of(fixture->knowledge, &loras[1].side), EXPERT_NONE);
}

static struct overlap overlap_of(struct fixture *fixture, const char *lines)
{
	struct adapter adapter;
	struct tensor_table table = table_of(&fixture->arena, DTYPE_F16, lines);
	assert_true(adapter_read(&table, fixture->knowledge, &fixture->arena, &adapter));
	return overlap_read(NULL, &adapter, &fixture->arena);
}

static void many_on_the_same_modules_are_told(void **state)
{
	struct fixture *fixture = *state;
	struct set_lora loras[] = { lora("a", "sdxl", 0.1), lora("b", "sdxl", 0.1),
				    lora("c", "sdxl", 0.1) };
	static const char both[] =
		"lora_unet_a.lora_up.weight 4 1\nlora_unet_a.lora_down.weight 1 4\n"
		"lora_unet_b.lora_up.weight 4 1\nlora_unet_b.lora_down.weight 1 4";
	static const char one[] =
		"lora_unet_b.lora_up.weight 4 1\nlora_unet_b.lora_down.weight 1 4";
	loras[0].overlap = loras[1].overlap = overlap_of(fixture, both);
	assert_int_equal(loras[0].overlap.n, 2);
	struct fit set = judge(state, loras, 3, FIT_COMPATIBLE);
	assert_int_equal(set.n_reasons, 0);
	loras[2].overlap = overlap_of(fixture, one);
	set = judge(state, loras, 3, FIT_COMPATIBLE);
	assert_int_equal(count(&set, "same-modules"), 1);
	assert_int_equal(set.verdict, FIT_COMPATIBLE);
	assert_int_equal(overlap_shared(&loras[0].overlap, 1, 1), 2);
}

static void suggestions_fit_and_share_least(void **state)
{
	static const uint64_t first[] = { 1, 2, 3 }, near[] = { 1, 2 }, far[] = { 3, 9 };
	static const struct str ink = { "ink", 3 };
	struct fixture *fixture = *state;
	struct fit same = { 0 }, unlike = { .verdict = FIT_CAUTION }, kin = { 0 };
	fit_add(&same, FIT_COMPATIBLE, (struct reason){ REASON_SAME_BASE, STR("same") });
	fit_add(&kin, FIT_COMPATIBLE, (struct reason){ REASON_SAME_LINEAGE, STR("kin") });
	struct suggest_candidate list[] = {
		{ .lora = lora("z", "sdxl", 1), .fit = &kin, .path = STR("z") },
		{ .lora = lora("b", "sdxl", 1), .fit = &same, .path = STR("b") },
		{ .lora = lora("c", "sdxl", 1), .fit = &same, .path = STR("c") },
		{ .lora = lora("bad", "sdxl", 1),
		  .fit = &unlike,
		  .n_wished = 9,
		  .path = STR("bad") },
		{ .lora = lora("a", "sdxl", 1), .fit = &same, .rating = 5, .path = STR("a") },
	};
	struct suggest_choice choices[5];
	list[1].lora.overlap = (struct overlap){ near, 2 };
	list[2].lora.overlap = (struct overlap){ far, 2 };
	list[4].lora.overlap = (struct overlap){ first, 3 };
	suggest_sort(list, 5);
	assert_int_equal(suggest_choose(fixture->knowledge, list, 5, 5, &fixture->arena, choices),
			 4);
	static const char *const order[] = { "a", "c", "b", "z" };
	for (size_t i = 0; i < 4; i++)
		assert_true(str_equal(list[choices[i].candidate].path, str_from(order[i])));
	assert_int_equal(choices[1].n_shared, 1);
	/* What clashes with a better one is left out. */
	for (size_t i = 0; i < 2; i++) {
		list[i].lora.triggers = &ink;
		list[i].lora.n_triggers = 1;
	}
	assert_int_equal(suggest_choose(fixture->knowledge, list, 5, 5, &fixture->arena, choices),
			 3);
	assert_int_equal(suggest_choose(fixture->knowledge, list, 5, 1, &fixture->arena, choices),
			 1);
	assert_true(suggest_weight(fixture->knowledge, 2) * 2 < 2.0);
	assert_true(suggest_weight(fixture->knowledge, 9) * 9 < 2.0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_are_never_better_than_their_worst),
		cmocka_unit_test(lineages_are_mixed_once_a_lineage),
		cmocka_unit_test(weights_count_by_their_size),
		cmocka_unit_test(copies_are_told_as_nothing_else),
		cmocka_unit_test(equal_triggers_clash),
		cmocka_unit_test(two_distillers_are_stacked),
		cmocka_unit_test(experts_come_in_pairs),
		cmocka_unit_test(many_on_the_same_modules_are_told),
		cmocka_unit_test(suggestions_fit_and_share_least),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
