// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/identify/judge.h"
#include "tests/unit/core/adapters/table.h"
#include "tests/unit/core/identify/world.h"

#define MODEL                                                                                             \
	"root.in.weight 320 9 3 3\nroot.blocks.0.to_k.weight 64 768\nroot.blocks.7.to_k.weight 64 1024\n" \
	"blocks.7.norm 64\nv_pred"
#define ADAPTER                                                                               \
	"root.blocks_0_to_k.lora_down.weight 4 768\nroot.blocks_0_to_k.lora_up.weight 64 4\n" \
	"root.blocks_12_to_k.lora_down.weight 4 768\nroot.blocks_12_to_k.lora_up.weight 32 4"

static struct metadata_pair pairs[] = {
	{ { "ss_v2", 5 }, { "True", 4 } },
	{ { "empty", 5 }, { "", 0 } },
	{ { "none", 4 }, { "None", 4 } },
	{ { "Module", 6 }, { "networks.lora_flux", 18 } },
};
static const struct metadata metadata = { pairs, 4 };
static struct metadata_pair config_pairs[] = {
	{ { "unet/config.json:dim", 20 }, { "768", 3 } },
	{ { "vae/config.json:blocks[]", 24 }, { "Down", 4 } },
	{ { "vae/config.json:blocks[]", 24 }, { "Up", 2 } },
};
static const struct metadata config = { config_pairs, 3 };
static const struct str tags[] = { { "score_9", 7 }, { "1girl", 5 } };

static bool holds(struct world *world, const char *lines, bool has_words, const char *text)
{
	struct error err = { 0 };
	struct rule rule;
	struct tensor_table table = table_of(&world->arena, DTYPE_F16, lines);
	struct view view = {
		.knowledge = world->knowledge,
		.table = &table,
		.arena = &world->arena,
		.has_words = has_words,
		.kind = KIND_LORA,
		.architecture = knowledge_architecture(world->knowledge, STR("house")),
	};
	if (has_words) {
		view.metadata = &metadata;
		view.config = &config;
		view.tags = (struct texts){ tags, 2 };
		view.name = STR("my pony v2");
	}
	if (!rule_parse(str_from(text), &world->arena, &rule, &err))
		fail_msg("%s: %s", text, err.text);
	return judge_rules(&view, &(struct rules){ &rule, 1 }) != NULL;
}

struct question {
	const char *rule;
	bool answer;
};

static void ask(struct world *world, const char *lines, bool has_words,
		const struct question *questions, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (holds(world, lines, has_words, questions[i].rule) != questions[i].answer)
			fail_msg("%s", questions[i].rule);
}

#define ASK(world, lines, has_words, questions) \
	ask(world, lines, has_words, questions, sizeof(questions) / sizeof *(questions))

static void terms_of_tensors(void **state)
{
	static const struct question questions[] = {
		{ "tensor(v_pred)", true },
		{ "!tensor(v_pred)", false },
		{ "tensor(absent)", false },
		{ "tensor(in.weight)", true },
		{ "tensor(root.in.weight)", true },
		{ "tensor(in.weight)[320,9,3,3]", true },
		{ "tensor(in.weight)[*,9,...]", true },
		{ "tensor(in.weight)[320,9]", false },
		{ "tensor(in.weight)[320,4,3,3]", false },
		{ "tensor(v_pred)[1]", false },
		{ "tensor(in.weight)[1,320,9,3,3]", true },
		{ "tensor(in.weight)[1,9,3,3]", false },
		{ "tensor(in.weight)[2,320,9,3,3]", false },
		{ "dims(in.weight) = 4", true },
		{ "dims(in.weight) < 4", false },
		{ "count(blocks.#.to_k.weight) = 2", true },
		{ "count(blocks.**) >= 4", false },
		{ "count(absent) = 0", true },
		{ "count(**) = 5", true },
		{ "highest(blocks.#.to_k.weight) = 7", true },
		{ "highest(blocks.#.to_k.weight) = 3..6|8", false },
		{ "highest(absent.#) >= 0", false },
		{ "in(blocks.#.to_k) = 768", true },
		{ "in(blocks.#.to_k) = 1024", true },
		{ "in(blocks.7.to_k) = 768", false },
		{ "in(blocks.0.to_k) != 1024", true },
		{ "out(blocks.0.to_k) = 64", true },
		{ "in(in) = 9", true },
		{ "in(blocks.7) = 64", false },
		{ "dtype(in.weight) = F16", true },
		{ "dtype(in.weight) = F32", false },
		{ "module(*)", false },
		{ "modules(*) = 0", true },
		{ "adapter(lora)", false },
		{ "kind(lora)", true },
		{ "kind(vae)", false },
		{ "architecture(house)", true },
		{ "base(pony)", false },
		{ "variant(flat)", false },
		{ "tensor(v_pred) in(in) = 9 kind(lora)", true },
		{ "tensor(v_pred) kind(vae)", false },
	};
	ASK(*state, MODEL, false, questions);
}

static void terms_of_adapters(void **state)
{
	static const struct question questions[] = {
		{ "adapter(lora)", true },
		{ "adapter(loha)", false },
		{ "module(blocks_#_to_k)", true },
		{ "module(blocks_0_to_k)", true },
		{ "module(blocks_1_to_k)", false },
		{ "module(*to_k)", true },
		{ "modules(*) = 2", true },
		{ "top(blocks_#_*) = 12", true },
		{ "top(*_#_to_k) < 12", false },
		{ "in(*to_k) = 768", true },
		{ "out(*to_k) = 32", true },
		{ "out(blocks_0_to_k) = 32", false },
		{ "tensor(blocks_0_to_k.lora_down.weight)[4,*]", true },
	};
	ASK(*state, ADAPTER, false, questions);
}

static void terms_of_words(void **state)
{
	static const struct question questions[] = {
		{ "meta(ss_v2)", true },
		{ "meta(SS_V2) = true", true },
		{ "meta(ss_v2) != true", false },
		{ "meta(empty)", false },
		{ "meta(none)", false },
		{ "!meta(absent)", true },
		{ "meta(module) = networks.*flux", true },
		{ "meta(module) = networks", false },
		{ "tag(score_#)", true },
		{ "tag(score_1)", false },
		{ "name(pony)", true },
		{ "name(pon)", false },
		{ "name(pony) tensor(v_pred)", true },
		{ "hash(sha256:00)", false },
		{ "config(a.json:b)", false },
		{ "!config(a.json:b)", true },
		{ "config(unet/config.json:dim)", true },
		{ "config(unet/config.json:dim) = 768", true },
		{ "config(*config.json:dim) = 7*", true },
		{ "config(*config.json:dim) = 1024", false },
		{ "config(*config.json:dim) != 1024", true },
		{ "config(vae/config.json:blocks[]) = up", true },
		{ "config(vae/config.json:blocks[]) = mid", false },
	};
	ASK(*state, MODEL, true, questions);
}

/* Not even "there is no such word" holds before the words are there. */
static void words_are_not_guessed_from_tensors(void **state)
{
	static const struct question questions[] = {
		{ "meta(ss_v2)", false },       { "!meta(absent)", false },
		{ "name(pony)", false },        { "tensor(v_pred) !name(pony)", false },
		{ "!config(a.json:b)", false },
	};
	ASK(*state, MODEL, false, questions);
}

static void assert_detail(struct world *world, const char *lines, const char *text,
			  const char *expected)
{
	struct error err = { 0 };
	struct rule rule;
	struct tensor_table table = table_of(&world->arena, DTYPE_F16, lines);
	struct view view = {
		.knowledge = world->knowledge,
		.table = &table,
		.arena = &world->arena,
		.config = &config,
	};
	assert_true(view_open(&view));
	assert_true(rule_parse(str_from(text), &world->arena, &rule, &err));
	assert_text(judge_detail(&view, &rule, &world->arena), expected);
}

static void proofs_are_told_in_words(void **state)
{
	struct world *world = *state;
	assert_detail(world, MODEL, "in(blocks.#.to_k) = 768 !tensor(guidance_in.weight)",
		      "blocks.0.to_k takes 768, no guidance_in");
	assert_detail(world, MODEL, "tensor(in.weight)[*,9,3,3]", "in is [320,9,3,3]");
	assert_detail(world, MODEL, "tensor(v_pred) kind(lora)", "has v_pred");
	assert_detail(world, MODEL, "highest(blocks.#.to_k.weight) = 7", "blocks to 7");
	assert_detail(world, MODEL, "dims(in.weight) = 4", "in has 4 dimensions");
	assert_detail(world, MODEL, "count(blocks.#.to_k.weight) = 2",
		      "2 tensors like blocks.#.to_k.weight");
	assert_detail(world, ADAPTER, "adapter(lora)", "2 modules of LoRA");
	assert_detail(world, ADAPTER, "in(*to_k) = 768 top(*_#_to_k) = 12",
		      "to_k takes 768, numbers to 12");
	assert_detail(world, MODEL, "kind(lora)", "kind(lora)");
	assert_detail(world, MODEL, "config(vae/*:blocks[]) = u* !config(a:b)",
		      "vae/config.json:blocks[] is Up");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, world_open, world_close)
	const struct CMUnitTest tests[] = {
		TEST(terms_of_tensors),         TEST(terms_of_adapters),
		TEST(terms_of_words),           TEST(words_are_not_guessed_from_tensors),
		TEST(proofs_are_told_in_words),
	};
	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
