// SPDX-License-Identifier: MIT
/**
 * Other knowledge: the library is concluded anew from what was stored, whatever became of the files.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "tests/unit/storage/scene_library.h"

/* Knowledge by which a model with a tensor of that name is of that kind. */
static void teach(struct scene *scene, const char *version, enum kind kind, const char *tensor)
{
	struct error err;
	struct knowledge *knowledge = knowledge_create();
	struct rule *rule = ARENA_NEW(&knowledge->arena, struct rule);
	struct str text = arena_strf(&knowledge->arena, "tensor(%s)", tensor);
	assert_true(rule_parse(text, &knowledge->arena, rule, &err));
	*ARRAY_PUSH(&knowledge->kinds, struct kind_rule) =
		(struct kind_rule){ kind, STR("taught"), { rule, 1 } };
	assert_true(knowledge_finish(knowledge, &err));
	snprintf(knowledge->version, sizeof knowledge->version, "%s", version);
	knowledge_destroy(scene->knowledge);
	scene->knowledge = knowledge;
}

static void write_models(struct scene *scene, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		scene_model(scene, arena_printf(&scene->arena, "a/m%03u.safetensors", i), i % 10);
}

/* Scanned under the knowledge that t1 is a vae. */
static void scan_models(struct scene *scene, unsigned n)
{
	write_models(scene, n);
	teach(scene, "one", KIND_VAE, "t1");
	struct library *library = open_library(scene, LIBRARY_WRITE);
	add_root(library, scene, "a");
	scan(library);
	library_close(library);
}

static void await_conclusions(struct library *library)
{
	for (bool is_done = false; !is_done;) {
		struct event *event = await(library, EVENT_CONCLUDING);
		is_done = event->as.concluding.n_done == event->as.concluding.n;
		event_destroy(event);
	}
}

static size_t count(struct library *library, struct scene *scene, const char *query)
{
	struct str names = str_from(list(library, &scene->arena, query)), name;
	size_t n = 0;
	while (names.len && str_next_part(&names, ' ', &name))
		n++;
	return n;
}

static void nothing_happens_while_knowledge_stays(void **state)
{
	struct scene *scene = *state;
	scan_models(scene, 5);
	struct library *library = open_library(scene, LIBRARY_WRITE);
	struct scan_summary summary = scan(library);
	assert_int_equal(summary.unchanged, 5);
	assert_int_equal(summary.read, 0);
	library_close(library);
}

static void no_file_is_read_again(void **state)
{
	struct scene *scene = *state;
	scan_models(scene, 30);
	scene_move(scene, "a/m001.safetensors", "elsewhere");
	struct library *library = open_library(scene, LIBRARY_WRITE);
	assert_int_equal(scan(library).gone, 1);
	ASSERT_LIST(library, "kind:vae", "m011 m021");
	library_close(library);
	/* Neither the files nor the folder are there any more. */
	scene_move(scene, "a", "away");
	teach(scene, "two", KIND_UPSCALER, "t2");
	library = open_library(scene, LIBRARY_WRITE);
	await_conclusions(library);
	ASSERT_LIST(library, "kind:vae", "");
	ASSERT_LIST(library, "kind:upscaler", "m002 m012 m022");
	/* What is missing is concluded anew as well, and stays missing. */
	ASSERT_LIST(library, "is:missing kind:unknown", "m001");
	library_close(library);
	scene_move(scene, "away", "a");
	library = open_library(scene, LIBRARY_WRITE);
	struct scan_summary summary = scan(library);
	assert_int_equal(summary.unchanged, 29);
	assert_int_equal(summary.read, 0);
	assert_int_equal(count(library, scene, "kind:unknown"), 26);
	library_close(library);
}

static void a_scan_waits_for_conclusions(void **state)
{
	struct scene *scene = *state;
	scan_models(scene, 200);
	scene_model(scene, "a/new.safetensors", 2);
	teach(scene, "two", KIND_UPSCALER, "t2");
	struct library *library = open_library(scene, LIBRARY_WRITE);
	struct scan_summary summary = scan(library);
	assert_int_equal(summary.new, 1);
	assert_int_equal(summary.unchanged, 200);
	assert_int_equal(summary.read, 1);
	assert_int_equal(count(library, scene, "kind:upscaler"), 21);
	assert_int_equal(count(library, scene, "kind:vae"), 0);
	library_close(library);
}

static void corrections_hold_over_other_knowledge(void **state)
{
	struct scene *scene = *state;
	scan_models(scene, 10);
	struct library *library = open_library(scene, LIBRARY_WRITE);
	struct request *request = request_create(REQUEST_CORRECT);
	request->as.correct.models.query = STR("m001 | m002");
	request->as.correct.change.set = (struct correction){ .has_kind = true, .kind = KIND_LORA };
	assert_int_equal(done(library, request), 2);
	library_close(library);
	teach(scene, "two", KIND_UPSCALER, "t2");
	library = open_library(scene, LIBRARY_WRITE);
	await_conclusions(library);
	ASSERT_LIST(library, "kind:lora", "m001 m002");
	ASSERT_LIST(library, "kind:upscaler", "");
	request = request_create(REQUEST_CORRECT);
	request->as.correct.models.query = STR("m001 | m002");
	request->as.correct.change.clears = true;
	assert_int_equal(done(library, request), 2);
	ASSERT_LIST(library, "kind:upscaler", "m002");
	ASSERT_LIST(library, "kind:vae kind:lora", "");
	library_close(library);
}

static void run_index(struct scene *scene, const char *sql)
{
	sqlite3 *handle;
	assert_int_equal(sqlite3_open(scene_path(scene, "data/index.db"), &handle), SQLITE_OK);
	assert_int_equal(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
}

/* Whatever is wrong with what is stored, the file is still there to be read. */
static void what_cannot_be_concluded_is_read_by_the_next_scan(void **state)
{
	struct scene *scene = *state;
	scan_models(scene, 10);
	run_index(scene, "UPDATE facts SET flat = x'00' WHERE model_id = "
			 "(SELECT id FROM model WHERE name = CAST('m002' AS BLOB));"
			 "DELETE FROM facts WHERE model_id = "
			 "(SELECT id FROM model WHERE name = CAST('m003' AS BLOB));"
			 "UPDATE layout SET flat = x'0504' WHERE id = (SELECT layout_id FROM facts "
			 "JOIN model ON id = model_id WHERE name = CAST('m004' AS BLOB));");
	teach(scene, "two", KIND_UPSCALER, "t#");
	struct library *library = open_library(scene, LIBRARY_WRITE);
	await_conclusions(library);
	assert_int_equal(count(library, scene, "kind:upscaler"), 7);
	struct scan_summary summary = scan(library);
	assert_int_equal(summary.changed, 3);
	assert_int_equal(summary.read, 3);
	assert_int_equal(count(library, scene, "kind:upscaler"), 10);
	assert_int_equal(scan(library).read, 0);
	library_close(library);
}

static void conclude_and_die(struct scene *scene, unsigned after_us)
{
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct library *library = open_library(scene, LIBRARY_WRITE);
		for (;;)
			event_destroy(library_receive(library, PATIENCE_MS));
		library_close(library);
	}
	usleep(after_us);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void killed_at_any_moment_it_goes_on(void **state)
{
	struct scene *scene = *state;
	scan_models(scene, 1500);
	scene_move(scene, "a", "away");
	for (unsigned round = 0; round < 8; round++) {
		bool is_even = round % 2 == 0;
		/* Knowledge that comes back finds those that were done under the other. */
		teach(scene, is_even ? "two" : "one", KIND_VAE, is_even ? "t2" : "t1");
		conclude_and_die(scene, 5000 + round * 15000);
		if (round % 3 == 1)
			continue;
		struct library *library = open_library(scene, LIBRARY_WRITE);
		struct request *request = request_create(REQUEST_SCAN);
		library_send(library, request);
		event_destroy(await(library, EVENT_SCANNED));
		assert_int_equal(count(library, scene, "kind:vae"), 150);
		assert_int_equal(count(library, scene, is_even ? "kind:vae m001" : "kind:vae m002"),
				 0);
		library_close(library);
	}
}

/* What is cut short is not lost, and a scan that waited for it is told to be stopped. */
static void cancelling_ends_it_for_now(void **state)
{
	struct scene *scene = *state;
	scan_models(scene, 1500);
	teach(scene, "two", KIND_UPSCALER, "t2");
	struct library *library = open_library(scene, LIBRARY_WRITE);
	library_send(library, request_create(REQUEST_SCAN));
	library_send(library, request_create(REQUEST_CANCEL));
	struct event *event = await(library, EVENT_SCANNED);
	assert_true(event->as.scanned.cancelled);
	event_destroy(event);
	library_close(library);
	library = open_library(scene, LIBRARY_WRITE);
	assert_int_equal(scan(library).read, 0);
	assert_int_equal(count(library, scene, "kind:upscaler"), 150);
	library_close(library);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)
	const struct CMUnitTest tests[] = {
		/* First: what forks is better alone. */
		TEST(killed_at_any_moment_it_goes_on),
		TEST(nothing_happens_while_knowledge_stays),
		TEST(no_file_is_read_again),
		TEST(a_scan_waits_for_conclusions),
		TEST(corrections_hold_over_other_knowledge),
		TEST(what_cannot_be_concluded_is_read_by_the_next_scan),
		TEST(cancelling_ends_it_for_now),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
