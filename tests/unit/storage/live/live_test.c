// SPDX-License-Identifier: MIT
/**
 * A library that watches: real folders, real events. Nothing here sleeps: it waits until the list is
 * as it should be. Also run under ThreadSanitizer.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "storage/live/watches.h"
#include "tests/unit/storage/scene_library.h"

static struct library *open_resting(struct scene *scene, unsigned hash_idle_s)
{
	struct library *library = NULL;
	struct error err;
	struct library_options options = {
		.data_dir = scene_path(scene, "data"),
		.knowledge = scene->knowledge,
		.mode = LIBRARY_WRITE,
		.n_workers = 2,
		.watches = true,
		.hash_idle_s = hash_idle_s,
	};
	if (!library_open(&options, &library, &err))
		fail_msg("%s", err.text);
	return library;
}

static struct library *open_watching(struct scene *scene)
{
	return open_resting(scene, 0);
}

/* With root "a", scanned once: from now on nobody asks for anything. */
static struct library *open_scanned(struct scene *scene)
{
	struct library *library = open_watching(scene);
	add_root(library, scene, "a");
	scan(library);
	return library;
}

static int64_t now_ms(void)
{
	struct timespec now;
	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Until the list is that; looks again whenever something was committed. */
static void await_list(struct library *library, struct scene *scene, const char *query,
		       const char *names)
{
	int64_t until_ms = now_ms() + PATIENCE_MS;
	const char *found = list(library, &scene->arena, query);
	while (strcmp(found, names) != 0) {
		if (now_ms() > until_ms)
			fail_msg("'%s' gives '%s', not '%s'", query, found, names);
		event_destroy(library_receive(library, 200));
		found = list(library, &scene->arena, query);
	}
}

/* As if it had been written long ago: it is at rest. */
static void age(struct scene *scene, const char *path)
{
	const struct timespec times[2] = { { .tv_sec = 1700000000 }, { .tv_sec = 1700000000 } };
	assert_int_equal(utimensat(AT_FDCWD, scene_path(scene, path), times, 0), 0);
}

/* As a program does that downloads under another name. */
static void arrive(struct scene *scene, const char *path, unsigned seed)
{
	const char *before = arena_printf(&scene->arena, "%s.arriving", path);
	scene_model(scene, before, seed);
	age(scene, before);
	scene_move(scene, before, path);
}

static void what_arrives_is_seen(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/one.safetensors", 1);
	struct library *library = open_scanned(scene);
	arrive(scene, "a/two.safetensors", 2);
	await_list(library, scene, "", "one two");
	/* Folders that are new, one in another. */
	scene_folder(scene, "a/deep/deeper");
	arrive(scene, "a/deep/deeper/three.safetensors", 3);
	await_list(library, scene, "", "one three two");
	arrive(scene, "a/deep/deeper/four.safetensors", 4);
	await_list(library, scene, "path:deeper", "four three");
	library_close(library);
}

static void a_folder_with_all_in_it_arrives(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/one.safetensors", 1);
	scene_model(scene, "outside/x/y/two.safetensors", 2);
	age(scene, "outside/x/y/two.safetensors");
	struct library *library = open_scanned(scene);
	scene_move(scene, "outside/x", "a/x");
	await_list(library, scene, "", "one two");
	library_close(library);
}

/* Folders that are filled while they are looked at for the first time. */
static void many_arrive_at_once(void **state)
{
	struct scene *scene = *state;
	struct bytes names = { 0 };
	scene_model(scene, "a/one.safetensors", 1);
	struct library *library = open_scanned(scene);
	for (unsigned i = 0; i < 900; i++)
		arrive(scene, arena_printf(&scene->arena, "a/f%u/n%03u.safetensors", i % 9, i),
		       i + 2);
	for (unsigned i = 0; i < 900; i++)
		bytes_printf(&names, "%sn%03u", i ? " " : "", i);
	await_list(library, scene, "-one", names.ptr);
	bytes_finish(&names);
	library_close(library);
}

/* Its header says more than there is, and then the rest comes. */
static void what_is_being_written_waits(void **state)
{
	struct scene *scene = *state;
	static const char header[] =
		"{\"t\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}";
	char start[8] = { sizeof header - 1 };
	scene_folder(scene, "a");
	struct library *library = open_scanned(scene);
	int fd =
		open(scene_path(scene, "a/slow.safetensors"), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, start, sizeof start), sizeof start);
	assert_int_equal(write(fd, header, sizeof header - 1), sizeof header - 1);
	arrive(scene, "a/other.safetensors", 1);
	await_list(library, scene, "", "other");
	/* Its folder was looked at, and it was there. */
	ASSERT_LIST(library, "slow", "");
	assert_int_equal(write(fd, start, 8), 8);
	assert_int_equal(write(fd, start, 8), 8);
	assert_int_equal(close(fd), 0);
	await_list(library, scene, "status:ok", "other slow");
	library_close(library);
}

static void what_goes_is_missing_and_comes_back(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/one.safetensors", 1);
	scene_model(scene, "a/sub/two.safetensors", 2);
	scene_model(scene, "a/three.safetensors", 3);
	scene_folder(scene, "away");
	struct library *library = open_scanned(scene);
	tag(library, "two", "kept", NULL);
	scene_move(scene, "a/sub", "away/sub");
	await_list(library, scene, "-is:missing", "one three");
	ASSERT_LIST(library, "is:missing", "two");
	scene_remove(scene, "a/one.safetensors");
	await_list(library, scene, "is:missing", "one two");
	scene_move(scene, "away/sub", "a/sub");
	await_list(library, scene, "-is:missing", "three two");
	ASSERT_LIST(library, "tag:kept", "two");
	library_close(library);
}

static void a_renamed_folder_keeps_its_tags(void **state)
{
	struct scene *scene = *state;
	for (unsigned i = 0; i < 4; i++) {
		const char *path = arena_printf(&scene->arena, "a/old/in/m%u.safetensors", i);
		scene_model(scene, path, i);
		age(scene, path);
	}
	struct library *library = open_scanned(scene);
	tag(library, "m1", "mine", NULL);
	scene_move(scene, "a/old", "a/new");
	await_list(library, scene, "path:new -is:missing", "m0 m1 m2 m3");
	ASSERT_LIST(library, "tag:mine path:new", "m1");
	await_list(library, scene, "path:old", "");
	/* Its folders are watched under their new names. */
	arrive(scene, "a/new/in/m4.safetensors", 4);
	await_list(library, scene, "path:new", "m0 m1 m2 m3 m4");
	library_close(library);
}

static void a_model_of_several_files_is_seen(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/one.safetensors", 1);
	struct library *library = open_scanned(scene);
	scene_folder(scene, "a/pipe/vae");
	scene_text(scene, "a/pipe/vae/config.json", "{\"_class_name\":\"AutoencoderKL\"}");
	scene_text(
		scene, "a/pipe/model_index.json",
		"{\"_class_name\":\"StableDiffusionPipeline\",\"vae\":[\"diffusers\",\"AutoencoderKL\"]}");
	arrive(scene, "a/pipe/vae/diffusion_pytorch_model.safetensors", 2);
	await_list(library, scene, "format:diffusers", "pipe");
	await_list(library, scene, "", "one pipe");
	library_close(library);
}

static void a_new_root_is_looked_at_and_watched(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/one.safetensors", 1);
	age(scene, "a/one.safetensors");
	struct library *library = open_watching(scene);
	add_root(library, scene, "a");
	await_list(library, scene, "", "one");
	arrive(scene, "a/two.safetensors", 2);
	await_list(library, scene, "", "one two");
	library_close(library);
	/* And again after a start, unasked. */
	arrive(scene, "a/three.safetensors", 3);
	library = open_watching(scene);
	await_list(library, scene, "", "one three two");
	library_close(library);
}

/* An asked one goes first, whatever is going on. */
static void a_live_scan_makes_way(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/one.safetensors", 1);
	age(scene, "a/one.safetensors");
	struct library *library = open_scanned(scene);
	for (unsigned i = 0; i < 20; i++) {
		arrive(scene, arena_printf(&scene->arena, "a/%u/n%02u.safetensors", i % 3, i),
		       i + 10);
		struct request *request = request_create(REQUEST_UNDO);
		request->as.undo.n = 1;
		tag(library, "one", "again", NULL);
		assert_int_equal(done(library, request), 1);
		scan(library);
	}
	await_list(
		library, scene, "-is:missing",
		"n00 n01 n02 n03 n04 n05 n06 n07 n08 n09 n10 n11 n12 n13 n14 n15 n16 n17 n18 n19 one");
	library_close(library);
}

static void closing_does_not_wait(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/one.safetensors", 1);
	for (unsigned i = 0; i < 10; i++) {
		struct library *library = i ? open_watching(scene) : open_scanned(scene);
		arrive(scene, arena_printf(&scene->arena, "a/f%u/x.safetensors", i), i + 2);
		if (i % 2) /* at another moment */
			(void)list(library, &scene->arena, "one");
		library_close(library);
	}
}

/* One that only reads sees what the other does as it does it. */
static void another_one_sees_what_is_committed(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/one.safetensors", 1);
	struct library *library = open_scanned(scene);
	struct library *other = open_library(scene, LIBRARY_READ);
	ASSERT_LIST(other, "", "one");
	ASSERT_LIST(other, "tag:kept", "");
	tag(library, "one", "kept", NULL);
	await_list(other, scene, "tag:kept", "one");
	arrive(scene, "a/two.safetensors", 2);
	await_list(other, scene, "", "one two");
	library_close(other);
	library_close(library);
}

/* The events themselves: what was lost, and what no system would say. */

struct heard {
	unsigned n_lost, n_changed;
};

static void on_changed(void *context, int64_t root_id, struct str folder, bool is_deep)
{
	struct heard *heard = context;
	(void)root_id;
	(void)folder;
	(void)is_deep;
	heard->n_changed++;
}

static void on_lost(void *context)
{
	((struct heard *)context)->n_lost++;
}

static void lost_events_are_told(void **state)
{
	struct heard heard = { 0 };
	const struct watches_sink sink = { &heard, on_changed, on_lost };
	struct watches *watches;
	struct error err;
	struct inotify_event event = { .wd = -1, .mask = IN_Q_OVERFLOW };
	char bytes[64] = { 0 };
	(void)state;
	assert_true(watches_open(&watches, &err));
	memcpy(bytes, &event, sizeof event);
	watches_take(watches, bytes, sizeof event, &sink);
	assert_int_equal(heard.n_lost, 1);
	/* Shorter than it says; of a folder that nobody watches. */
	watches_take(watches, bytes, sizeof event - 1, &sink);
	event = (struct inotify_event){ .wd = 7, .mask = IN_CREATE, .len = 4096 };
	memcpy(bytes, &event, sizeof event);
	watches_take(watches, bytes, sizeof bytes, &sink);
	event.len = 16;
	memcpy(bytes, &event, sizeof event);
	watches_take(watches, bytes, sizeof event + 16, &sink);
	assert_int_equal(heard.n_lost, 1);
	assert_int_equal(heard.n_changed, 0);
	watches_close(watches);
}

static void a_watch_follows_its_folder(void **state)
{
	struct scene *scene = *state;
	struct heard heard = { 0 };
	const struct watches_sink sink = { &heard, on_changed, on_lost };
	struct watches *watches;
	struct error err;
	struct watched folder = { 1, str_from(scene_path(scene, "a")), STR("sub"), false };
	assert_true(watches_open(&watches, &err));
	scene_folder(scene, "a/sub/below");
	watches_add(watches, &folder);
	folder.folder = STR("sub/below");
	watches_add(watches, &folder);
	assert_int_equal(watches_count(watches), 2);
	watches_add(watches, &folder);
	folder.folder = STR("nowhere");
	watches_add(watches, &folder);
	assert_int_equal(watches_count(watches), 2);
	assert_int_equal(watches_refusal(watches), 0);
	scene_text(scene, "a/sub/below/x", "");
	watches_read(watches, &sink);
	assert_true(heard.n_changed > 0);
	scene_remove(scene, "a/sub/below");
	watches_read(watches, &sink);
	assert_int_equal(watches_count(watches), 1);
	watches_drop(watches, 1, STR("su"));
	assert_int_equal(watches_count(watches), 1);
	watches_drop(watches, 1, STR(""));
	assert_int_equal(watches_count(watches), 0);
	watches_close(watches);
}

/* Twins are known by their hashes. What comes meanwhile is seen, and hashed in its turn. */
static void what_rests_is_hashed(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/x.safetensors", 1);
	scene_model(scene, "a/y.safetensors", 1);
	scene_model(scene, "a/z.safetensors", 2);
	struct library *library = open_resting(scene, 1);
	add_root(library, scene, "a");
	scan(library);
	ASSERT_LIST(library, "is:duplicate", "");
	await_list(library, scene, "is:duplicate", "x y");
	arrive(scene, "a/w.safetensors", 2);
	await_list(library, scene, "is:duplicate", "w x y z");
	assert_int_equal(tag(library, "", "seen", NULL), 4);
	scan(library);
	library_close(library);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_arrives_is_seen),
		CASE(what_rests_is_hashed),
		CASE(a_folder_with_all_in_it_arrives),
		CASE(many_arrive_at_once),
		CASE(what_is_being_written_waits),
		CASE(what_goes_is_missing_and_comes_back),
		CASE(a_renamed_folder_keeps_its_tags),
		CASE(a_model_of_several_files_is_seen),
		CASE(a_new_root_is_looked_at_and_watched),
		CASE(a_live_scan_makes_way),
		CASE(closing_does_not_wait),
		CASE(another_one_sees_what_is_committed),
		cmocka_unit_test(lost_events_are_told),
		CASE(a_watch_follows_its_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
