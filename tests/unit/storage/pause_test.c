// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/scan/hasher.h"
#include "tests/unit/storage/scene_library.h"

enum { A_WHILE_MS = 500, N_MODELS = 3, N_CROWD = 4000 };

static void stand(struct library *library, bool is_paused)
{
	struct request *request = request_create(REQUEST_PAUSE);
	request->as.pause.is_paused = is_paused;
	library_send(library, request);
}

/* Until nothing is told for a while. @return false when something was done meanwhile */
static bool stands_still(struct library *library)
{
	struct event *event;
	bool is_done = false;
	while ((event = library_receive(library, A_WHILE_MS))) {
		is_done |= event->type == EVENT_DONE || event->type == EVENT_FAILED;
		event_destroy(event);
	}
	return !is_done;
}

static void fill_step(struct scene *scene, struct plan_step *step, unsigned i)
{
	struct stat state;
	const char *old = scene_path(scene, arena_printf(&scene->arena, "a/m%u.safetensors", i));
	assert_int_equal(stat(old, &state), 0);
	step->group = i;
	step->action = PLAN_MOVE;
	step->old = str_from(old);
	step->new = str_from(
		scene_path(scene, arena_printf(&scene->arena, "a/sub/m%u.safetensors", i)));
	step->source = (struct plan_file){
		.dev = (uint64_t)state.st_dev,
		.ino = (uint64_t)state.st_ino,
		.size_bytes = (uint64_t)state.st_size,
		.mtime_ns = (int64_t)state.st_mtim.tv_sec * 1000000000 + state.st_mtim.tv_nsec,
	};
}

static struct library *begin_with(struct scene *scene, unsigned n_models)
{
	struct library *library = open_library(scene, LIBRARY_WRITE);
	for (unsigned i = 0; i < n_models; i++)
		scene_model(scene, arena_printf(&scene->arena, "a/m%u.safetensors", i), i);
	add_root(library, scene, "a");
	scan(library);
	library_close(library);
	/* Its writer takes a moment to begin: then both requests are there. */
	return open_library(scene, LIBRARY_WRITE);
}

static struct library *begin(struct scene *scene)
{
	return begin_with(scene, N_MODELS);
}

static void apply_to(struct library *library, struct scene *scene, unsigned n_models)
{
	struct request *request = request_create(REQUEST_APPLY);
	struct plan_step *steps = ARENA_NEW_N(&request->arena, struct plan_step, n_models);
	for (unsigned i = 0; i < n_models; i++)
		fill_step(scene, &steps[i], i);
	request->as.apply = (struct plan){
		.what = STR("move"), .words = STR("sub"), .steps = steps, .n_steps = n_models
	};
	library_send(library, request);
}

static void apply(struct library *library, struct scene *scene)
{
	apply_to(library, scene, N_MODELS);
}

static size_t n_moved(struct scene *scene)
{
	size_t n = 0;
	for (unsigned i = 0; i < N_MODELS; i++)
		n += access(scene_path(scene,
				       arena_printf(&scene->arena, "a/sub/m%u.safetensors", i)),
			    F_OK) == 0;
	return n;
}

static void moving_stands_still_and_goes_on(void **state)
{
	struct scene *scene = *state;
	struct library *library = begin(scene);
	apply(library, scene);
	stand(library, true);
	assert_true(stands_still(library));
	assert_int_equal(n_moved(scene), 0);
	tag(library, "m0", "meanwhile", NULL); /* others get their turn */
	stand(library, false);
	event_destroy(await(library, EVENT_DONE));
	assert_int_equal(n_moved(scene), N_MODELS);
	ASSERT_LIST(library, "tag:meanwhile path:sub", "m0");
	library_close(library);
}

static bool has_moved(struct scene *scene, unsigned i)
{
	const char *path = arena_printf(&scene->arena, "a/sub/m%u.safetensors", i);
	return access(scene_path(scene, path), F_OK) == 0;
}

/* The first has moved, or was taken back. @return  false when it was over before */
static bool is_under_way(struct library *library, struct scene *scene, unsigned first, bool is_undo)
{
	struct event *event;
	while ((event = library_receive(library, PATIENCE_MS))) {
		bool is_so = event->type == EVENT_FILES && has_moved(scene, first) != is_undo;
		bool is_over = event->type == EVENT_DONE;
		event_destroy(event);
		if (is_so || is_over)
			return is_so;
	}
	return false;
}

/* @return  false when it was over before it could be told to stand still */
static bool stop_half_way(struct library *library, struct scene *scene)
{
	if (!is_under_way(library, scene, 0, false))
		return false;
	stand(library, true);
	return stands_still(library) && !has_moved(scene, N_CROWD - 1);
}

/* Some have moved by then, and the index may have followed them. */
static void an_edit_half_way_meets_every_model(void **state)
{
	struct scene *scene = *state;
	struct library *library = begin_with(scene, N_CROWD);
	assert_int_equal(tag(library, "", "kept", NULL), N_CROWD);
	apply_to(library, scene, N_CROWD);
	if (stop_half_way(library, scene)) {
		assert_int_equal(tag(library, "tag:kept", "half", NULL), N_CROWD);
		assert_int_equal(tag(library, "m0", NULL, "kept"), 1);
		stand(library, false);
		event_destroy(await(library, EVENT_DONE));
		assert_int_equal(tag(library, "tag:half path:sub", "whole", NULL), N_CROWD);
		assert_int_equal(tag(library, "tag:whole -tag:kept", "x", NULL), 1);
	}
	library_close(library);
}

static void revert(struct library *library, enum operation_way way)
{
	struct request *request = request_create(REQUEST_UNDO);
	request->as.undo.way = way;
	request->as.undo.n = 1;
	library_send(library, request);
}

static unsigned n_of_crowd_moved(struct scene *scene)
{
	unsigned n = 0;
	for (unsigned i = 0; i < N_CROWD; i++)
		n += has_moved(scene, i);
	return n;
}

/* It begins with the last; @return  false when it was over before it could be stopped */
static bool undo_half_way(struct library *library, struct scene *scene)
{
	revert(library, OPERATION_UNDO);
	if (!is_under_way(library, scene, N_CROWD - 1, true))
		return false;
	library_send(library, request_create(REQUEST_CANCEL));
	struct event *event;
	bool is_stopped = false;
	while (!is_stopped && (event = library_receive(library, PATIENCE_MS))) {
		is_stopped = event->type == EVENT_FAILED;
		bool is_over = event->type == EVENT_DONE;
		event_destroy(event);
		if (is_over)
			return false;
	}
	return is_stopped;
}

/* Neither is any file forgotten where it is, nor does the next undo take back something else. */
static void what_an_undo_left_the_next_one_takes_back(void **state)
{
	struct scene *scene = *state;
	struct library *library = begin_with(scene, N_CROWD);
	assert_int_equal(tag(library, "", "before", NULL), N_CROWD);
	apply_to(library, scene, N_CROWD);
	event_destroy(await(library, EVENT_DONE));
	if (undo_half_way(library, scene)) {
		assert_in_range(n_of_crowd_moved(scene), 1, N_CROWD - 1);
		revert(library, OPERATION_UNDO);
		event_destroy(await(library, EVENT_DONE));
	}
	assert_int_equal(n_of_crowd_moved(scene), 0);
	assert_int_equal(tag(library, "tag:before", "x", NULL), N_CROWD);
	library_close(library);
}

static void what_was_taken_back_in_two_is_made_again_in_one(void **state)
{
	struct scene *scene = *state;
	struct library *library = begin_with(scene, N_CROWD);
	apply_to(library, scene, N_CROWD);
	event_destroy(await(library, EVENT_DONE));
	if (undo_half_way(library, scene)) {
		revert(library, OPERATION_UNDO);
		event_destroy(await(library, EVENT_DONE));
	}
	revert(library, OPERATION_REDO);
	event_destroy(await(library, EVENT_DONE));
	assert_int_equal(n_of_crowd_moved(scene), N_CROWD);
	revert(library, OPERATION_UNDO);
	event_destroy(await(library, EVENT_DONE));
	assert_int_equal(n_of_crowd_moved(scene), 0);
	library_close(library);
}

static void overwrite_moved(struct scene *scene)
{
	for (unsigned i = 0; i < N_CROWD; i++)
		if (has_moved(scene, i))
			scene_text(scene, arena_printf(&scene->arena, "a/sub/m%u.safetensors", i),
				   "theirs");
}

static void what_can_never_be_taken_back_does_not_stand_in_the_way(void **state)
{
	struct scene *scene = *state;
	struct library *library = begin_with(scene, N_CROWD);
	struct event *event;
	assert_int_equal(tag(library, "", "before", NULL), N_CROWD);
	apply_to(library, scene, N_CROWD);
	event_destroy(await(library, EVENT_DONE));
	if (undo_half_way(library, scene)) {
		overwrite_moved(scene);
		revert(library, OPERATION_UNDO);
		while ((event = library_receive(library, PATIENCE_MS)) &&
		       event->type != EVENT_FAILED)
			event_destroy(event);
		assert_int_equal(event->as.failed.code, ERROR_CHANGED);
		event_destroy(event);
		revert(library, OPERATION_UNDO);
		event_destroy(await(library, EVENT_DONE));
		assert_int_equal(n_listed(library, "tag:before"), 0);
	}
	library_close(library);
}

/* What is made again first is what was taken back last, be it a part. */
static void what_an_undo_began_a_redo_makes_again(void **state)
{
	struct scene *scene = *state;
	struct library *library = begin_with(scene, N_CROWD);
	apply_to(library, scene, N_CROWD);
	event_destroy(await(library, EVENT_DONE));
	assert_int_equal(tag(library, "", "later", NULL), N_CROWD);
	revert(library, OPERATION_UNDO); /* the tag */
	event_destroy(await(library, EVENT_DONE));
	if (undo_half_way(library, scene)) {
		revert(library, OPERATION_REDO);
		event_destroy(await(library, EVENT_DONE));
		assert_int_equal(n_of_crowd_moved(scene), N_CROWD);
		revert(library, OPERATION_REDO);
		event_destroy(await(library, EVENT_DONE));
		assert_int_equal(n_listed(library, "tag:later path:sub"), N_CROWD);
	}
	library_close(library);
}

static void what_stands_still_can_be_stopped(void **state)
{
	struct scene *scene = *state;
	struct library *library = begin(scene);
	apply(library, scene);
	stand(library, true);
	assert_true(stands_still(library));
	library_send(library, request_create(REQUEST_CANCEL));
	struct event *event;
	while ((event = library_receive(library, PATIENCE_MS)) && event->type != EVENT_FAILED)
		event_destroy(event);
	assert_int_equal(event->as.failed.code, ERROR_CANCELLED);
	event_destroy(event);
	assert_int_equal(n_moved(scene), 0);
	library_close(library);
	library = begin(scene); /* and left */
	apply(library, scene);
	stand(library, true);
	assert_true(stands_still(library));
	library_close(library);
	assert_int_equal(n_moved(scene), 0);
}

static void who_takes_a_name_meanwhile_keeps_it(void **state)
{
	struct scene *scene = *state;
	struct library *library = begin(scene);
	struct stat taken;
	apply(library, scene);
	stand(library, true);
	assert_true(stands_still(library));
	scene_text(scene, "a/sub/m1.safetensors", "theirs");
	stand(library, false);
	struct event *event;
	while ((event = library_receive(library, PATIENCE_MS)) && event->type != EVENT_FAILED)
		event_destroy(event);
	assert_int_equal(event->as.failed.code, ERROR_CHANGED);
	assert_non_null(strstr(event->as.failed.text, "there is a file of that name"));
	event_destroy(event);
	assert_int_equal(stat(scene_path(scene, "a/sub/m1.safetensors"), &taken), 0);
	assert_int_equal(taken.st_size, strlen("theirs"));
	assert_int_equal(access(scene_path(scene, "a/m1.safetensors"), F_OK), 0);
	assert_int_equal(access(scene_path(scene, "a/sub/m2.safetensors"), F_OK), 0);
	library_close(library);
}

/* What came last of the progress of copying; nothing when no bytes are copied. */
static uint64_t copied_bytes(struct library *library, uint64_t *of)
{
	struct event *event;
	uint64_t done = 0;
	*of = 0;
	while ((event = library_receive(library, PATIENCE_MS)) && event->type != EVENT_DONE) {
		assert_int_not_equal(event->type, EVENT_FAILED);
		if (event->type == EVENT_FILES) {
			assert_true(event->as.files.bytes_done >= done);
			done = event->as.files.bytes_done;
			*of = event->as.files.bytes;
			assert_true(done <= *of);
		}
		event_destroy(event);
	}
	event_destroy(event);
	return done;
}

static void copies_are_told_in_bytes(void **state)
{
	struct scene *scene = *state;
	char other[] = "/dev/shm/lorarium-XXXXXX";
	struct stat here, there, file;
	struct library *library = begin(scene);
	uint64_t bytes;
	apply(library, scene); /* on one disk nothing is copied */
	assert_int_equal(copied_bytes(library, &bytes), 0);
	assert_int_equal(bytes, 0);
	if (!mkdtemp(other))
		skip();
	assert_int_equal(stat(scene_path(scene, "a"), &here), 0);
	assert_int_equal(stat(other, &there), 0);
	assert_int_equal(stat(scene_path(scene, "a/sub/m0.safetensors"), &file), 0);
	struct request *request = request_create(REQUEST_ROOT_ADD);
	request->as.root.path = str_from(other);
	done(library, request);
	request = request_create(REQUEST_PLAN);
	request->as.plan.wish = WISH_MOVE;
	request->as.plan.models.query = STR("m0");
	request->as.plan.text = str_from(other);
	library_send(library, request);
	struct event *plan = await(library, EVENT_PLAN);
	request = request_create(REQUEST_APPLY);
	plan_copy(&plan->as.plan.plan, &request->arena, &request->as.apply);
	event_destroy(plan);
	library_send(library, request);
	uint64_t wanted = here.st_dev == there.st_dev ? 0 : (uint64_t)file.st_size;
	assert_int_equal(copied_bytes(library, &bytes), wanted);
	assert_int_equal(bytes, wanted);
	request = request_create(REQUEST_UNDO); /* and back */
	request->as.undo.n = 1;
	library_send(library, request);
	assert_int_equal(copied_bytes(library, &bytes), wanted);
	assert_int_equal(bytes, wanted);
	library_close(library);
	assert_int_equal(rmdir(other), 0);
}

static void hash_all(struct library *library)
{
	struct request *request = request_create(REQUEST_HASH);
	request->as.hash.models.query = STR("");
	request->as.hash.verifies = true;
	library_send(library, request);
}

/* Bytes are counted, and nobody waits for who was told to stand still. */
static void hashing_is_told_in_bytes_and_stopped_while_it_stands(void **state)
{
	struct scene *scene = *state;
	struct library *library = begin(scene);
	struct stat file;
	uint64_t bytes = 0;
	struct event *event;
	assert_int_equal(stat(scene_path(scene, "a/m0.safetensors"), &file), 0);
	hash_all(library);
	while ((event = library_receive(library, PATIENCE_MS)) && event->type != EVENT_DONE) {
		if (event->type == EVENT_FILES)
			bytes = event->as.files.bytes_done;
		event_destroy(event);
	}
	event_destroy(event);
	assert_int_equal(bytes, N_MODELS * (uint64_t)file.st_size);
	hash_all(library);
	stand(library, true);
	stand(library, false);
	event_destroy(await(library, EVENT_DONE));
	library_close(library);
}

/* A file of zeros that takes a while, and no room. */
static void a_file_half_read_stands_still(void **state)
{
	struct scene *scene = *state;
	struct hash_job job = { .path = str_from(scene_path(scene, "a/zeros")),
				.wish = HASH_WHOLE };
	struct queue *results = queue_create(4, false);
	scene_text(scene, "a/zeros", "");
	assert_int_equal(truncate(job.path.ptr, (off_t)64 << 30), 0);
	struct hasher *hasher = hasher_start(&job, 1, 1, results);
	while (hasher_bytes(hasher) == 0)
		usleep(1000);
	hasher_pause(hasher, true);
	usleep(A_WHILE_MS * 1000); /* the block in hand is read to its end */
	uint64_t bytes = hasher_bytes(hasher);
	usleep(A_WHILE_MS * 1000);
	assert_int_equal(hasher_bytes(hasher), bytes);
	hasher_pause(hasher, false);
	while (hasher_bytes(hasher) == bytes)
		usleep(1000);
	hasher_pause(hasher, true);
	hasher_cancel(hasher); /* nobody waits for who stands still */
	struct hash_result *result = queue_receive_timeout(results, PATIENCE_MS);
	assert_non_null(result);
	assert_int_equal(result->err.code, ERROR_CANCELLED);
	free(result);
	hasher_destroy(hasher);
	queue_destroy(results);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(moving_stands_still_and_goes_on),
		CASE(an_edit_half_way_meets_every_model),
		CASE(what_an_undo_left_the_next_one_takes_back),
		CASE(what_was_taken_back_in_two_is_made_again_in_one),
		CASE(what_can_never_be_taken_back_does_not_stand_in_the_way),
		CASE(what_an_undo_began_a_redo_makes_again),
		CASE(what_stands_still_can_be_stopped),
		CASE(who_takes_a_name_meanwhile_keeps_it),
		CASE(copies_are_told_in_bytes),
		CASE(a_file_half_read_stands_still),
		CASE(hashing_is_told_in_bytes_and_stopped_while_it_stands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
