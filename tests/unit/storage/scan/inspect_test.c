// SPDX-License-Identifier: MIT

#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "tests/unit/storage/scan/scene.h"

static void assert_seen(struct scene *scene, const char *path, enum status status, const char *code)
{
	struct finding seen = scene_inspect(scene, path);
	assert_int_equal(seen.model.status, status);
	if (code)
		assert_true(scene_has_code(&seen, code));
	else
		assert_null(seen.model.error.code.ptr);
}

static void reads_a_file_and_a_link_to_one(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/style.v2.safetensors", 1);
	scene_link(scene, "a/style.v2.safetensors", "link.safetensors");
	struct finding seen = scene_inspect(scene, "a/style.v2.safetensors");
	assert_int_equal(seen.model.status, STATUS_OK);
	assert_int_equal(seen.model.format, FORMAT_SAFETENSORS);
	assert_int_equal(seen.model.n_tensors, 1);
	assert_true(str_equal(seen.model.name, STR("style.v2")));
	assert_seen(scene, "link.safetensors", STATUS_OK, NULL);
}

static void answers_for_what_is_no_readable_file(void **state)
{
	struct scene *scene = *state;
	assert_int_equal(mkfifo(scene_path(scene, "a/pipe.safetensors"), 0644), 0);
	scene_folder(scene, "a/folder.safetensors");
	scene_folder(scene, "a/loop");
	scene_link(scene, "../loop", "a/loop/a");
	scene_link(scene, "self.pt", "a/self.pt");
	scene_link(scene, "nowhere.pt", "a/dangling.pt");
	scene_link(scene, "loop", "a/elsewhere");
	assert_seen(scene, "a/absent.pt", STATUS_UNREADABLE, "E_IO");
	assert_seen(scene, "a/dangling.pt", STATUS_UNREADABLE, "E_IO");
	/* In the words of a scan. */
	struct finding dangling = scene_inspect(scene, "a/dangling.pt");
	assert_string_equal(dangling.model.error.message.ptr,
			    "cannot read: the link leads nowhere");
	assert_seen(scene, "a/pipe.safetensors", STATUS_UNSUPPORTED, "E_NOT_FILE");
	assert_seen(scene, "a/folder.safetensors", STATUS_UNSUPPORTED, "E_NOT_FILE");
	assert_seen(scene, "a/folder.safetensors//", STATUS_UNSUPPORTED, "E_NOT_FILE");
	struct finding folder = scene_inspect(scene, "a/folder.safetensors/");
	assert_true(str_equal(folder.model.name, STR("folder.safetensors")));
	assert_seen(scene, "a/elsewhere", STATUS_UNSUPPORTED, "E_NOT_FILE");
	assert_seen(scene, "a/loop/a", STATUS_UNSUPPORTED, "W_LINK");
	assert_seen(scene, "a/self.pt", STATUS_UNREADABLE, "E_IO");
	struct finding loop = scene_inspect(scene, "a/loop/a");
	assert_null(loop.model.error.code.ptr);
	assert_int_equal(loop.model.safety, SAFETY_CANNOT_TELL);
}

static void sees_downloads_under_way(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/big.safetensors", 1);
	scene_text(scene, "a/big.safetensors.aria2", "\x01....");
	scene_model(scene, "a/model.safetensors.part", 2);
	scene_model(scene, "a/notes.tmp", 3);
	assert_seen(scene, "a/big.safetensors", STATUS_PARTIAL, "W_PARTIAL");
	assert_seen(scene, "a/big.safetensors.aria2", STATUS_UNSUPPORTED, "W_MISNAMED");
	struct finding part = scene_inspect(scene, "a/model.safetensors.part");
	assert_int_equal(part.model.status, STATUS_PARTIAL);
	assert_true(scene_has_code(&part, "W_PARTIAL"));
	assert_int_equal(part.model.n_notes, 1);
	assert_int_equal(part.model.n_tensors, 1);
	assert_int_equal(part.model.kind, KIND_UNKNOWN);
	struct finding notes = scene_inspect(scene, "a/notes.tmp");
	assert_false(scene_has_code(&notes, "W_PARTIAL"));
}

static void looks_at_sidecars_of_that_very_stem(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/foo.pt", 1);
	scene_text(scene, "a/foo.v2.civitai.info", "not JSON");
	struct finding alone = scene_inspect(scene, "a/foo.pt");
	assert_false(scene_has_code(&alone, "W_JSON"));
	scene_text(scene, "a/foo.civitai.info", "not JSON");
	struct finding beside = scene_inspect(scene, "a/foo.pt");
	assert_int_equal(beside.model.status, STATUS_OK);
	assert_true(scene_has_code(&beside, "W_JSON"));
}

#define INSPECT_TEST(test) cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)

int main(void)
{
	struct CMUnitTest tests[] = {
		INSPECT_TEST(reads_a_file_and_a_link_to_one),
		INSPECT_TEST(answers_for_what_is_no_readable_file),
		INSPECT_TEST(sees_downloads_under_way),
		INSPECT_TEST(looks_at_sidecars_of_that_very_stem),
	};
	int n_failed = cmocka_run_group_tests_name("in this process", tests, NULL, NULL);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tests[i].setup_func = scene_setup_readers;
	return n_failed + cmocka_run_group_tests_name("by readers", tests, NULL, NULL);
}
