// SPDX-License-Identifier: MIT
/**
 * What ships: the tree against the reference, and the names that queries may use.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/knowledge.h"

#define N(array) (sizeof(array) / sizeof *(array))

enum column { COLUMN_ID, COLUMN_NAME, COLUMN_PARENT, COLUMN_ARCHITECTURE, COLUMN_COUNT };

static char *read_source(const char *name)
{
	char path[512];
	const char *root = getenv("SOURCE_ROOT");
	snprintf(path, sizeof path, "%s/%s", root ? root : ".", name);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	size_t room = 1 << 20;
	char *text = calloc(1, room);
	assert_non_null(text);
	assert_true(fread(text, 1, room - 1, file) > 0);
	fclose(file);
	return text;
}

static void compare_row(const struct knowledge *k, const struct str *columns)
{
	const struct base_model *base = knowledge_base(k, columns[COLUMN_ID]);
	if (str_equal(columns[COLUMN_ARCHITECTURE], STR("unknown"))) {
		assert_null(base);
		return;
	}
	if (!base)
		fail_msg("no %.*s", STR_ARG(columns[COLUMN_ID]));
	if (!str_equal(base->parent, columns[COLUMN_PARENT]) ||
	    !str_equal(base->architecture, columns[COLUMN_ARCHITECTURE]) ||
	    !str_equal(base->name, columns[COLUMN_NAME]))
		fail_msg("%.*s differs", STR_ARG(columns[COLUMN_ID]));
}

static void the_shipped_tree_is_that_of_the_reference(void **state)
{
	const struct knowledge *k = *state;
	char *text = read_source("tests/corpus/base-models.tsv");
	struct str rest = str_from(text), line;
	size_t n = 0;
	assert_true(str_next_part(&rest, '\n', &line));
	while (str_next_part(&rest, '\n', &line)) {
		struct str columns[COLUMN_COUNT];
		for (int i = 0; line.len && i < COLUMN_COUNT; i++)
			assert_true(str_next_part(&line, '\t', &columns[i]));
		if (!line.ptr || !line.len)
			continue;
		compare_row(k, columns);
		n += !str_equal(columns[COLUMN_ARCHITECTURE], STR("unknown"));
	}
	assert_int_equal(n, k->base_models.len);
	free(text);
}

static void nothing_claims_what_only_the_web_knows(void **state)
{
	const struct knowledge *k = *state;
	static const char *const hosted[] = { "other", "upscaler", "sora 2", "kling", "nucleus" };
	for (size_t i = 0; i < k->base_models.len; i++) {
		const struct texts *labels =
			&ARRAY_AT(&k->base_models, struct base_model, i)->labels;
		for (size_t j = 0; j < labels->n; j++)
			for (size_t h = 0; h < N(hosted); h++)
				assert_false(str_equal(labels->list[j], str_from(hosted[h])));
	}
}

static void known_pairs_have_known_paths(void **state)
{
	const struct knowledge *k = *state;
	static const struct {
		const char *a, *b;
		enum path_kind path;
	} pairs[] = {
		{ "sd1-4", "sd1-realistic-vision", PATH_LIGHT },
		{ "sdxl", "sdxl-juggernaut", PATH_LIGHT },
		{ "sdxl", "sdxl-pony", PATH_HEAVY },
		{ "sdxl", "sdxl-illustrious", PATH_HEAVY },
		{ "sdxl-pony", "sdxl-illustrious", PATH_HEAVY },
		{ "sdxl-illustrious", "sdxl-noobai-vpred", PATH_LIGHT },
		{ "auraflow", "pony-v7", PATH_HEAVY },
		{ "flux1-dev", "flux1-krea", PATH_LIGHT },
		{ "flux1-dev", "flux1-schnell", PATH_NONE },
	};
	for (size_t i = 0; i < N(pairs); i++)
		if (knowledge_path(k, str_from(pairs[i].a), str_from(pairs[i].b)) != pairs[i].path)
			fail_msg("%s - %s", pairs[i].a, pairs[i].b);
	assert_true(str_equal(knowledge_base_by_name(k, STR("pony"), NULL)->id, STR("sdxl-pony")));
}

static bool share(const struct knowledge *k, const char *a, const char *b)
{
	const struct texts *shares = &knowledge_architecture(k, str_from(a))->shares;
	for (size_t i = 0; i < shares->n; i++)
		if (str_equal(shares->list[i], str_from(b)))
			return true;
	return false;
}

/* A LoRA of blocks that two architectures have alike is called after the one that is trained more:
   it must not be refused by a checkpoint of the other, for which it may have been made. */
static void twins_do_not_refuse_each_others_adapters(void **state)
{
	const struct knowledge *k = *state;
	static const char *const twins[][2] = {
		{ "sd3-medium", "sd35-medium" },
		{ "pixart-sigma", "pixart-alpha" },
		{ "anima", "cosmos-predict2-2b" },
		{ "wan-14b", "wan-14b-i2v22" },
		{ "flux1", "chroma" },
	};
	for (size_t i = 0; i < N(twins); i++)
		if (!share(k, twins[i][0], twins[i][1]) && !share(k, twins[i][1], twins[i][0]))
			fail_msg("%s and %s share nothing", twins[i][0], twins[i][1]);
}

static const struct {
	const char *name, *base;
} names[] = {
	{ "SD 1.5", "sd1" },
	{ "sd15", "sd1-5" },
	{ "SDXL 1.0", "sdxl" },
	{ "xl", "sdxl" },
	{ "sd 2.1 768", "sd2-1" },
	{ "Pony", "sdxl-pony" },
	{ "Pony Diffusion V6 XL", "sdxl-pony" },
	{ "Illustrious", "sdxl-illustrious" },
	{ "il", "sdxl-illustrious" },
	{ "NoobAI", "sdxl-noobai" },
	{ "noobai-vpred", "sdxl-noobai-vpred" },
	{ "Flux.1 D", "flux1-dev" },
	{ "flux", "flux1-dev" },
	{ "schnell", "flux1-schnell" },
	{ "Flux.1 Kontext", "flux1-kontext" },
	{ "krea", "flux1-krea" },
	{ "Flux.2 Klein 9B-base", "flux2-klein-9b-base" },
	{ "Qwen", "qwen-image" },
	{ "qwen-edit", "qwen-image-edit" },
	{ "zimageturbo", "z-image-turbo" },
	{ "Wan Video 14B t2v", "wan21-t2v-14b" },
	{ "Wan Video 2.2 I2V-A14B", "wan22-i2v-a14b" },
	{ "SD 3.5 Large", "sd35-large" },
	{ "PixArt E", "pixart-sigma" },
	{ "LTXV2", "ltxv2" },
	{ "anything", "sd1-anything-v3" },
	{ "chilloutmix", "sd1-chilloutmix" },
};

static void names_of_queries_are_understood(void **state)
{
	const struct knowledge *k = *state;
	for (size_t i = 0; i < N(names); i++) {
		struct str near[3];
		const struct base_model *base =
			knowledge_base_by_name(k, str_from(names[i].name), near);
		if (!base || !str_equal(base->id, str_from(names[i].base)))
			fail_msg("%s: %.*s", names[i].name, STR_ARG(base ? base->id : near[0]));
	}
}

static int load_shipped(void **state)
{
	struct error err;
	*state = knowledge_load(NULL, &err);
	assert_int_equal(err.code, ERROR_NONE);
	return 0;
}

static int unload(void **state)
{
	knowledge_destroy(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shipped_tree_is_that_of_the_reference),
		cmocka_unit_test(nothing_claims_what_only_the_web_knows),
		cmocka_unit_test(known_pairs_have_known_paths),
		cmocka_unit_test(twins_do_not_refuse_each_others_adapters),
		cmocka_unit_test(names_of_queries_are_understood),
	};
	return cmocka_run_group_tests(tests, load_shipped, unload);
}
