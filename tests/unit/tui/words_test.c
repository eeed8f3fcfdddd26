// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/words.h"

#define expect(call, text)                                       \
	do {                                                     \
		char out[WORDS_BYTES];                           \
		struct str words = call;                         \
		assert_int_equal(words.len, sizeof(text) - 1);   \
		assert_memory_equal(words.ptr, text, words.len); \
		(void)out;                                       \
	} while (0)

static void counts_have_commas(void **state)
{
	(void)state;
	expect(words_count(out, 0), "0");
	expect(words_count(out, 999), "999");
	expect(words_count(out, 70312), "70,312");
	expect(words_count(out, 1234567), "1,234,567");
	expect(words_count(out, UINT64_MAX), "18,446,744,073,709,551,615");
}

static void sizes_take_five_columns(void **state)
{
	(void)state;
	expect(words_size(out, 0), "0B");
	expect(words_size(out, 999), "999B");
	expect(words_size(out, 1000), "1K");
	expect(words_size(out, 228461932), "218M");
	expect(words_size(out, 1047527424), "999M");
	expect(words_size(out, 1048051712), "1.0G");
	expect(words_size(out, 6938078208), "6.5G");
	expect(words_size(out, UINT64_C(120) << 30), "120G");
	expect(words_size(out, UINT64_C(2) << 40), "2.0T");
}

static void ages_take_four_columns(void **state)
{
	(void)state;
	const int64_t now_s = 1800000000, day_s = 86400;
	expect(words_age(out, 0, now_s), "");
	expect(words_age(out, now_s, now_s), "now");
	expect(words_age(out, now_s + 50, now_s), "now");
	expect(words_age(out, now_s - 300, now_s), "5m");
	expect(words_age(out, now_s - 7200, now_s), "2h");
	expect(words_age(out, now_s - 3 * day_s, now_s), "3d");
	expect(words_age(out, now_s - 364 * day_s, now_s), "364d");
	expect(words_age(out, now_s - 800 * day_s, now_s), "2y");
}

static void speeds_and_rests_are_short(void **state)
{
	(void)state;
	expect(words_rate(out, 3100), "3.1k/s");
	expect(words_rate(out, 42.4), "42/s");
	expect(words_duration(out, 9.1), "9 s");
	expect(words_duration(out, 240), "4 min");
	expect(words_duration(out, 7300), "2 h");
	expect(words_parameters(out, 2567463684), "2.6 billion");
	expect(words_parameters(out, 114000000), "114 million");
	expect(words_parameters(out, 7), "7");
}

static void kinds_fit_ten_columns(void **state)
{
	(void)state;
	expect(words_kind(out, KIND_LORA, ADAPTER_LOCON, 128), "LoCon r128");
	expect(words_kind(out, KIND_LORA, ADAPTER_IA3, 0), "IA3");
	expect(words_kind(out, KIND_CHECKPOINT, ADAPTER_NONE, 0), "Checkpoint");
	for (size_t kind = 0; kind < KIND_COUNT; kind++) {
		char out[WORDS_BYTES];
		assert_true(words_kind(out, (enum kind)kind, ADAPTER_NONE, 0).len <= 10);
	}
}

static void bases_are_shortened_as_far_as_needed(void **state)
{
	(void)state;
	struct knowledge *knowledge = knowledge_create();
	struct arena arena = { 0 };
	static const char *const names[][2] = {
		{ "a", "Stable Diffusion XL 1.0" },
		{ "b", "NoobAI XL (v-prediction)" },
		{ "c", "Waifu Diffusion 1.4 / 1.5" },
		{ "d", "Stable Diffusion 1.x (unspecified)" },
	};
	for (size_t i = 0; i < 4; i++) {
		struct base_model *base = ARRAY_PUSH(&knowledge->base_models, struct base_model);
		base->id = str_from(names[i][0]);
		base->name = str_from(names[i][1]);
		base->architecture = STR("x");
	}
	struct architecture *x = ARRAY_PUSH(&knowledge->architectures, struct architecture);
	x->id = x->name = STR("x");
	x->foundation = STR("a");
	struct error err = { 0 };
	if (!knowledge_finish(knowledge, &err))
		fail_msg("%s", err.text);
	expect(words_base(knowledge, STR("a"), 10, &arena), "SDXL 1.0");
	expect(words_base(knowledge, STR("b"), 24, &arena), "NoobAI XL (v-prediction)");
	expect(words_base(knowledge, STR("b"), 23, &arena), "NoobAI XL");
	expect(words_base(knowledge, STR("c"), 19, &arena), "Waifu Diffusion 1.4");
	expect(words_base(knowledge, STR("c"), 16, &arena), "Waifu Diff. 1.4");
	expect(words_base(knowledge, STR("d"), 40, &arena), "SD 1.x");
	expect(words_base(knowledge, STR("other"), 40, &arena), "other");
	expect(words_base(knowledge, STR_NULL, 40, &arena), "unknown");
	arena_finish(&arena);
	knowledge_destroy(knowledge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_have_commas),
		cmocka_unit_test(sizes_take_five_columns),
		cmocka_unit_test(ages_take_four_columns),
		cmocka_unit_test(speeds_and_rests_are_short),
		cmocka_unit_test(kinds_fit_ten_columns),
		cmocka_unit_test(bases_are_shortened_as_far_as_needed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
