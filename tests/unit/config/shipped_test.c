// SPDX-License-Identifier: MIT
/**
 * What ships: the tree against the reference, and whether names give away what they should.
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
#include "core/base/text.h"
#include "temp_dir.h"

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
		const struct texts *labels = &ARRAY_AT(&k->base_models, struct base_model, i)->labels;
		for (size_t j = 0; j < labels->n; j++)
			for (size_t h = 0; h < N(hosted); h++)
				assert_false(str_equal(labels->list[j], str_from(hosted[h])));
	}
}

static void known_pairs_have_known_paths(void **state)
{
	const struct knowledge *k = *state;
	static const struct { const char *a, *b; enum path_kind path; } pairs[] = {
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

/* Rows of one architecture whose token stands in a name: which one is named, contract.md "Shared
 * tokens": the longest wins, among rows of one line the deepest. */
static struct str named(const struct knowledge *k, const char *architecture, const char *name)
{
	struct arena arena = { 0 };
	struct str folded = text_fold_copy(&arena, str_from(name));
	const struct base_model *best = NULL;
	size_t heaviest = 0;
	for (size_t i = 0; i < k->base_models.len; i++) {
		const struct base_model *base = ARRAY_AT(&k->base_models, struct base_model, i);
		for (size_t j = 0; j < base->tokens.n; j++) {
			size_t weight = token_weight_in(base->tokens.list[j], folded);
			if (!str_equal(base->architecture, str_from(architecture)) || !weight)
				continue;
			if (weight > heaviest || (weight == heaviest && base->depth > best->depth)) {
				heaviest = weight;
				best = base;
			}
		}
	}
	arena_finish(&arena);
	return best ? best->id : STR("");
}

static const struct { const char *architecture, *name, *base; } names[] = {
	{ "sdxl", "ponyDiffusionV6XL_v6StartWithThisOne", "sdxl-pony" },
	{ "sdxl", "autismmixSDXL_autismmixConfetti", "sdxl-pony" },
	{ "sdxl", "Illustrious-XL-v0.1", "sdxl-illustrious" },
	{ "sdxl", "waiNSFWIllustrious_v140", "sdxl-illustrious" },
	{ "sdxl", "style_il_v3", "sdxl-illustrious" },
	{ "sdxl", "NoobAI-XL-v1.1", "sdxl-noobai" },
	{ "sdxl", "NoobAI-XL-Vpred-v1.0", "sdxl-noobai-vpred" },
	{ "sdxl", "animagine-xl-3.1", "sdxl-animagine" },
	{ "sdxl", "sd_xl_base_1.0", "sdxl" },
	{ "sdxl", "control-inpaint", "" },
	{ "sdxl", "my_vpred_mix", "" },
	{ "sd1", "v1-5-pruned-emaonly", "sd1-5" },
	{ "sd1", "AnythingV3", "sd1-anything-v3" },
	{ "sd1", "anything-v4.5-pruned", "sd1-anything-v4" },
	{ "sd1", "realisticVisionV60B1_v51VAE", "sd1-realistic-vision" },
	{ "sd1", "chilloutmix_NiPrunedFp32Fix", "sd1-chilloutmix" },
	{ "sd1", "wd-v1-3-full", "sd1-waifu-diffusion" },
	{ "sd1", "dreamlike-photoreal-2.0", "sd1-dreamlike-photoreal" },
	{ "sd1", "my style v1.5", "" },
	{ "sd1", "cinematic light", "" },
	{ "sd2", "wd-1-5-beta", "sd2-waifu-diffusion" },
	{ "sd2", "control_depth", "" },
	{ "flux1", "flux1-dev-Q4_K_S", "flux1-dev" },
	{ "flux1", "flux1-krea-dev", "flux1-krea" },
	{ "flux1", "hair fill", "" },
	{ "z-image", "z_image_turbo_bf16", "z-image-turbo" },
	{ "flux2-klein-9b", "flux-2-klein-9b", "flux2-klein-9b" },
	{ "flux2-klein-9b", "flux-2-klein-base-9b", "flux2-klein-9b-base" },
	{ "lens", "lens flare", "" },
};

static void names_give_lineages_away(void **state)
{
	const struct knowledge *k = *state;
	for (size_t i = 0; i < N(names); i++) {
		struct str base = named(k, names[i].architecture, names[i].name);
		if (!str_equal(base, str_from(names[i].base)))
			fail_msg("%s: %.*s", names[i].name, STR_ARG(base));
	}
}

/* The examples of docs/knowledge.md, each as a file of the user's. */
static void the_page_for_users_is_true(void **state)
{
	(void)state;
	struct temp_dir dir;
	temp_dir_create(&dir);
	char *page = read_source("docs/knowledge.md"), *at = page, *end;
	size_t n = 0;
	while ((at = strstr(at, "```ini\n")) && (end = strstr(at + 7, "```"))) {
		char name[16];
		*end = '\0';
		snprintf(name, sizeof name, "%zu.ini", n++);
		temp_dir_write(&dir, name, at + 7);
		at = end + 1;
	}
	struct error err;
	struct knowledge *k = knowledge_load(dir.path, &err);
	assert_string_equal(err.text, "");
	assert_true(n >= 4);
	assert_true(knowledge_is_within(k, STR("sdxl-moonlight"), STR("sdxl-illustrious")));
	assert_non_null(knowledge_architecture(k, STR("lumen-small")));
	knowledge_destroy(k);
	free(page);
	temp_dir_remove(&dir);
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
		cmocka_unit_test(names_give_lineages_away),
		cmocka_unit_test(the_page_for_users_is_true),
	};
	return cmocka_run_group_tests(tests, load_shipped, unload);
}
