// SPDX-License-Identifier: MIT
/**
 * Corrections through the whole library: real files, both databases, whatever comes between.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "tests/unit/storage/scene_library.h"

static uint64_t correct(struct library *library, const char *query, struct correction set,
			bool clears)
{
	struct request *request = request_create(REQUEST_CORRECT);
	request->as.correct.models.query = str_from(query);
	request->as.correct.change = (struct correction_change){ set, clears };
	return done(library, request);
}

static uint64_t set_kind(struct library *library, const char *query, enum kind kind)
{
	return correct(library, query, (struct correction){ .has_kind = true, .kind = kind },
		       false);
}

static uint64_t clear(struct library *library, const char *query)
{
	return correct(library, query, (struct correction){ 0 }, true);
}

static struct library *with_models(struct scene *scene, unsigned n)
{
	struct library *library = open_library(scene, LIBRARY_WRITE);
	for (unsigned i = 0; i < n; i++)
		scene_model(scene, arena_printf(&scene->arena, "a/m%u.safetensors", i), i);
	add_root(library, scene, "a");
	scan(library);
	return library;
}

static void set_and_cleared_without_reading(void **state)
{
	struct scene *scene = *state;
	struct library *library = with_models(scene, 3);
	ASSERT_LIST(library, "kind:vae", "");
	const char *own = list(library, &scene->arena, "kind:unknown");
	for (unsigned i = 0; i < 3; i++)
		scene_remove(scene, arena_printf(&scene->arena, "a/m%u.safetensors", i));
	assert_int_equal(set_kind(library, "m0 | m1", KIND_VAE), 2);
	assert_int_equal(set_kind(library, "m0 | m1", KIND_VAE), 0);
	ASSERT_LIST(library, "kind:vae", "m0 m1");
	ASSERT_LIST(library, "kind:vae confidence:certain", "m0 m1");
	assert_int_equal(clear(library, "m0"), 1);
	ASSERT_LIST(library, "kind:vae", "m1");
	assert_int_equal(clear(library, "m"), 1);
	ASSERT_LIST(library, "kind:vae", "");
	ASSERT_LIST(library, "kind:unknown", own);
	library_close(library);
}

static void they_survive_scans_and_the_loss_of_the_index(void **state)
{
	struct scene *scene = *state;
	struct library *library = with_models(scene, 3);
	set_kind(library, "m1", KIND_VAE);
	struct request *request = request_create(REQUEST_SCAN);
	request->as.scan.full = true;
	library_send(library, request);
	event_destroy(await(library, EVENT_SCANNED));
	ASSERT_LIST(library, "kind:vae", "m1");
	library_close(library);
	scene_remove(scene, "data/index.db");
	library = open_library(scene, LIBRARY_WRITE);
	ASSERT_LIST(library, "kind:vae", "");
	scan(library);
	ASSERT_LIST(library, "kind:vae", "m1");
	library_close(library);
}

static void they_follow_files(void **state)
{
	struct scene *scene = *state;
	struct library *library = with_models(scene, 4);
	set_kind(library, "m0", KIND_VAE);
	set_kind(library, "m1", KIND_UPSCALER);
	/* Two files change places; then one goes to another disk, so to say. */
	scene_move(scene, "a/m0.safetensors", "a/swap");
	scene_move(scene, "a/m1.safetensors", "a/m0.safetensors");
	scene_move(scene, "a/swap", "a/m1.safetensors");
	scan(library);
	ASSERT_LIST(library, "kind:vae", "m1");
	ASSERT_LIST(library, "kind:upscaler", "m0");
	scene_remove(scene, "a/m0.safetensors");
	scene_model(scene, "a/deep/copy.safetensors", 1);
	scan(library);
	ASSERT_LIST(library, "kind:upscaler", "copy");
	/* Nobody corrected the file that now lies where the other was. */
	scene_model(scene, "a/m0.safetensors", 9);
	scan(library);
	ASSERT_LIST(library, "kind:upscaler", "copy");
	library_close(library);
}

/* What lies below a new root is that root's from then on. */
static void they_go_over_to_a_nested_root(void **state)
{
	struct scene *scene = *state;
	scene_model(scene, "a/in/deep.safetensors", 8);
	struct library *library = with_models(scene, 2);
	set_kind(library, "deep", KIND_VAE);
	add_root(library, scene, "a/in");
	scan(library);
	ASSERT_LIST(library, "kind:vae root:in", "deep");
	assert_int_equal(clear(library, "deep"), 1);
	ASSERT_LIST(library, "kind:vae", "");
	library_close(library);
}

static void run_user(struct scene *scene, const char *sql)
{
	sqlite3 *handle;
	assert_int_equal(sqlite3_open(scene_path(scene, "data/user.db"), &handle), SQLITE_OK);
	assert_int_equal(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
}

/* As after a power cut between the two databases, or with a copy of user.db put back. */
static void the_index_follows_at_the_next_start(void **state)
{
	struct scene *scene = *state;
	struct library *library = with_models(scene, 3);
	set_kind(library, "m0 | m1", KIND_VAE);
	library_close(library);
	run_user(scene, "UPDATE correction SET kind = 'upscaler' WHERE subject_id = 1;"
			"DELETE FROM correction WHERE subject_id = 2;"
			"INSERT INTO subject (id, root_id, path, size_bytes) SELECT 9, root_id, "
			"CAST('m2.safetensors' AS BLOB), 1 FROM subject WHERE id = 1;"
			"INSERT INTO correction VALUES (9, 'vae', NULL, 1);");
	library = open_library(scene, LIBRARY_WRITE);
	/* The writer opens beside the reader: what it changes is told. */
	event_destroy(await(library, EVENT_CHANGED));
	ASSERT_LIST(library, "kind:upscaler", "m0");
	ASSERT_LIST(library, "kind:vae", "m2");
	library_close(library);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)
	const struct CMUnitTest tests[] = {
		TEST(set_and_cleared_without_reading),
		TEST(they_survive_scans_and_the_loss_of_the_index),
		TEST(they_follow_files),
		TEST(they_go_over_to_a_nested_root),
		TEST(the_index_follows_at_the_next_start),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
