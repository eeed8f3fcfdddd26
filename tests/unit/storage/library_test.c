// SPDX-License-Identifier: MIT
/**
 * The library as a whole: real threads, a real scan, a real disk. Also run under ThreadSanitizer.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/unit/storage/scene_library.h"

static void a_scan_fills_the_list(void **state)
{
	struct scene *scene = *state;
	struct library *library = open_library(scene, LIBRARY_WRITE);
	scene_model(scene, "a/one.safetensors", 1);
	scene_model(scene, "a/deep/two.safetensors", 2);
	ASSERT_LIST(library, "", "");
	add_root(library, scene, "a");
	struct scan_summary first = scan(library);
	assert_int_equal(first.new, 2);
	ASSERT_LIST(library, "", "one two");
	ASSERT_LIST(library, "path:deep", "two");
	struct scan_summary second = scan(library);
	assert_int_equal(second.new, 0);
	assert_int_equal(second.unchanged, 2);
	library_close(library);
	library = open_library(scene, LIBRARY_READ);
	ASSERT_LIST(library, "", "one two");
	library_close(library);
}

static void tags_survive_the_loss_of_the_index(void **state)
{
	struct scene *scene = *state;
	struct library *library = open_library(scene, LIBRARY_WRITE);
	for (unsigned i = 0; i < 30; i++)
		scene_model(scene, arena_printf(&scene->arena, "a/%u/n%02u.safetensors", i % 4, i),
			    i);
	add_root(library, scene, "a");
	scan(library);
	assert_int_equal(tag(library, "n1", "tens", NULL), 10);
	assert_int_equal(tag(library, "n1 | n2", "many", NULL), 20);
	assert_int_equal(tag(library, "n15", NULL, "MANY"), 1);
	assert_int_equal(tag(library, "n15", NULL, "many"), 0);
	const char *tens = list(library, &scene->arena, "tag:tens");
	const char *many = list(library, &scene->arena, "tag:=many");
	assert_int_equal(strlen(tens), 39);
	library_close(library);
	scene_remove(scene, "data/index.db");
	library = open_library(scene, LIBRARY_WRITE);
	ASSERT_LIST(library, "", "");
	scan(library);
	ASSERT_LIST(library, "tag:tens", tens);
	ASSERT_LIST(library, "tag:=many", many);
	library_close(library);
}

static void tags_follow_moved_files(void **state)
{
	struct scene *scene = *state;
	struct library *library = open_library(scene, LIBRARY_WRITE);
	for (unsigned i = 0; i < 5; i++)
		scene_model(scene, arena_printf(&scene->arena, "a/m%u.safetensors", i), i);
	add_root(library, scene, "a");
	scan(library);
	tag(library, "m0", "zero", NULL);
	tag(library, "m1", "one", NULL);
	scene_folder(scene, "a/new");
	scene_move(scene, "a/m0.safetensors", "a/new/m0.safetensors");
	scene_move(scene, "a/m1.safetensors", "a/renamed.safetensors");
	struct scan_summary summary = scan(library);
	assert_int_equal(summary.moved, 2);
	ASSERT_LIST(library, "tag:zero path:new", "m0");
	ASSERT_LIST(library, "tag:one", "renamed");
	/* Two files change places. */
	scene_move(scene, "a/new/m0.safetensors", "a/swap");
	scene_move(scene, "a/renamed.safetensors", "a/new/m0.safetensors");
	scene_move(scene, "a/swap", "a/renamed.safetensors");
	scan(library);
	ASSERT_LIST(library, "", "m0 m2 m3 m4 renamed");
	ASSERT_LIST(library, "tag:zero", "renamed");
	ASSERT_LIST(library, "tag:one", "m0");
	library_close(library);
}

/* Another disk, or a copy that took the original's place: no inode leads there. */
static void tags_follow_content(void **state)
{
	struct scene *scene = *state;
	struct library *library = open_library(scene, LIBRARY_WRITE);
	for (unsigned i = 0; i < 5; i++)
		scene_model(scene, arena_printf(&scene->arena, "a/m%u.safetensors", i), i);
	add_root(library, scene, "a");
	scan(library);
	tag(library, "m0", "zero", NULL);
	tag(library, "m1", "one", NULL);
	scene_remove(scene, "a/m0.safetensors");
	scene_model(scene, "a/other/copy.safetensors", 0);
	scan(library);
	ASSERT_LIST(library, "tag:zero", "copy");
	/* Other content of the same size in its place, and nowhere else: the person's words stay. */
	scene_remove(scene, "a/m1.safetensors");
	scene_model(scene, "a/m1.safetensors", 7);
	scan(library);
	ASSERT_LIST(library, "tag:one", "m1");
	/* Moved while there was no index. */
	library_close(library);
	scene_remove(scene, "data/index.db");
	scene_move(scene, "a/other/copy.safetensors", "a/far.safetensors");
	library = open_library(scene, LIBRARY_WRITE);
	scan(library);
	ASSERT_LIST(library, "tag:zero", "far");
	library_close(library);
}

static void damaged_models_are_counted_at_every_scan(void **state)
{
	struct scene *scene = *state;
	struct library *library = open_library(scene, LIBRARY_WRITE);
	scene_model(scene, "a/good.safetensors", 1);
	add_root(library, scene, "a");
	static const char bad[64] = "\x20\0\0\0\0\0\0\0{\"this\": is no header ---------}";
	int fd = open(scene_path(scene, "a/bad.safetensors"), O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, bad, sizeof bad), sizeof bad);
	close(fd);
	assert_int_equal(scan(library).damaged, 1);
	assert_int_equal(scan(library).damaged, 1);
	library_close(library);
}

static void what_is_missing_is_kept_and_comes_back(void **state)
{
	struct scene *scene = *state;
	struct library *library = open_library(scene, LIBRARY_WRITE);
	scene_model(scene, "a/here.safetensors", 1);
	scene_model(scene, "a/away.safetensors", 2);
	add_root(library, scene, "a");
	scan(library);
	tag(library, "away", "dear", NULL);
	scene_move(scene, "a/away.safetensors", "elsewhere");
	assert_int_equal(scan(library).gone, 1);
	ASSERT_LIST(library, "", "here");
	ASSERT_LIST(library, "tag:dear", "");
	ASSERT_LIST(library, "is:missing tag:dear", "away");
	scene_move(scene, "elsewhere", "a/away.safetensors");
	scan(library);
	ASSERT_LIST(library, "tag:dear", "away");
	ASSERT_LIST(library, "is:missing", "");
	library_close(library);
}

static void a_root_that_comes_back_finds_its_tags(void **state)
{
	struct scene *scene = *state;
	struct library *library = open_library(scene, LIBRARY_WRITE);
	scene_model(scene, "a/one.safetensors", 1);
	add_root(library, scene, "a");
	scan(library);
	tag(library, "one", "dear", NULL);
	struct request *request = request_create(REQUEST_ROOT_REMOVE);
	request->as.root.path = str_from(scene_path(scene, "a"));
	assert_int_equal(done(library, request), 1);
	ASSERT_LIST(library, "", "");
	assert_int_equal(scan(library).seen, 0);
	add_root(library, scene, "a");
	scan(library);
	ASSERT_LIST(library, "tag:dear", "one");
	library_close(library);
}

static void only_one_writes(void **state)
{
	struct scene *scene = *state;
	struct library *first = open_library(scene, LIBRARY_WRITE), *second = NULL;
	struct error err;
	struct library_options options = { .data_dir = scene_path(scene, "data"),
					   .knowledge = scene->knowledge,
					   .mode = LIBRARY_WRITE };
	assert_false(library_open(&options, &second, &err));
	assert_int_equal(err.code, ERROR_LOCKED);
	assert_non_null(strstr(err.text, arena_printf(&scene->arena, "pid %d", (int)getpid())));
	second = open_library(scene, LIBRARY_WRITE_IF_FREE);
	int pid = 0;
	assert_true(library_can_write(first, NULL));
	assert_false(library_can_write(second, &pid));
	assert_int_equal(pid, getpid());
	library_send(second, request_create(REQUEST_SCAN));
	struct event *event = library_receive(second, PATIENCE_MS);
	assert_int_equal(event->type, EVENT_FAILED);
	assert_int_equal(event->as.failed.code, ERROR_LOCKED);
	event_destroy(event);
	scene_model(scene, "a/one.safetensors", 1);
	add_root(first, scene, "a");
	scan(first);
	event_destroy(await(second, EVENT_CHANGED));
	ASSERT_LIST(second, "", "one");
	library_close(second);
	library_close(first);
	second = open_library(scene, LIBRARY_WRITE);
	library_close(second);
}

static void the_newest_query_is_answered(void **state)
{
	struct scene *scene = *state;
	struct library *library = open_library(scene, LIBRARY_WRITE);
	scene_model(scene, "a/one.safetensors", 1);
	scene_model(scene, "a/two.safetensors", 1);
	add_root(library, scene, "a");
	scan(library);
	for (uint32_t serial = 1; serial <= 500; serial++) {
		struct request *request = request_create(REQUEST_QUERY);
		request->serial = serial;
		request->as.query.text = serial % 2 ? STR("one") : STR("two | one");
		library_send(library, request);
	}
	for (uint32_t newest = 0; newest < 500;) {
		struct event *event = await(library, EVENT_RESULT);
		assert_true(event->serial > newest);
		newest = event->serial;
		assert_int_equal(event->as.result.n, newest % 2 ? 1 : 2);
		event_destroy(event);
	}
	library_close(library);
}

/* So many at once are not read again for each who asks. */
static void many_changes_are_met_by_the_next_edit_and_told_to_the_screen(void **state)
{
	enum { N_MANY = 1500 };
	struct scene *scene = *state;
	struct library *library = open_library(scene, LIBRARY_WRITE);
	for (unsigned i = 0; i < N_MANY; i++)
		scene_model(scene, arena_printf(&scene->arena, "a/m%u.safetensors", i), i);
	add_root(library, scene, "a");
	scan(library);
	assert_int_equal(tag(library, "", "t0", NULL), N_MANY);
	for (int i = 0; i < 4; i++)
		assert_int_equal(tag(library, arena_printf(&scene->arena, "tag:t%d", i),
				     arena_printf(&scene->arena, "t%d", i + 1), NULL),
				 N_MANY);
	while (n_listed(library, "tag:t4") != N_MANY)
		event_destroy(await(library, EVENT_CHANGED));
	library_close(library);
}

/* How many LoRAs fit, and which: the one is not the other, whatever comes later. */
static void counts_and_cells_are_both_answered(void **state)
{
	struct scene *scene = *state;
	struct library *library = open_library(scene, LIBRARY_WRITE);
	scene_model(scene, "a/one.safetensors", 1);
	add_root(library, scene, "a");
	scan(library);
	for (uint32_t serial = 1; serial <= 50; serial++) {
		struct request *request = request_create(REQUEST_MATRIX);
		request->serial = serial;
		request->as.matrix.text = STR("");
		request->as.matrix.has_cells = serial % 2;
		library_send(library, request);
	}
	for (bool has_counts = false, has_cells = false; !has_counts || !has_cells;) {
		struct event *event = await(library, EVENT_MATRIX);
		has_cells |= event->serial == 49;
		has_counts |= event->serial == 50;
		event_destroy(event);
	}
	library_close(library);
}

static void spoil(struct scene *scene, const char *path)
{
	int fd = open(scene_path(scene, path), O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "spoiled spoiled spoiled", 23, 0), 23);
	close(fd);
}

static void a_damaged_index_is_made_anew(void **state)
{
	struct scene *scene = *state;
	struct library *library = open_library(scene, LIBRARY_WRITE);
	scene_model(scene, "a/one.safetensors", 1);
	add_root(library, scene, "a");
	scan(library);
	tag(library, "one", "dear", NULL);
	library_close(library);
	spoil(scene, "data/index.db");
	library = open_library(scene, LIBRARY_WRITE);
	event_destroy(await(library, EVENT_TOLD));
	scan(library);
	ASSERT_LIST(library, "tag:dear", "one");
	library_close(library);
}

static void a_damaged_user_db_is_left_alone(void **state)
{
	struct scene *scene = *state;
	struct library *library = open_library(scene, LIBRARY_WRITE);
	struct stat before, after;
	struct error err;
	library_close(library);
	spoil(scene, "data/user.db");
	assert_int_equal(stat(scene_path(scene, "data/user.db"), &before), 0);
	struct library_options options = { .data_dir = scene_path(scene, "data"),
					   .knowledge = scene->knowledge,
					   .mode = LIBRARY_WRITE };
	assert_false(library_open(&options, &library, &err));
	assert_int_equal(err.code, ERROR_FORMAT);
	assert_int_equal(stat(scene_path(scene, "data/user.db"), &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(before.st_size, after.st_size);
	assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
}

/* Bits turn over anywhere in the index: words and a new index, never a crash or a lie for ever. */
static void turned_bits_are_survived(void **state)
{
	struct scene *scene = *state;
	struct library *library = open_library(scene, LIBRARY_WRITE);
	struct stat info;
	for (unsigned i = 0; i < 40; i++)
		scene_model(scene, arena_printf(&scene->arena, "a/n%02u.safetensors", i), i);
	add_root(library, scene, "a");
	scan(library);
	tag(library, "n0", "dear", NULL);
	library_close(library);
	const char *path = scene_path(scene, "data/index.db");
	for (unsigned round = 0, seed = 5; round < 60; round++) {
		assert_int_equal(stat(path, &info), 0);
		int fd = open(path, O_RDWR);
		for (int i = 0; i < 8; i++) {
			unsigned char byte;
			off_t at =
				(off_t)((seed = seed * 1664525 + 1013904223) >> 4) % info.st_size;
			assert_int_equal(pread(fd, &byte, 1, at), 1);
			byte ^= (unsigned char)(1u << (seed & 7));
			assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		}
		close(fd);
		for (int session = 0; session < 2; session++) {
			library = open_library(scene, LIBRARY_WRITE);
			library_send(library, request_create(REQUEST_GROUPS));
			library_send(library, request_create(REQUEST_QUERY));
			library_send(library, request_create(REQUEST_SCAN));
			for (unsigned n_ended = 0; n_ended < 1;) {
				struct event *event = library_receive(library, PATIENCE_MS);
				assert_non_null(event);
				n_ended +=
					event->type == EVENT_SCANNED || event->type == EVENT_FAILED;
				event_destroy(event);
			}
			library_close(library);
		}
	}
	/* As doctor advises. */
	scene_remove(scene, "data/index.db");
	library = open_library(scene, LIBRARY_WRITE);
	scan(library);
	assert_int_equal(strlen(list(library, &scene->arena, "tag:dear")), 10 * 4 - 1);
	library_close(library);
}

/* In a child, so that it can be killed at any moment: it scans until then. */
static void scan_and_die(struct scene *scene, unsigned after_us)
{
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct library *library = open_library(scene, LIBRARY_WRITE);
		add_root(library, scene, "a");
		for (;;) {
			struct request *request = request_create(REQUEST_SCAN);
			request->as.scan.full = true;
			library_send(library, request);
			event_destroy(await(library, EVENT_SCANNED));
		}
	}
	usleep(after_us);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void killed_at_any_moment_it_goes_on(void **state)
{
	struct scene *scene = *state;
	for (unsigned i = 0; i < 60; i++)
		scene_model(scene, arena_printf(&scene->arena, "a/n%02u.safetensors", i), i);
	for (unsigned round = 0; round < 12; round++) {
		scan_and_die(scene, 2000 + round * 9000);
		struct library *library = open_library(scene, LIBRARY_WRITE);
		add_root(library, scene, "a");
		scan(library);
		struct request *request = request_create(REQUEST_GROUPS);
		library_send(library, request);
		struct event *event = await(library, EVENT_GROUPS);
		assert_int_equal(event->as.groups.n_models, 60);
		event_destroy(event);
		assert_int_equal(strlen(list(library, &scene->arena, "")), 60 * 4 - 1);
		library_close(library);
	}
}

static void requests_that_make_no_sense_fail_in_words(void **state)
{
	struct scene *scene = *state;
	struct library *library = open_library(scene, LIBRARY_WRITE);
	struct request *request = request_create(REQUEST_ROOT_ADD);
	request->serial = 7;
	request->as.root.path = str_from(scene_path(scene, "not-there"));
	library_send(library, request);
	struct event *event = library_receive(library, PATIENCE_MS);
	assert_int_equal(event->type, EVENT_FAILED);
	assert_int_equal(event->serial, 7);
	assert_int_equal(event->as.failed.code, ERROR_USAGE);
	event_destroy(event);
	request = request_create(REQUEST_TAG);
	request->as.tag.models.query = STR("kind:nonsense");
	library_send(library, request);
	event = library_receive(library, PATIENCE_MS);
	assert_int_equal(event->type, EVENT_FAILED);
	assert_non_null(strstr(event->as.failed.text, "column 6"));
	event_destroy(event);
	library_close(library);
}

static void closing_ends_a_running_scan(void **state)
{
	struct scene *scene = *state;
	struct library *library = open_library(scene, LIBRARY_WRITE);
	for (unsigned i = 0; i < 200; i++)
		scene_model(scene, arena_printf(&scene->arena, "a/n%u.safetensors", i), i);
	add_root(library, scene, "a");
	for (int i = 0; i < 3; i++)
		library_send(library, request_create(REQUEST_SCAN));
	library_close(library);
	library = open_library(scene, LIBRARY_WRITE);
	scan(library);
	assert_int_equal(scan(library).unchanged, 200);
	library_close(library);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(killed_at_any_moment_it_goes_on, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(a_scan_fills_the_list, scene_setup, scene_teardown),
		cmocka_unit_test_setup_teardown(tags_survive_the_loss_of_the_index, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(tags_follow_moved_files, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(tags_follow_content, scene_setup, scene_teardown),
		cmocka_unit_test_setup_teardown(damaged_models_are_counted_at_every_scan,
						scene_setup, scene_teardown),
		cmocka_unit_test_setup_teardown(what_is_missing_is_kept_and_comes_back, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(a_root_that_comes_back_finds_its_tags, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(only_one_writes, scene_setup, scene_teardown),
		cmocka_unit_test_setup_teardown(the_newest_query_is_answered, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(
			many_changes_are_met_by_the_next_edit_and_told_to_the_screen, scene_setup,
			scene_teardown),
		cmocka_unit_test_setup_teardown(counts_and_cells_are_both_answered, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(a_damaged_index_is_made_anew, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(a_damaged_user_db_is_left_alone, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(turned_bits_are_survived, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(requests_that_make_no_sense_fail_in_words,
						scene_setup, scene_teardown),
		cmocka_unit_test_setup_teardown(closing_ends_a_running_scan, scene_setup,
						scene_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
