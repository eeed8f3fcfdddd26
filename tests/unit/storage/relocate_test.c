// SPDX-License-Identifier: MIT
/**
 * What the index knows of models that the program itself moved.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/storage/scene_library.h"

static struct library *begin(struct scene *scene)
{
	struct library *library = open_library(scene, LIBRARY_WRITE);
	scene_model(scene, "a/x/one.safetensors", 1);
	scene_model(scene, "a/x/two.safetensors", 2);
	scene_text(scene, "a/x/two.json", "{\"notes\": \"two\"}");
	add_root(library, scene, "a");
	scan(library);
	return library;
}

static struct plan_step move(struct scene *scene, uint32_t group, const char *old, const char *new)
{
	struct stat state;
	assert_int_equal(stat(scene_path(scene, old), &state), 0);
	return (struct plan_step){
		.group = group,
		.action = PLAN_MOVE,
		.old = str_from(scene_path(scene, old)),
		.new = str_from(scene_path(scene, new)),
		.source = { .dev = (uint64_t)state.st_dev,
			    .ino = (uint64_t)state.st_ino,
			    .size_bytes = (uint64_t)state.st_size,
			    .mtime_ns = (int64_t)state.st_mtim.tv_sec * 1000000000 +
					state.st_mtim.tv_nsec },
	};
}

/* How many files were read again. */
static uint64_t read_after(struct library *library, struct request *request)
{
	library_send(library, request);
	struct event *event = await(library, EVENT_SCANNED);
	uint64_t n = event->as.scanned.read;
	event_destroy(event);
	event_destroy(await(library, EVENT_DONE));
	return n;
}

static uint64_t apply(struct library *library, struct scene *scene)
{
	struct request *request = request_create(REQUEST_APPLY);
	struct plan_step *steps = ARENA_NEW_N(&request->arena, struct plan_step, 3);
	steps[0] = move(scene, 0, "a/x/one.safetensors", "a/y/one.safetensors");
	steps[1] = move(scene, 1, "a/x/two.safetensors", "a/y/two.safetensors");
	steps[2] = move(scene, 1, "a/x/two.json", "a/y/two.json");
	steps[2].is_companion = true;
	request->as.apply = (struct plan){ .what = STR("move"), .steps = steps, .n_steps = 3 };
	return read_after(library, request);
}

static uint64_t undo(struct library *library)
{
	struct request *request = request_create(REQUEST_UNDO);
	request->as.undo.n = 1;
	return read_after(library, request);
}

static void what_only_moved_is_not_read(void **state)
{
	struct scene *scene = *state;
	struct library *library = begin(scene);
	assert_int_equal(apply(library, scene), 0);
	ASSERT_LIST(library, "path:y", "one two");
	assert_int_equal(scan(library).unchanged, 2);
	assert_int_equal(undo(library), 0);
	ASSERT_LIST(library, "path:x", "one two");
	assert_int_equal(scan(library).unchanged, 2);
	library_close(library);
}

/* Nothing but the time of change tells that its bytes are others. */
static void what_was_written_since_the_scan_is_read(void **state)
{
	struct scene *scene = *state;
	struct library *library = begin(scene);
	const char *path = scene_path(scene, "a/x/one.safetensors");
	struct stat before;
	assert_int_equal(stat(path, &before), 0);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	const struct timespec times[] = { before.st_atim, before.st_mtim };
	assert_int_equal(pwrite(fd, "x", 1, 0), 1);
	assert_int_equal(futimens(fd, times), 0);
	close(fd);
	assert_int_equal(apply(library, scene), 1);
	ASSERT_LIST(library, "status:ok", "two");
	library_close(library);
}

static void what_lies_beside_something_else_is_read(void **state)
{
	struct scene *scene = *state;
	struct library *library = begin(scene);
	scene_text(scene, "a/y/one.json", "{\"notes\": \"somebody else's\"}");
	assert_int_equal(apply(library, scene), 1);
	library_close(library);
}

/* Each lies in a folder of its own and comes into another one. */
static struct request *spread(struct scene *scene, uint32_t n)
{
	struct request *request = request_create(REQUEST_APPLY);
	struct plan_step *steps = ARENA_NEW_N(&request->arena, struct plan_step, n);
	for (uint32_t i = 0; i < n; i++) {
		const char *old = arena_printf(&scene->arena, "a/x/%u/m.safetensors", i);
		const char *new = arena_printf(&scene->arena, "a/y/%u/m.safetensors", i);
		scene_model(scene, old, i);
		steps[i] = move(scene, i, old, new);
	}
	request->as.apply = (struct plan){ .what = STR("move"), .steps = steps, .n_steps = n };
	return request;
}

static void more_folders_are_touched_than_may_be_open(void **state)
{
	enum { MODELS = 300, DESCRIPTORS_MAX = 450 };
	struct scene *scene = *state;
	struct rlimit before;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	const struct rlimit few = { DESCRIPTORS_MAX, before.rlim_max };
	struct library *library = begin(scene);
	struct request *request = spread(scene, MODELS);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	scan(library);
	assert_int_equal(done(library, request), MODELS);
	assert_int_equal(scan(library).unchanged, MODELS + 2);
	library_close(library);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

static void refuse_to_write(struct scene *scene)
{
	sqlite3 *handle;
	const char *sql = "CREATE TRIGGER no_model AFTER UPDATE ON model "
			  "BEGIN SELECT RAISE(ABORT, 'model'); END; "
			  "CREATE TRIGGER no_finding AFTER UPDATE ON finding "
			  "BEGIN SELECT RAISE(ABORT, 'finding'); END; "
			  "CREATE TRIGGER no_facts AFTER UPDATE ON facts "
			  "BEGIN SELECT RAISE(ABORT, 'facts'); END; "
			  "CREATE TRIGGER no_seen AFTER DELETE ON seen "
			  "BEGIN SELECT RAISE(ABORT, 'seen'); END;";
	assert_int_equal(sqlite3_open(scene_path(scene, "data/index.db"), &handle), SQLITE_OK);
	assert_int_equal(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(handle);
}

/* Read again for its time of change alone: its state is all that is another. */
static void what_is_as_it_was_is_not_written_again(void **state)
{
	struct scene *scene = *state;
	library_close(begin(scene));
	refuse_to_write(scene);
	struct library *library = open_library(scene, LIBRARY_WRITE);
	assert_int_equal(chmod(scene_path(scene, "a/x/one.safetensors"), 0600), 0);
	assert_int_equal(scan(library).changed, 1);
	assert_int_equal(scan(library).unchanged, 2);
	ASSERT_LIST(library, "path:x", "one two");
	library_close(library);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_only_moved_is_not_read),
		CASE(what_was_written_since_the_scan_is_read),
		CASE(what_lies_beside_something_else_is_read),
		CASE(more_folders_are_touched_than_may_be_open),
		CASE(what_is_as_it_was_is_not_written_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
