// SPDX-License-Identifier: MIT
/**
 * Scans of some folders of a root: what they decide about, and what they leave as it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "storage/scan/scope.h"
#include "storage/scan/settled.h"
#include "tests/unit/storage/scan/scene.h"

static void parts_decide_about_what_is_in_them(void **state)
{
	static const struct scan_part parts[] = {
		{ 1, { "", 0 }, false },
		{ 1, { "a", 1 }, false },
		{ 1, { "a/new", 5 }, true },
	};
	struct scope scope = { parts, 3 }, whole = { 0 };
	(void)state;
	assert_true(scope_has(scope, STR("top.ckpt")));
	assert_true(scope_has(scope, STR("a")));
	assert_true(scope_has(scope, STR("a/x.ckpt")));
	assert_false(scope_has(scope, STR("a/b/x.ckpt")));
	assert_false(scope_has(scope, STR("a-b/x.ckpt")));
	assert_true(scope_has(scope, STR("a/new/x.ckpt")));
	assert_true(scope_has(scope, STR("a/new/y/z/x.ckpt")));
	assert_false(scope_has(scope, STR("a/newer/x.ckpt")));
	assert_false(scope_is_whole(scope));
	assert_true(scope_is_whole(whole));
	assert_true(scope_has(whole, STR("any/where")));
}

static void scan_parts(struct scene *scene, const struct scan_part *parts, size_t n)
{
	scene->roots[0].parts = parts;
	scene->roots[0].n_parts = n;
	scene_scan(scene);
	scene->roots[0].n_parts = 0;
}

static void other_folders_stay_as_they_are(void **state)
{
	static const struct scan_part a[] = { { 1, { "a", 1 }, false } };
	struct scene *scene = *state;
	scene_model(scene, "a/a/one.safetensors", 1);
	scene_model(scene, "a/a/sub/two.safetensors", 2);
	scene_model(scene, "a/b/three.safetensors", 3);
	scene_scan(scene);
	scene_remove(scene, "a/a/one.safetensors");
	scene_remove(scene, "a/a/sub/two.safetensors");
	scene_remove(scene, "a/b/three.safetensors");
	scene_model(scene, "a/a/four.safetensors", 4);
	scene_model(scene, "a/b/five.safetensors", 5);
	scan_parts(scene, a, 1);
	assert_int_equal(scene->findings.len, 2);
	assert_int_equal(scene_finding(scene, "a/one.safetensors")->type, FINDING_GONE);
	assert_int_equal(scene_finding(scene, "a/four.safetensors")->type, FINDING_MODEL);
	scene_scan(scene);
	assert_int_equal(scene_count(scene, FINDING_GONE), 2);
}

static void a_folder_that_went_is_gone_with_all_in_it(void **state)
{
	static const struct scan_part parts[] = {
		{ 1, { "", 0 }, false },
		{ 1, { "a", 1 }, true },
		{ 1, { "c", 1 }, true },
	};
	struct scene *scene = *state;
	scene_model(scene, "a/a/x/one.safetensors", 1);
	scene_model(scene, "a/b/two.safetensors", 2);
	scene_model(scene, "a/three.safetensors", 3);
	scene_scan(scene);
	scene_folder(scene, "a/c");
	scene_move(scene, "a/a", "a/c/a");
	scan_parts(scene, parts, 3);
	assert_int_equal(scene_count(scene, FINDING_MOVED), 1);
	assert_non_null(scene_finding(scene, "c/a/x/one.safetensors"));
	assert_int_equal(scene->findings.len, 1);
	scene_remove(scene, "a/c");
	scan_parts(scene, parts, 3);
	assert_int_equal(scene_count(scene, FINDING_GONE), 1);
	assert_int_equal(scene->findings.len, 1);
}

/* Only its own folder tells that a folder is gone: one that cannot be read tells nothing. */
static void a_part_that_is_not_there_tells_nothing(void **state)
{
	static const struct scan_part parts[] = { { 1, { "a", 1 }, false } };
	struct scene *scene = *state;
	scene_model(scene, "a/a/one.safetensors", 1);
	scene_model(scene, "a/two.safetensors", 2);
	scene_scan(scene);
	scene_remove(scene, "a/a");
	scan_parts(scene, parts, 1);
	assert_int_equal(scene->findings.len, 0);
	assert_false(scene->whole[0]);
}

/* It was told to be missing when its old folder was looked at; its new one is looked at later. */
static void what_is_missing_may_turn_up_in_a_part(void **state)
{
	static const struct scan_part old[] = { { 1, { "old", 3 }, false } };
	static const struct scan_part new[] = { { 1, { "new", 3 }, false } };
	struct scene *scene = *state;
	scene_model(scene, "a/old/one.safetensors", 1);
	scene_model(scene, "a/new/two.safetensors", 2);
	scene_scan(scene);
	scene_move(scene, "a/old/one.safetensors", "a/new/one.safetensors");
	scan_parts(scene, old, 1);
	assert_int_equal(scene_count(scene, FINDING_GONE), 1);
	scan_parts(scene, new, 1);
	assert_int_equal(scene_finding(scene, "new/one.safetensors")->type, FINDING_MOVED);
	assert_int_equal(scene->findings.len, 1);
}

/* A folder that is a model depends on what lies beside it. */
static void a_sidecar_beside_a_folder_is_seen(void **state)
{
	static const struct scan_part top[] = { { 1, { "", 0 }, false } };
	struct scene *scene = *state;
	scene_text(
		scene, "a/pipe/model_index.json",
		"{\"_class_name\":\"StableDiffusionPipeline\",\"vae\":[\"diffusers\",\"AutoencoderKL\"]}");
	scene_text(scene, "a/pipe/vae/config.json", "{\"_class_name\":\"AutoencoderKL\"}");
	scene_model(scene, "a/pipe/vae/diffusion_pytorch_model.safetensors", 1);
	scene_scan(scene);
	assert_non_null(scene_finding(scene, "pipe"));
	scan_parts(scene, top, 1);
	assert_int_equal(scene->findings.len, 0);
	scene_text(scene, "a/pipe.preview.png", "");
	scan_parts(scene, top, 1);
	assert_non_null(scene_finding(scene, "pipe"));
	assert_int_equal(scene->findings.len, 1);
	scene_remove(scene, "a/pipe");
	scene_text(scene, "a/keep.txt", "");
	scan_parts(scene, top, 1);
	assert_int_equal(scene_finding(scene, "pipe")->type, FINDING_GONE);
}

static void a_live_scan_lets_files_settle(void **state)
{
	const struct timespec old[2] = { { .tv_sec = 1700000000 }, { .tv_sec = 1700000000 } };
	struct scene *scene = *state;
	scene->options.is_live = true;
	scene_model(scene, "a/x/young.safetensors", 1);
	scene_model(scene, "a/old.safetensors", 2);
	assert_int_equal(utimensat(AT_FDCWD, scene_path(scene, "a/old.safetensors"), old, 0), 0);
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 1);
	assert_non_null(scene_finding(scene, "old.safetensors"));
	assert_int_equal(scene->put_off.len, 1);
	assert_true(str_equal(*ARRAY_AT(&scene->put_off, struct str, 0), STR("x")));
	/* Written anew: what is known of it stays until it is done. */
	scene_model(scene, "a/old.safetensors", 33333);
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 0);
	scene->options.is_live = false;
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 2);
}

static void what_has_settled(void **state)
{
	const int64_t now_ns = INT64_C(1700000000000000000);
	struct file_state file = { .mtime_ns = now_ns };
	struct model model = { .status = STATUS_PARTIAL };
	(void)state;
	assert_true(settled_not(&file, now_ns));
	assert_true(settled_not(&file, now_ns + SETTLED_AFTER_NS - 1));
	assert_false(settled_not(&file, now_ns + SETTLED_AFTER_NS));
	/* A clock that goes wrong must not hide a file for ever. */
	assert_false(settled_not(&file, now_ns - 1));
	file.mtime_ns = INT64_MIN;
	assert_false(settled_not(&file, now_ns));
	file.mtime_ns = INT64_MAX;
	assert_false(settled_not(&file, now_ns));
	file.mtime_ns = now_ns;
	assert_true(settled_not_whole(&model, &file, now_ns + SETTLED_AFTER_NS));
	assert_false(settled_not_whole(&model, &file, now_ns + SETTLED_PART_AFTER_NS));
	model.status = STATUS_OK;
	assert_false(settled_not_whole(&model, &file, now_ns));
	model.error.code = STR("E_CHANGED");
	assert_true(settled_not_whole(&model, &file, now_ns + 2 * SETTLED_PART_AFTER_NS));
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_decide_about_what_is_in_them),
		cmocka_unit_test(what_has_settled),
		CASE(other_folders_stay_as_they_are),
		CASE(a_folder_that_went_is_gone_with_all_in_it),
		CASE(a_part_that_is_not_there_tells_nothing),
		CASE(what_is_missing_may_turn_up_in_a_part),
		CASE(a_sidecar_beside_a_folder_is_seen),
		CASE(a_live_scan_lets_files_settle),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
