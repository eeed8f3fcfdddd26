// SPDX-License-Identifier: MIT
#include "storage/scan/companions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { MODELS_MAX = 8, OTHERS_MAX = 32 };

struct folder {
	struct arena arena;
	struct companions found[MODELS_MAX];
};

static void find(struct folder *folder, const char *const *models, const char *const *others)
{
	struct str model_names[MODELS_MAX], other_names[OTHERS_MAX];
	size_t n_models = 0, n_others = 0;
	for (; models[n_models]; n_models++)
		model_names[n_models] = str_from(models[n_models]);
	for (; others[n_others]; n_others++)
		other_names[n_others] = str_from(others[n_others]);
	*folder = (struct folder){ 0 };
	companions_find(model_names, n_models, other_names, n_others, &folder->arena,
			folder->found);
}

static bool has(const struct companions *companions, const char *name)
{
	for (size_t i = 0; i < companions->n; i++)
		if (str_equal(companions->names[i], str_from(name)))
			return true;
	return false;
}

static void takes_every_known_suffix(void **state)
{
	(void)state;
	static const char *const models[] = { "foo.safetensors", NULL };
	static const char *const others[] = {
		"foo.json",
		"foo.civitai.info",
		"foo.metadata.json",
		"foo.cm-info.json",
		"foo.swarm.json",
		"foo.sha256",
		"foo.txt",
		"foo.description.txt",
		"foo.md",
		"foo.html",
		"foo.api_info.json",
		"foo.yaml",
		"foo.png",
		"foo.preview.PNG",
		"foo.thumb.jpg",
		"foo.example.0.jpeg",
		"foo_3.jpg",
		"foo.safetensors.rgthree-info.json",
		NULL,
	};
	struct folder folder;
	find(&folder, models, others);
	for (size_t i = 0; others[i]; i++)
		assert_true(has(&folder.found[0], others[i]));
	arena_finish(&folder.arena);
}

static void leaves_what_only_looks_alike(void **state)
{
	(void)state;
	static const char *const models[] = { "foo.safetensors", NULL };
	static const char *const others[] = {
		"foo2.png",
		"foo-preview.png",
		"foo.zip",
		"foo.v2.png",
		"Foo.png",
		"foo",
		"foo_x.jpg",
		"foo.example.x.png",
		"foo.rgthree-info.json",
		"xfoo.json",
		NULL,
	};
	struct folder folder;
	find(&folder, models, others);
	assert_int_equal(folder.found[0].n, 0);
	arena_finish(&folder.arena);
}

static void gives_it_to_the_longest_stem(void **state)
{
	(void)state;
	static const char *const models[] = { "foo.pt", "foo.preview.pt", "foo.v2.pt", NULL };
	static const char *const others[] = { "foo.preview.png", "foo.v2.json", "foo.json", NULL };
	struct folder folder;
	find(&folder, models, others);
	assert_int_equal(folder.found[0].n, 1);
	assert_true(has(&folder.found[0], "foo.json"));
	assert_true(has(&folder.found[1], "foo.preview.png"));
	assert_true(has(&folder.found[2], "foo.v2.json"));
	arena_finish(&folder.arena);
}

static void shares_between_models_of_one_stem(void **state)
{
	(void)state;
	static const char *const models[] = { "foo.ckpt", "foo.safetensors", NULL };
	static const char *const others[] = { "foo.png", "foo.ckpt.rgthree-info.json", NULL };
	struct folder folder;
	find(&folder, models, others);
	assert_true(has(&folder.found[0], "foo.png") && has(&folder.found[1], "foo.png"));
	assert_true(has(&folder.found[0], "foo.ckpt.rgthree-info.json"));
	assert_int_equal(folder.found[1].n, 1);
	arena_finish(&folder.arena);
}

static void sees_a_download_by_the_whole_name(void **state)
{
	(void)state;
	static const char *const models[] = { "foo.ckpt", "foo.safetensors", NULL };
	static const char *const others[] = { "foo.ckpt.aria2", "bar.safetensors.part", NULL };
	struct folder folder;
	find(&folder, models, others);
	assert_true(folder.found[0].is_partial);
	assert_false(folder.found[1].is_partial);
	assert_int_equal(folder.found[0].n, 0);
	arena_finish(&folder.arena);
}

static void reads_exact_sidecars_only(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct str model = STR("foo.v2.pt");
	size_t place = companion_sidecar(model, STR("foo.v2.civitai.info"));
	assert_true(place != SIZE_MAX);
	assert_true(str_equal(companion_sidecar_name(model, place, &arena),
			      STR("foo.v2.civitai.info")));
	place = companion_sidecar(model, STR("foo.v2.pt.rgthree-info.json"));
	assert_true(place != SIZE_MAX);
	assert_int_equal(companion_sidecar(model, STR("foo.v2.api_info.json")), SIZE_MAX);
	assert_int_equal(companion_sidecar(model, STR("foo.v2.rgthree-info.json")), SIZE_MAX);
	assert_int_equal(companion_sidecar(model, STR("foo.json")), SIZE_MAX);
	assert_int_equal(companion_sidecar(model, STR("foo.v2.png")), SIZE_MAX);
	arena_finish(&arena);
}

/* It has one name, whatever the model is: so it is read for models of one name alone. */
static void reads_the_configuration_of_peft(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct str name = STR("adapter_config.json"), whole = STR("adapter_model.bin");
	size_t place = companion_sidecar(whole, name);
	assert_true(place != SIZE_MAX);
	assert_true(str_equal(companion_sidecar_name(whole, place, &arena), name));
	assert_int_equal(companion_sidecar(STR("foo.pt"), name), SIZE_MAX);
	assert_int_equal(companion_sidecar(STR("foo.pt"), STR("fooadapter_config.json")), SIZE_MAX);
	assert_null(companion_sidecar_name(STR("foo.pt"), place, &arena).ptr);
	arena_finish(&arena);
}

static void gives_it_to_the_model_of_peft(void **state)
{
	(void)state;
	static const char *const models[] = { "adapter_model.bin", "adapter_model.safetensors",
					      "foo.pt", NULL };
	static const char *const others[] = { "adapter_config.json", "adapter_model.png", NULL };
	static const char *const without[] = { "adapter_config.pt", "foo.pt", NULL };
	struct folder folder;
	find(&folder, models, others);
	assert_true(has(&folder.found[0], "adapter_config.json"));
	assert_true(has(&folder.found[1], "adapter_config.json"));
	assert_int_equal(folder.found[1].n, 2);
	assert_int_equal(folder.found[2].n, 0);
	arena_finish(&folder.arena);
	find(&folder, without, others);
	assert_int_equal(folder.found[0].n, 1); /* by its stem, as any other */
	assert_int_equal(folder.found[1].n, 0);
	arena_finish(&folder.arena);
}

static void shows_it_by_the_best_picture(void **state)
{
	(void)state;
	static const struct {
		struct str names[4];
		const char *best;
	} rows[] = {
		{ { { "foo.v2.png", 10 }, { "foo.v2.preview.JPG", 18 }, { "foo.v2.gif", 10 } },
		  "foo.v2.preview.JPG" },
		{ { { "foo.v2.thumb.jpg", 16 }, { "foo.v2_1.png", 12 } }, "foo.v2.thumb.jpg" },
		{ { { "foo.v2.mp4", 10 }, { "foo.v2.json", 11 }, { "foo.v2.example.0.png", 20 } },
		  NULL },
	};
	struct arena arena = { 0 };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t n = 0;
		while (rows[i].names[n].ptr)
			n++;
		struct str best = companion_preview(STR("foo.v2.pt"), rows[i].names, n);
		assert_true(rows[i].best ? str_equal(best, str_from(rows[i].best)) : !best.ptr);
	}
	struct str name = companion_preview_name(STR("foo.v2.pt"), 0, &arena);
	assert_true(str_equal(name, STR("foo.v2.preview.png")));
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_every_known_suffix),
		cmocka_unit_test(leaves_what_only_looks_alike),
		cmocka_unit_test(gives_it_to_the_longest_stem),
		cmocka_unit_test(shares_between_models_of_one_stem),
		cmocka_unit_test(sees_a_download_by_the_whole_name),
		cmocka_unit_test(reads_exact_sidecars_only),
		cmocka_unit_test(reads_the_configuration_of_peft),
		cmocka_unit_test(gives_it_to_the_model_of_peft),
		cmocka_unit_test(shows_it_by_the_best_picture),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
