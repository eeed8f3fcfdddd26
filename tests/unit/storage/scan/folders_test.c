// SPDX-License-Identifier: MIT
/* Models that are several files: what a scan makes of folders, shards and the hub's cache. */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "storage/scan/hub.h"
#include "storage/scan/opened.h"
#include "tests/unit/storage/scan/scene.h"

#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HASH_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define OLD "1111111111111111111111111111111111111111"
#define NEW "2222222222222222222222222222222222222222"

static const char index_json[] =
	"{\"_class_name\":\"StableDiffusionPipeline\",\"unet\":[\"diffusers\",\"UNet2DConditionModel\"],"
	"\"vae\":[\"diffusers\",\"AutoencoderKL\"]}";

static void add_file(struct scene *scene, const char *folder, const char *name, unsigned seed)
{
	scene_model(scene, arena_printf(&scene->arena, "%s/%s", folder, name), seed);
}

static void add_text(struct scene *scene, const char *folder, const char *name, const char *text)
{
	scene_text(scene, arena_printf(&scene->arena, "%s/%s", folder, name), text);
}

static void add_pipeline(struct scene *scene, const char *folder)
{
	add_text(scene, folder, "model_index.json", index_json);
	add_text(scene, folder, "scheduler/scheduler_config.json", "{}");
	add_text(scene, folder, "unet/config.json", "{}");
	add_file(scene, folder, "unet/diffusion_pytorch_model.safetensors", 1);
	add_text(scene, folder, "vae/config.json", "{}");
	add_file(scene, folder, "vae/diffusion_pytorch_model.safetensors", 2);
}

static const struct finding *assert_model(const struct scene *scene, const char *path,
					  const char *name, int64_t n_tensors)
{
	const struct finding *finding = scene_finding(scene, path);
	if (!finding)
		fail_msg("%s is not found", path);
	if (!str_equal(finding->model.name, str_from(name)))
		fail_msg("%s is called %.*s", path, STR_ARG(finding->model.name));
	assert_int_equal(finding->model.n_tensors, n_tensors);
	return finding;
}

static void assert_counts(const struct scene *scene, uint64_t new, uint64_t changed, uint64_t moved,
			  uint64_t gone, uint64_t unchanged)
{
	assert_int_equal(scene->summary.new, new);
	assert_int_equal(scene->summary.changed, changed);
	assert_int_equal(scene->summary.moved, moved);
	assert_int_equal(scene->summary.gone, gone);
	assert_int_equal(scene->summary.unchanged, unchanged);
}

static void a_pipeline_is_one_model(void **state)
{
	struct scene *scene = *state;
	add_pipeline(scene, "a/deep/sd-v1.5");
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 1);
	const struct finding *finding = assert_model(scene, "deep/sd-v1.5", "sd-v1.5", 2);
	assert_int_equal(finding->model.format, FORMAT_DIFFUSERS);
	assert_int_equal(finding->model.status, STATUS_OK);
	assert_int_equal(finding->n_companions, 0);
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 0);
	assert_counts(scene, 0, 0, 0, 0, 1);
	assert_int_equal(scene->summary.read, 0);
}

static void what_lies_beside_a_folder_goes_with_it(void **state)
{
	struct scene *scene = *state;
	add_pipeline(scene, "a/deep/sd-v1.5");
	scene_text(scene, "a/deep/sd-v1.5.civitai.info", "{");
	scene_text(scene, "a/deep/sd-v1.5.png", "a picture");
	scene_text(scene, "a/deep/sd-v1.json", "{}");
	scene_text(scene, "a/deep/sd-v1.5.x.json", "{}");
	scene_model(scene, "a/deep/sd-v1.5.x.safetensors", 7);
	scene_scan(scene);
	const struct finding *finding = assert_model(scene, "deep/sd-v1.5", "sd-v1.5", 2);
	assert_int_equal(finding->n_companions, 2);
	assert_true(str_equal(finding->companions[0], STR("sd-v1.5.civitai.info")));
	assert_true(str_equal(finding->companions[1], STR("sd-v1.5.png")));
	assert_true(scene_has_code(finding, "W_JSON"));
	assert_true(scene_has_code(finding, "W_IMAGE"));
	struct finding named = scene_inspect(scene, "a/deep/sd-v1.5/");
	assert_true(scene_has_code(&named, "W_JSON"));
	scene_text(scene, "a/deep/sd-v1.5.civitai.info", "{}");
	scene_scan(scene);
	assert_counts(scene, 0, 1, 0, 0, 1);
	assert_false(scene_has_code(assert_model(scene, "deep/sd-v1.5", "sd-v1.5", 2), "W_JSON"));
	/* One file of that name has the older right. */
	scene_model(scene, "a/deep/sd-v1.5.safetensors", 8);
	scene_scan(scene);
	assert_int_equal(assert_model(scene, "deep/sd-v1.5", "sd-v1.5", 2)->n_companions, 0);
}

static void what_is_no_component_is_a_model_of_its_own(void **state)
{
	struct scene *scene = *state;
	add_pipeline(scene, "a/p");
	scene_model(scene, "a/p/v1-5-pruned.safetensors", 3);
	scene_model(scene, "a/p/loras/style.safetensors", 4);
	scene_text(scene, "a/p/vae_1_0/config.json", "{}");
	scene_model(scene, "a/p/vae_1_0/diffusion_pytorch_model.safetensors", 5);
	scene_model(scene, "a/p/unet/leftover.safetensors", 6);
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 3);
	assert_model(scene, "p", "p", 2);
	assert_model(scene, "p/v1-5-pruned.safetensors", "v1-5-pruned", 1);
	assert_model(scene, "p/loras/style.safetensors", "style", 1);
}

static void a_lone_component_is_one_model(void **state)
{
	struct scene *scene = *state;
	scene_text(scene, "a/vae-only/config.json", "{\"_class_name\":\"AutoencoderKL\"}");
	scene_model(scene, "a/vae-only/diffusion_pytorch_model.safetensors", 1);
	scene_model(scene, "a/vae-only/diffusion_pytorch_model.fp16.safetensors", 2);
	scene_model(scene, "a/vae-only/other.safetensors", 3);
	scene_model(scene, "a/no-config/model.safetensors", 4);
	scene_text(scene, "a/no-weights/config.json", "{}");
	scene_model(scene, "a/no-weights/mine.safetensors", 5);
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 4);
	assert_true(scene_has_code(assert_model(scene, "vae-only", "vae-only", 1), "W_VARIANTS"));
	assert_model(scene, "vae-only/other.safetensors", "other", 1);
	assert_model(scene, "no-config/model.safetensors", "model", 1);
	assert_model(scene, "no-weights/mine.safetensors", "mine", 1);
}

static void configurations_alone_are_no_model(void **state)
{
	struct scene *scene = *state;
	scene_text(scene, "a/p/model_index.json", index_json);
	scene_text(scene, "a/p/unet/config.json", "{}");
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 0);
}

static void a_changed_component_is_a_changed_model(void **state)
{
	struct scene *scene = *state;
	add_pipeline(scene, "a/p");
	scene_scan(scene);
	scene_text(scene, "a/p/README.md", "words");
	scene_text(scene, "a/p/unet/notes.txt", "words");
	scene_scan(scene);
	assert_counts(scene, 0, 0, 0, 0, 1);
	scene_model(scene, "a/p/vae/diffusion_pytorch_model.safetensors", 9);
	scene_scan(scene);
	assert_counts(scene, 0, 1, 0, 0, 0);
	scene_text(scene, "a/p/unet/config.json", "{ }");
	scene_scan(scene);
	assert_counts(scene, 0, 1, 0, 0, 0);
	scene_remove(scene, "a/p/vae");
	scene_scan(scene);
	assert_counts(scene, 0, 1, 0, 0, 0);
	assert_model(scene, "p", "p", 1);
	scene_text(scene, "a/so-that-it-is-not-empty.txt", "");
	scene_remove(scene, "a/p");
	scene_scan(scene);
	assert_counts(scene, 0, 0, 0, 1, 0);
}

static void a_moved_folder_is_the_same_model(void **state)
{
	struct scene *scene = *state;
	add_pipeline(scene, "a/one.x");
	scene_scan(scene);
	scene_move(scene, "a/one.x", "a/two");
	scene_scan(scene);
	assert_counts(scene, 0, 0, 1, 0, 0);
	const struct finding *finding = assert_model(scene, "two", "two", 2);
	assert_int_equal(finding->type, FINDING_MOVED);
	scene_folder(scene, "a/sub");
	scene_move(scene, "a/two", "a/sub/two");
	scene_scan(scene);
	assert_counts(scene, 0, 0, 1, 0, 0);
	assert_int_equal(scene_finding(scene, "sub/two")->id, finding->id);
}

static void a_component_may_be_a_link_inside_the_roots(void **state)
{
	struct scene *scene = *state;
	add_pipeline(scene, "a/p");
	scene_folder(scene, "a/shared");
	scene_move(scene, "a/p/vae", "a/shared/vae");
	scene_link(scene, "../shared/vae", "a/p/vae");
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 2);
	assert_int_equal(assert_model(scene, "p", "p", 2)->model.status, STATUS_OK);
	assert_model(scene, "shared/vae", "vae", 1);
}

static void a_link_out_of_the_roots_is_not_followed(void **state)
{
	struct scene *scene = *state;
	add_pipeline(scene, "a/p");
	add_pipeline(scene, "a/q");
	scene_folder(scene, "outside");
	scene_move(scene, "a/p/vae", "outside/vae");
	scene_link(scene, "../../outside/vae", "a/p/vae");
	scene_move(scene, "a/q/vae/diffusion_pytorch_model.safetensors", "outside/v.safetensors");
	scene_link(scene, "../../../outside/v.safetensors",
		   "a/q/vae/diffusion_pytorch_model.safetensors");
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 2);
	assert_int_equal(scene_finding(scene, "p")->model.status, STATUS_UNREADABLE);
	assert_int_equal(scene_finding(scene, "q")->model.status, STATUS_UNREADABLE);
	assert_true(scene_has_code(scene_finding(scene, "q"), "E_IO"));
	scene_scan(scene);
	assert_counts(scene, 0, 0, 0, 0, 2);
}

static void a_root_may_be_the_model(void **state)
{
	struct scene *scene = *state;
	add_pipeline(scene, "a");
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 1);
	assert_model(scene, "", "a", 2);
	scene_scan(scene);
	assert_counts(scene, 0, 0, 0, 0, 1);
}

static void an_unfinished_component_is_partial(void **state)
{
	struct scene *scene = *state;
	add_pipeline(scene, "a/p");
	scene_text(scene, "a/p/unet/diffusion_pytorch_model.safetensors.part", "half");
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 1);
	assert_int_equal(scene_finding(scene, "p")->model.status, STATUS_PARTIAL);
}

static void a_folder_named_like_a_file_counts_once(void **state)
{
	struct scene *scene = *state;
	add_pipeline(scene, "a/p.safetensors");
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 1);
	assert_model(scene, "p.safetensors", "p.safetensors", 2);
}

/* Shards. */

static void add_shards(struct scene *scene)
{
	scene_model(scene, "a/big-00001-of-00003.safetensors", 1);
	scene_model(scene, "a/big-00002-of-00003.safetensors", 2);
	scene_model(scene, "a/big-00003-of-00003.safetensors", 3);
	scene_text(
		scene, "a/big.safetensors.index.json",
		"{\"metadata\":{\"total_size\":48},\"weight_map\":{"
		"\"t1\":\"big-00001-of-00003.safetensors\",\"t2\":\"big-00002-of-00003.safetensors\","
		"\"t3\":\"big-00003-of-00003.safetensors\"}}");
}

static void shards_are_one_model(void **state)
{
	struct scene *scene = *state;
	add_shards(scene);
	scene_model(scene, "a/big-00001-of-00002.safetensors", 4);
	scene_model(scene, "a/bigger.safetensors", 5);
	scene_text(scene, "a/big.png", "picture");
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 3);
	const struct finding *finding =
		assert_model(scene, "big-00001-of-00003.safetensors", "big", 3);
	assert_int_equal(finding->model.status, STATUS_OK);
	assert_int_equal(finding->model.format, FORMAT_SAFETENSORS);
	assert_int_equal(finding->n_companions, 4);
	scene_scan(scene);
	assert_counts(scene, 0, 0, 0, 0, 3);
	scene_model(scene, "a/big-00003-of-00003.safetensors", 7);
	scene_scan(scene);
	assert_counts(scene, 0, 1, 0, 0, 2);
	assert_true(scene_has_code(scene_finding(scene, "big-00001-of-00003.safetensors"),
				   "W_IX_MISSING"));
}

static void a_missing_shard_is_damage_unless_it_is_coming(void **state)
{
	struct scene *scene = *state;
	add_shards(scene);
	scene_remove(scene, "a/big-00001-of-00003.safetensors");
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 1);
	const struct finding *finding =
		assert_model(scene, "big-00002-of-00003.safetensors", "big", 3);
	assert_int_equal(finding->model.status, STATUS_DAMAGED);
	assert_int_equal(scene->summary.damaged, 1);
	scene_text(scene, "a/big-00001-of-00003.safetensors.crdownload", "half");
	scene_scan(scene);
	finding = scene_finding(scene, "big-00002-of-00003.safetensors");
	assert_int_equal(finding->model.status, STATUS_PARTIAL);
}

static void too_many_files_are_told_and_none_is_left_out(void **state)
{
	struct scene *scene = *state;
	char name[64];
	for (unsigned i = 1; i <= OPENED_FILES_MAX + 1; i++) {
		snprintf(name, sizeof name, "a/m-%05u-of-%05u.safetensors", i,
			 OPENED_FILES_MAX + 1);
		scene_model(scene, name, i);
	}
	scene_scan(scene);
	const struct finding *finding =
		assert_model(scene, "m-00001-of-00193.safetensors", "m", -1);
	assert_int_equal(finding->model.status, STATUS_UNREADABLE);
	assert_string_equal(finding->model.error.message.ptr,
			    "cannot read: 193 files, more than the 192 that can be open at once");
}

static void inspect_takes_any_of_them_for_the_whole(void **state)
{
	static const char *const paths[] = {
		"a/big-00001-of-00003.safetensors",
		"a/big-00003-of-00003.safetensors",
		"a/big.safetensors.index.json",
		"a/p",
		"a/p/",
		"a/p/unet",
		"linked",
	};
	static const int64_t n_tensors[] = { 3, 3, 3, 2, 2, 1, 2 };
	struct scene *scene = *state;
	add_shards(scene);
	add_pipeline(scene, "a/p");
	scene_link(scene, "a/p", "linked");
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct finding seen = scene_inspect(scene, paths[i]);
		if (seen.model.n_tensors != n_tensors[i] || seen.model.status != STATUS_OK)
			fail_msg("%s: %d tensors", paths[i], (int)seen.model.n_tensors);
	}
	assert_true(str_equal(scene_inspect(scene, "a/big.safetensors.index.json").model.name,
			      STR("big")));
	assert_true(str_equal(scene_inspect(scene, "a/p/").model.name, STR("p")));
	scene_folder(scene, "a/empty");
	struct finding empty = scene_inspect(scene, "a/empty");
	assert_true(scene_has_code(&empty, "E_NOT_FILE"));
}

/* The cache of the Hugging Face hub. */

static void knows_places_in_the_cache(void **state)
{
	(void)state;
	struct hub_place place;
	struct arena arena = { 0 };
	assert_true(
		hub_place_parse(STR("/x/models--org--my--model/snapshots/1a/unet/m.bin"), &place));
	assert_true(str_equal(place.repository, STR("/x/models--org--my--model")));
	assert_true(str_equal(place.revision, STR("1a")));
	assert_true(str_equal(place.rest, STR("unet/m.bin")));
	assert_true(str_equal(hub_name(&place, &arena), STR("org/my--model")));
	assert_true(hub_place_parse(STR("models--gpt2/snapshots/1a"), &place));
	assert_true(str_equal(hub_name(&place, &arena), STR("gpt2")));
	assert_int_equal(place.rest.len, 0);
	assert_false(hub_place_parse(STR("models--a--b/blobs/1a"), &place));
	assert_false(hub_place_parse(STR("models--a--b/snapshots"), &place));
	assert_false(hub_place_parse(STR("models--a--b/snapshots/"), &place));
	assert_false(hub_place_parse(STR("a/snapshots/1a"), &place));
	assert_true(hub_sha256(STR("/x/models--a--b/blobs/" HASH_A)).ptr != NULL);
	assert_null(hub_sha256(STR("/x/models--a--b/blobs/" OLD)).ptr);
	assert_null(hub_sha256(STR("/x/blobs/" HASH_A)).ptr);
	assert_null(hub_sha256(STR(HASH_A)).ptr);
	arena_finish(&arena);
}

static void link_blob(struct scene *scene, const char *revision, const char *path, const char *blob)
{
	struct arena *arena = &scene->arena;
	const char *link =
		arena_printf(arena, "a/models--org--name/snapshots/%s/%s", revision, path);
	ptrdiff_t slash = str_rfind_byte(str_from(link), '/');
	scene_folder(scene, arena_printf(arena, "%.*s", (int)slash, link));
	scene_link(scene,
		   arena_printf(arena, "%s../../blobs/%s", strchr(path, '/') ? "../" : "", blob),
		   link);
}

static void add_cache(struct scene *scene)
{
	scene_model(scene, "a/models--org--name/blobs/" HASH_A, 1);
	scene_model(scene, "a/models--org--name/blobs/" HASH_B, 2);
	scene_text(scene, "a/models--org--name/blobs/" OLD, index_json);
	scene_text(scene, "a/models--org--name/blobs/" HASH_A ".incomplete", "half");
	scene_model(scene, "a/models--org--name/.no_exist/" NEW "/model.safetensors", 3);
	scene_text(scene, "a/models--org--name/refs/main", NEW);
	link_blob(scene, NEW, "style.safetensors", HASH_A);
	link_blob(scene, NEW, "model_index.json", OLD);
	link_blob(scene, NEW, "unet/diffusion_pytorch_model.safetensors", HASH_B);
}

static void a_blob_is_one_model_under_its_own_name(void **state)
{
	struct scene *scene = *state;
	add_cache(scene);
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 2);
	const struct finding *finding = assert_model(
		scene, "models--org--name/snapshots/" NEW "/style.safetensors", "style", 1);
	assert_true(str_equal(finding->model.sha256, STR(HASH_A)));
	assert_true(str_equal(finding->model.autov2, STR("aaaaaaaaaa")));
	finding = assert_model(scene, "models--org--name/snapshots/" NEW, "org/name", 1);
	assert_null(finding->model.sha256.ptr);
	scene_scan(scene);
	assert_counts(scene, 0, 0, 0, 0, 2);
}

static void what_a_snapshot_lacks_may_be_coming(void **state)
{
	struct scene *scene = *state;
	add_cache(scene);
	scene_text(scene, "a/models--org--name/snapshots/" NEW "/vae/config.json", "{}");
	scene_scan(scene);
	const char *path = "models--org--name/snapshots/" NEW;
	assert_int_equal(assert_model(scene, path, "org/name", 1)->model.status, STATUS_PARTIAL);
	struct finding named = scene_inspect(scene, "a/models--org--name/snapshots/" NEW);
	assert_int_equal(named.model.status, STATUS_PARTIAL);
	/* It came to nothing. */
	scene_remove(scene, "a/models--org--name/blobs/" HASH_A ".incomplete");
	scene_scan(scene);
	assert_counts(scene, 0, 1, 0, 0, 1);
	assert_int_equal(assert_model(scene, path, "org/name", 1)->model.status, STATUS_DAMAGED);
}

static void another_revision_shows_what_is_new_in_it(void **state)
{
	struct scene *scene = *state;
	add_cache(scene);
	link_blob(scene, OLD, "style.safetensors", HASH_A);
	link_blob(scene, OLD, "older.safetensors", HASH_B);
	link_blob(scene, OLD, "model_index.json", OLD);
	link_blob(scene, OLD, "unet/diffusion_pytorch_model.safetensors", HASH_B);
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 3);
	assert_non_null(
		scene_finding(scene, "models--org--name/snapshots/" OLD "/older.safetensors"));
	assert_non_null(scene_finding(scene, "models--org--name/snapshots/" NEW));
	scene_text(scene, "a/models--org--name/refs/main", OLD);
	scene_scan(scene);
	assert_non_null(scene_finding(scene, "models--org--name/snapshots/" OLD));
}

static void blobs_are_followed_from_a_root_inside(void **state)
{
	struct scene *scene = *state;
	add_cache(scene);
	scene->roots[0].path = str_from(scene_path(scene, "a/models--org--name/snapshots/" NEW));
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 2);
	assert_int_equal(assert_model(scene, "style.safetensors", "style", 1)->model.status,
			 STATUS_OK);
	assert_model(scene, "", "org/name", 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_pipeline_is_one_model),
		TEST(what_lies_beside_a_folder_goes_with_it),
		TEST(what_is_no_component_is_a_model_of_its_own),
		TEST(a_lone_component_is_one_model),
		TEST(configurations_alone_are_no_model),
		TEST(a_changed_component_is_a_changed_model),
		TEST(a_moved_folder_is_the_same_model),
		TEST(a_component_may_be_a_link_inside_the_roots),
		TEST(a_link_out_of_the_roots_is_not_followed),
		TEST(a_root_may_be_the_model),
		TEST(an_unfinished_component_is_partial),
		TEST(a_folder_named_like_a_file_counts_once),
		TEST(shards_are_one_model),
		TEST(a_missing_shard_is_damage_unless_it_is_coming),
		TEST(too_many_files_are_told_and_none_is_left_out),
		TEST(inspect_takes_any_of_them_for_the_whole),
		TEST(knows_places_in_the_cache),
		TEST(a_blob_is_one_model_under_its_own_name),
		TEST(what_a_snapshot_lacks_may_be_coming),
		TEST(another_revision_shows_what_is_new_in_it),
		TEST(blobs_are_followed_from_a_root_inside),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
