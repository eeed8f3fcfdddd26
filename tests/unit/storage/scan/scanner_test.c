// SPDX-License-Identifier: MIT
#include "storage/scan/scanner.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "tests/unit/storage/scan/scene.h"

enum { MANY = 30, NOBODY = 65534 };

#define LONG_NAME                                                                                  \
	"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567" \
	"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567" \
	"01234567890123456789012345678901234567890123456789012345678901.safetensors.ckpt"

static void assert_listed(const struct scene *scene, const char *path, enum status status,
			  const char *code)
{
	const struct finding *finding = scene_finding(scene, path);
	assert_non_null(finding);
	assert_int_equal(finding->type, FINDING_MODEL);
	assert_int_equal(finding->model.status, status);
	if (code)
		assert_true(scene_has_code(finding, code));
}

static void finds_models_by_extension_and_any_name(void **state)
{
	struct scene *scene = *state;
	static const char *const names[] = {
		"plain.safetensors", "UPPER.SAFETENSORS",     ".hidden.sft", "deep/er/still/x.ckpt",
		"latin1-\xe9.pt",    "tab\tand\nnewline.pth", "-rf.bin",     "$(id)`x`;.gguf",
		LONG_NAME,
	};
	enum { N = sizeof names / sizeof *names };
	for (unsigned i = 0; i < N; i++)
		scene_model(scene, arena_printf(&scene->arena, "a/%s", names[i]), i);
	scene_text(scene, "a/readme.txt", "no model");
	scene_text(scene, "a/.safetensors", "only an extension");
	scene_scan(scene);
	assert_int_equal(scene->findings.len, N);
	for (unsigned i = 0; i < N; i++)
		assert_non_null(scene_finding(scene, names[i]));
	assert_listed(scene, "latin1-\xe9.pt", STATUS_OK, NULL);
	assert_int_equal(scene->summary.seen, N);
	assert_int_equal(scene->summary.new, N);
	assert_int_equal(scene->summary.read, N);
	assert_true(scene->online[0] && scene->whole[0]);
}

static void leaves_trash_and_ignored_names_alone(void **state)
{
	struct scene *scene = *state;
	static const struct str globs[] = { { "old-*", 5 }, { "work/*/x.pt", 11 }, { "cache", 5 } };
	static const char *const skipped[] = {
		"a/.git/x.pt",
		"a/.Trash-1000/files/x.pt",
		"a/@eaDir/x.pt",
		"a/$RECYCLE.BIN/x.pt",
		"a/.lorarium-trash/x.pt",
		"a/old-x.pt",
		"a/sub/old-y.pt",
		"a/work/1/x.pt",
		"a/cache/x.pt",
	};
	for (unsigned i = 0; i < sizeof skipped / sizeof *skipped; i++)
		scene_model(scene, skipped[i], i);
	scene_model(scene, "a/work/1/y.pt", 100);
	scene_model(scene, "a/.github/x.pt", 101);
	scene->options.ignore = globs;
	scene->options.n_ignore = 3;
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 2);
	assert_non_null(scene_finding(scene, "work/1/y.pt"));
	assert_non_null(scene_finding(scene, ".github/x.pt"));
}

static void takes_other_extensions_when_told(void **state)
{
	struct scene *scene = *state;
	static const struct str extensions[] = { { ".sft", 4 }, { ".weights", 8 } };
	scene_model(scene, "a/x.safetensors", 1);
	scene_model(scene, "a/y.Weights", 2);
	scene->options.extensions = extensions;
	scene->options.n_extensions = 2;
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 1);
	assert_non_null(scene_finding(scene, "y.Weights"));
}

static void reads_nothing_twice(void **state)
{
	struct scene *scene = *state;
	for (unsigned i = 0; i < 300; i++)
		scene_model(scene, arena_printf(&scene->arena, "a/%u/%u.pt", i % 7, i), i);
	scene_text(scene, "a/0/0.json", "{}");
	scene_text(scene, "a/1/broken.safetensors", "12345");
	scene_scan(scene);
	assert_int_equal(scene->summary.new, 301);
	assert_int_equal(scene->summary.damaged, 1);
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 0);
	assert_int_equal(scene->summary.read, 0);
	assert_int_equal(scene->summary.seen, 301);
	assert_int_equal(scene->summary.unchanged, 301);
	assert_int_equal(scene->summary.damaged, 1);
	scene->options.full = true;
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 301);
	assert_int_equal(scene->summary.read, 301);
	assert_int_equal(scene->summary.unchanged, 301);
}

static void reads_again_what_changed(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/x.pt", 1);
	scene_model(scene, "a/same.pt", 2);
	scene_scan(scene);
	uint32_t id = scene->roots[0].known[1].id;
	scene_model(scene, "a/x.pt", 12345);
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 1);
	assert_int_equal(scene_finding(scene, "x.pt")->id, id);
	assert_int_equal(scene->summary.changed, 1);
	assert_int_equal(scene->summary.unchanged, 1);
}

static void reads_again_when_a_sidecar_came_or_changed(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/x.safetensors", 1);
	scene_model(scene, "a/x.v2.safetensors", 2);
	scene_scan(scene);
	scene_text(scene, "a/x.civitai.info", "{\"baseModel\":\"Pony\"}");
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 1);
	const struct finding *finding = scene_finding(scene, "x.safetensors");
	assert_non_null(finding);
	assert_int_equal(finding->n_companions, 1);
	assert_true(str_equal(finding->companions[0], STR("x.civitai.info")));
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 0);
	scene_text(scene, "a/x.civitai.info", "not JSON at all");
	scene_scan(scene);
	assert_listed(scene, "x.safetensors", STATUS_OK, "W_JSON");
}

static void reads_the_configuration_beside_an_adapter_of_peft(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/adapter_model.safetensors", 1);
	scene_model(scene, "a/another.safetensors", 2);
	scene_text(scene, "a/adapter_config.json", "not JSON at all");
	scene_scan(scene);
	assert_listed(scene, "adapter_model.safetensors", STATUS_OK, "W_JSON");
	assert_listed(scene, "another.safetensors", STATUS_OK, NULL);
	scene_text(scene, "a/adapter_config.json", "{\"lora_alpha\": 8}");
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 1);
	assert_listed(scene, "adapter_model.safetensors", STATUS_OK, NULL);
}

static void lists_the_model_of_a_download_as_partial(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/big.safetensors", 1);
	scene_text(scene, "a/big.safetensors.aria2", "....");
	scene_model(scene, "a/new.safetensors.part", 2);
	scene_model(scene, "a/other.gguf.crdownload", 3);
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 1);
	assert_listed(scene, "big.safetensors", STATUS_PARTIAL, "W_PARTIAL");
	scene_remove(scene, "a/big.safetensors.aria2");
	scene_scan(scene);
	assert_listed(scene, "big.safetensors", STATUS_OK, NULL);
}

static void knows_a_moved_file_without_reading_it(void **state)
{
	struct scene *scene = *state;
	scene_add_root(scene, "b");
	scene_model(scene, "a/x/one.pt", 1);
	scene_text(scene, "a/x/one.json", "{}");
	scene_model(scene, "a/two.pt", 2);
	scene_scan(scene);
	uint32_t two = scene->roots[0].known[0].id;
	scene_folder(scene, "b/x");
	scene_move(scene, "a/x/one.pt", "b/x/one.pt");
	scene_move(scene, "a/x/one.json", "b/x/one.json");
	scene_move(scene, "a/two.pt", "a/renamed.pt");
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 2);
	const struct finding *moved = scene_finding(scene, "x/one.pt");
	assert_int_equal(moved->type, FINDING_MOVED);
	assert_int_equal(moved->root_id, 2);
	assert_null(moved->flat.model.ptr);
	/* A name is evidence: what has another one was read again. */
	const struct finding *renamed = scene_finding(scene, "renamed.pt");
	assert_int_equal(renamed->type, FINDING_MOVED);
	assert_int_equal(renamed->id, two);
	assert_non_null(renamed->flat.model.ptr);
	assert_int_equal(scene->summary.moved, 2);
	assert_int_equal(scene->summary.read, 1);
	assert_int_equal(scene->summary.gone, 0);
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 0);
}

static void reads_again_what_goes_where_the_folder_speaks(void **state)
{
	static const struct str tokens[] = { { "pony", 4 } };
	struct scene *scene = *state;
	struct error err;
	struct knowledge *spoken_to = knowledge_create();
	*ARRAY_PUSH(&spoken_to->architectures, struct architecture) =
		(struct architecture){ .id = STR("house"), .foundation = STR("pony") };
	*ARRAY_PUSH(&spoken_to->base_models, struct base_model) = (struct base_model){
		.id = STR("pony"), .architecture = STR("house"), .tokens = { tokens, 1 }
	};
	*ARRAY_PUSH(&spoken_to->sources, struct lineage_source) =
		(struct lineage_source){ .from = STR("folder"), .reader = READ_TOKENS };
	assert_true(knowledge_finish(spoken_to, &err));
	scene->options.knowledge = spoken_to;
	scene_model(scene, "a/x/one.pt", 1);
	scene_model(scene, "a/x/two.pt", 2);
	scene_model(scene, "a/x/three.pt", 3);
	scene_scan(scene);
	scene_folder(scene, "a/y");
	scene_folder(scene, "a/pony");
	scene_move(scene, "a/x/one.pt", "a/y/one.pt");
	scene_move(scene, "a/x/two.pt", "a/pony/two.pt");
	scene_move(scene, "a/x/three.pt", "a/three.pt");
	scene_scan(scene);
	assert_int_equal(scene->summary.moved, 3);
	assert_int_equal(scene->summary.read, 1);
	assert_non_null(scene_finding(scene, "pony/two.pt")->flat.model.ptr);
	scene_move(scene, "a/pony/two.pt", "a/y/two.pt");
	scene_scan(scene);
	assert_int_equal(scene->summary.read, 1);
	scene->options.knowledge = scene->knowledge;
	knowledge_destroy(spoken_to);
}

static void does_not_guess_which_of_two_was_moved(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/x.pt", 1);
	scene_model(scene, "a/y.pt", 2);
	scene_scan(scene);
	/* Two names of one inode appear, one disappears; the other changes its extension. */
	assert_int_equal(link(scene_path(scene, "a/x.pt"), scene_path(scene, "a/x1.pt")), 0);
	scene_move(scene, "a/x.pt", "a/x2.pt");
	scene_move(scene, "a/y.pt", "a/y.safetensors");
	scene_scan(scene);
	assert_int_equal(scene->summary.moved, 0);
	assert_int_equal(scene->summary.new, 3);
	assert_int_equal(scene->summary.gone, 2);
}

static void marks_missing_and_back(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/x.pt", 1);
	scene_model(scene, "a/sub/y.pt", 2);
	scene_scan(scene);
	scene_move(scene, "a/sub", "elsewhere");
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 1);
	assert_int_equal(scene_finding(scene, "sub/y.pt")->type, FINDING_GONE);
	assert_int_equal(scene->summary.gone, 1);
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 0);
	assert_int_equal(scene->summary.gone, 0);
	scene_move(scene, "elsewhere", "a/sub");
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 1);
	assert_int_equal(scene_finding(scene, "sub/y.pt")->type, FINDING_SEEN);
	assert_int_equal(scene->summary.read, 0);
	/* Another file where one was gone is new, not a change of that one. */
	scene_remove(scene, "a/x.pt");
	scene_scan(scene);
	scene_model(scene, "a/x.pt", 77);
	scene_scan(scene);
	assert_int_equal(scene->summary.new, 1);
	assert_int_equal(scene->summary.changed, 0);
}

static void concludes_nothing_from_a_folder_it_cannot_read(void **state)
{
	struct scene *scene = *state;
	uid_t me = geteuid();
	assert_int_equal(chmod(scene->dir, 0755), 0);
	scene_model(scene, "a/shut/x.pt", 1);
	scene_model(scene, "a/shut/deep/y.pt", 2);
	scene_model(scene, "a/shutter.pt", 3);
	scene_scan(scene);
	scene_remove(scene, "a/shutter.pt");
	assert_int_equal(chmod(scene_path(scene, "a/shut"), 0), 0);
	/* The superuser reads everything, so somebody else looks. */
	assert_int_equal(seteuid(me == 0 ? NOBODY : me), 0);
	scene_scan(scene);
	assert_int_equal(seteuid(me), 0);
	assert_int_equal(scene->findings.len, 1);
	assert_int_equal(scene_finding(scene, "shutter.pt")->type, FINDING_GONE);
	assert_true(scene->online[0]);
	assert_false(scene->whole[0]);
	assert_true(scene_was_told(scene, "/a/shut: Permission denied"));
	assert_int_equal(chmod(scene_path(scene, "a/shut"), 0755), 0);
}

static void leaves_an_absent_root_as_it_was(void **state)
{
	struct scene *scene = *state;
	scene_add_root(scene, "b");
	scene_model(scene, "a/x.pt", 1);
	scene_model(scene, "b/y.pt", 2);
	scene_scan(scene);
	assert_true(scene->roots[0].fingerprint.len > 0);
	scene_move(scene, "a", "unplugged");
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 0);
	assert_false(scene->online[0]);
	assert_true(scene->online[1]);
	assert_int_equal(scene->summary.offline, 1);
	assert_int_equal(scene->summary.seen, 1);
	assert_true(scene_was_told(scene, "/a is offline: "));
	/* The empty folder that a disk is mounted on. */
	scene_folder(scene, "a");
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 0);
	assert_false(scene->online[0]);
	scene_remove(scene, "a");
	scene_move(scene, "unplugged", "a");
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 0);
	assert_true(scene->online[0]);
	assert_int_equal(scene->summary.unchanged, 2);
}

static void tells_another_folder_from_a_restored_one(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/x.pt", 1);
	scene_model(scene, "a/y.pt", 2);
	scene_scan(scene);
	scene_move(scene, "a", "before");
	scene_model(scene, "a/stranger.pt", 3);
	scene_scan(scene);
	assert_false(scene->online[0]);
	assert_int_equal(scene->findings.len, 0);
	/* One of the files is there as it was: the same library in a new folder. */
	scene_move(scene, "before/x.pt", "a/x.pt");
	scene_scan(scene);
	assert_true(scene->online[0]);
	assert_int_equal(scene_count(scene, FINDING_GONE), 1);
	assert_int_equal(scene_finding(scene, "stranger.pt")->type, FINDING_MODEL);
}

static void takes_an_emptied_root_when_told(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/x.pt", 1);
	scene_scan(scene);
	scene_remove(scene, "a/x.pt");
	scene_scan(scene);
	assert_int_equal(scene->summary.offline, 1);
	scene->options.accept_missing = true;
	scene_scan(scene);
	assert_int_equal(scene->summary.offline, 0);
	assert_int_equal(scene->summary.gone, 1);
}

static void brakes_when_many_are_gone_at_once(void **state)
{
	struct scene *scene = *state;
	for (unsigned i = 0; i < MANY; i++)
		scene_model(scene, arena_printf(&scene->arena, "a/sub/%u.pt", i), i);
	for (unsigned i = 0; i < MANY; i++)
		scene_model(scene, arena_printf(&scene->arena, "a/kept/%u.pt", i), MANY + i);
	scene_scan(scene);
	scene_move(scene, "a/sub", "elsewhere");
	scene_model(scene, "a/kept/new.pt", 1000);
	scene_scan(scene);
	assert_true(scene->summary.brake);
	assert_int_equal(scene->summary.n_withheld, MANY);
	assert_int_equal(scene->summary.gone, 0);
	assert_int_equal(scene->summary.new, 1);
	assert_int_equal(scene_count(scene, FINDING_GONE), 0);
	assert_true(scene_was_told(scene, "30 of 60 models are not there any more"));
	scene->options.accept_missing = true;
	scene_scan(scene);
	assert_false(scene->summary.brake);
	assert_int_equal(scene->summary.gone, MANY);
}

static void does_not_brake_for_what_was_moved(void **state)
{
	struct scene *scene = *state;
	for (unsigned i = 0; i < MANY; i++)
		scene_model(scene, arena_printf(&scene->arena, "a/sub/%u.pt", i), i);
	scene_scan(scene);
	scene_folder(scene, "a/up");
	scene_move(scene, "a/sub", "a/up/sub");
	scene_scan(scene);
	assert_false(scene->summary.brake);
	assert_int_equal(scene->summary.moved, MANY);
	assert_int_equal(scene->summary.read, 0);
}

static void follows_links_inside_the_roots_only(void **state)
{
	struct scene *scene = *state;
	scene_add_root(scene, "b");
	scene_model(scene, "b/blob", 1);
	scene_model(scene, "outside/x.pt", 2);
	scene_link(scene, "../b/blob", "a/inside.safetensors");
	scene_link(scene, "../outside/x.pt", "a/out.safetensors");
	scene_link(scene, "nowhere", "a/dead.safetensors");
	scene_link(scene, "self.safetensors", "a/self.safetensors");
	scene_link(scene, "../outside", "a/folder");
	scene_link(scene, "..", "a/up");
	scene_link(scene, ".", "a/loop");
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 4);
	assert_listed(scene, "inside.safetensors", STATUS_OK, NULL);
	assert_listed(scene, "out.safetensors", STATUS_UNSUPPORTED, "W_LINK");
	assert_listed(scene, "dead.safetensors", STATUS_UNREADABLE, "E_IO");
	/* The bytes of a link are not those of a model. */
	assert_int_equal(scene_finding(scene, "dead.safetensors")->model.size_bytes, 0);
	assert_int_equal(scene_finding(scene, "out.safetensors")->model.size_bytes, 0);
	assert_listed(scene, "self.safetensors", STATUS_UNREADABLE, "E_IO");
	assert_true(scene_was_told(scene, "/a/folder leads to "));
	assert_false(scene_was_told(scene, "/a/loop"));
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 0);
}

static void never_opens_what_is_no_file(void **state)
{
	struct scene *scene = *state;
	assert_int_equal(mkfifo(scene_path(scene, "a/pipe.safetensors"), 0644), 0);
	scene_model(scene, "a/folder.safetensors/inner.pt", 1);
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 3);
	assert_listed(scene, "pipe.safetensors", STATUS_UNSUPPORTED, "E_NOT_FILE");
	assert_listed(scene, "folder.safetensors", STATUS_UNSUPPORTED, "E_NOT_FILE");
	assert_listed(scene, "folder.safetensors/inner.pt", STATUS_OK, NULL);
	assert_int_equal(scene->summary.read, 1);
}

static void gives_a_nested_root_its_own(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/x.pt", 1);
	scene_model(scene, "a/inner/y.pt", 2);
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 2);
	scene_add_root(scene, "a/inner");
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 1);
	const struct finding *moved = scene_finding(scene, "y.pt");
	assert_int_equal(moved->type, FINDING_MOVED);
	assert_int_equal(moved->root_id, 2);
	/* Also when only the outer one is scanned. */
	const struct str all[] = { scene->roots[0].path, scene->roots[1].path };
	scene->options.roots = all;
	scene->options.n_roots = 2;
	scene->n_roots = 1;
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 0);
	assert_int_equal(scene->summary.seen, 1);
	scene->options.n_roots = 0;
}

static void ends_where_folders_do_not(void **state)
{
	struct scene *scene = *state;
	enum { DEEP = 140, KNOWN_DEEP = 100 };
	struct bytes path = { 0 };
	bytes_printf(&path, "a");
	for (unsigned i = 0; i < DEEP; i++) {
		bytes_printf(&path, "/%u", i);
		if (i == KNOWN_DEEP)
			scene_model(scene, arena_printf(&scene->arena, "%s/x.pt", path.ptr), 1);
	}
	scene_model(scene, arena_printf(&scene->arena, "%s/y.pt", path.ptr), 2);
	bytes_finish(&path);
	scene_scan(scene);
	assert_int_equal(scene->findings.len, 1);
	assert_false(scene->whole[0]);
	assert_true(scene_was_told(scene, "deeper than 128"));
}

static void reads_one_huge_folder_with_all_workers(void **state)
{
	struct scene *scene = *state;
	enum { N = 2000 };
	scene->options.n_workers = 4;
	for (unsigned i = 0; i < N; i++)
		scene_model(scene, arena_printf(&scene->arena, "a/%u.safetensors", i), i);
	scene_scan(scene);
	assert_int_equal(scene->findings.len, N);
	assert_int_equal(scene->roots[0].n_known, N);
	for (unsigned i = 0; i < N; i += 100)
		scene_remove(scene, arena_printf(&scene->arena, "a/%u.safetensors", i));
	scene_scan(scene);
	assert_int_equal(scene->summary.gone, N / 100);
	assert_int_equal(scene->summary.read, 0);
}

static void loses_nothing_when_cancelled(void **state)
{
	struct scene *scene = *state;
	for (unsigned i = 0; i < MANY; i++)
		scene_model(scene, arena_printf(&scene->arena, "a/%u.pt", i), i);
	scene_scan(scene);
	scene_remove(scene, "a/0.pt");
	struct queue *out = queue_create(64, false);
	struct scanner *scanner = scanner_start(&scene->options, scene->roots, 1, out);
	scanner_cancel(scanner);
	for (bool is_done = false; !is_done;) {
		struct scan_batch *batch = queue_receive(out);
		is_done = batch->type == SCAN_DONE;
		if (is_done)
			assert_true(batch->summary.cancelled || batch->summary.gone == 1);
		if (is_done && batch->summary.cancelled)
			assert_int_equal(batch->summary.gone, 0);
		if (batch->type == SCAN_ROOT_DONE)
			assert_true(batch->root.is_online);
		scan_batch_destroy(batch);
	}
	scanner_destroy(scanner);
	queue_destroy(out);
}

static void goes_on_when_readers_die(void **state)
{
	struct scene *scene = *state;
	for (unsigned i = 0; i < MANY; i++)
		scene_model(scene,
			    arena_printf(&scene->arena, "a/%s%u.pt", i % 5 ? "" : "crash-", i), i);
	scene_scan(scene);
	assert_int_equal(scene->summary.new, MANY);
	for (unsigned i = 0; i < MANY; i++) {
		const char *name = arena_printf(&scene->arena, "%s%u.pt", i % 5 ? "" : "crash-", i);
		const struct finding *finding = scene_finding(scene, name);
		assert_non_null(finding);
		assert_int_equal(finding->model.status, i % 5 ? STATUS_OK : STATUS_UNREADABLE);
		assert_int_equal(scene_has_code(finding, "E_WORKER"), i % 5 == 0);
		assert_true(finding->model.size_bytes > 0);
	}
}

static void leaves_alone_what_readers_die_of(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/crash.pt", 1);
	scene_scan(scene);
	assert_true(scene_has_code(scene_finding(scene, "crash.pt"), "E_WORKER"));
	scene_scan(scene);
	assert_int_equal(scene->summary.read, 0);
	assert_int_equal(scene->summary.unchanged, 1);
	/* Another file by that name is another case. */
	scene_text(scene, "a/crash.pt", "something else");
	scene_scan(scene);
	assert_int_equal(scene->summary.read, 1);
}

static void ends_at_once_when_cancelled_over_a_reader_that_hangs(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/hang.pt", 1);
	struct queue *out = queue_create(64, false);
	struct scanner *scanner = scanner_start(&scene->options, scene->roots, 1, out);
	size_t n_findings = 0;
	for (bool is_done = false; !is_done;) {
		/* Progress comes while it waits. */
		struct scan_batch *batch = queue_receive(out);
		scanner_cancel(scanner);
		is_done = batch->type == SCAN_DONE;
		n_findings += batch->n_findings;
		if (is_done)
			assert_true(batch->summary.cancelled && batch->summary.seconds < 25);
		scan_batch_destroy(batch);
	}
	assert_int_equal(n_findings, 0);
	scanner_destroy(scanner);
	queue_destroy(out);
}

#define SCAN_TEST(test) cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)
#define READER_TEST(test) cmocka_unit_test_setup_teardown(test, scene_setup_readers, scene_teardown)

int main(void)
{
	struct CMUnitTest tests[] = {
		SCAN_TEST(finds_models_by_extension_and_any_name),
		SCAN_TEST(leaves_trash_and_ignored_names_alone),
		SCAN_TEST(takes_other_extensions_when_told),
		SCAN_TEST(reads_nothing_twice),
		SCAN_TEST(reads_again_what_changed),
		SCAN_TEST(reads_again_when_a_sidecar_came_or_changed),
		SCAN_TEST(reads_the_configuration_beside_an_adapter_of_peft),
		SCAN_TEST(lists_the_model_of_a_download_as_partial),
		SCAN_TEST(knows_a_moved_file_without_reading_it),
		SCAN_TEST(reads_again_what_goes_where_the_folder_speaks),
		SCAN_TEST(does_not_guess_which_of_two_was_moved),
		SCAN_TEST(marks_missing_and_back),
		SCAN_TEST(concludes_nothing_from_a_folder_it_cannot_read),
		SCAN_TEST(leaves_an_absent_root_as_it_was),
		SCAN_TEST(tells_another_folder_from_a_restored_one),
		SCAN_TEST(takes_an_emptied_root_when_told),
		SCAN_TEST(brakes_when_many_are_gone_at_once),
		SCAN_TEST(does_not_brake_for_what_was_moved),
		SCAN_TEST(follows_links_inside_the_roots_only),
		SCAN_TEST(never_opens_what_is_no_file),
		SCAN_TEST(gives_a_nested_root_its_own),
		SCAN_TEST(ends_where_folders_do_not),
		SCAN_TEST(reads_one_huge_folder_with_all_workers),
		SCAN_TEST(loses_nothing_when_cancelled),
	};
	const struct CMUnitTest troubled[] = {
		READER_TEST(goes_on_when_readers_die),
		READER_TEST(leaves_alone_what_readers_die_of),
		READER_TEST(ends_at_once_when_cancelled_over_a_reader_that_hangs),
	};
	int n_failed = cmocka_run_group_tests_name("in this process", tests, NULL, NULL);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tests[i].setup_func = scene_setup_readers;
	n_failed += cmocka_run_group_tests_name("by readers", tests, NULL, NULL);
	return n_failed + cmocka_run_group_tests(troubled, NULL, NULL);
}
