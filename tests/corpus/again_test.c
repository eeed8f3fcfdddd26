// SPDX-License-Identifier: MIT
/*
 * Other knowledge: what is concluded from stored facts is what reading every file again concludes,
 * to the last word, for every model of the demo.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "config/knowledge.h"
#include "tests/support/sample_disk.h"
#include "tests/unit/storage/scene_library.h"

/* Something of everything that can be taught. */
static const char taught[] =
	"[base-model sdxl-mine]\nname = Mine\nparent = sdxl-pony\narchitecture = sdxl\n"
	"tokens = pony; toon; sheet; xl\ntags = solo; gloves\n"
	"[base-model sd1-mine]\nname = Mine 1\nparent = sd1\narchitecture = sd1\n"
	"tokens = ink; watercolor; paper\n"
	"[kind odd]\nkind = hypernetwork\nwhen = count(*weight) = 3\n"
	"[variant mine]\nname = mine\nwhen = meta(ss_network_dim) = 4\ntokens = style; night\n"
	"[fact title]\nfrom = meta:ss_output_name\n"
	"[fact triggers]\nignore+ = *o*\n";

static struct knowledge *load(bool with_taught)
{
	struct error err;
	struct arena arena = { 0 };
	size_t n = knowledge_embedded_n;
	struct knowledge_file *files = ARENA_NEW_N(&arena, struct knowledge_file, n + 1);
	for (size_t i = 0; i < n; i++)
		files[i] = knowledge_embedded[i];
	files[n] = (struct knowledge_file){ "mine.ini", str_from(taught) };
	struct knowledge *knowledge = knowledge_load_files(files, n + with_taught, &err);
	if (!knowledge)
		fail_msg("%s", err.text);
	arena_finish(&arena);
	return knowledge;
}

static void learn(struct scene *scene, bool with_taught)
{
	knowledge_destroy(scene->knowledge);
	scene->knowledge = load(with_taught);
}

static void add_details(struct library *library, uint32_t id, struct bytes *out)
{
	struct request *request = request_create(REQUEST_DETAILS);
	request->as.details.id = id;
	library_send(library, request);
	struct event *event = await(library, EVENT_DETAILS);
	assert_true(event->as.details.found);
	bytes_append_str(out, event->as.details.entry.path);
	model_encode(&event->as.details.model, out);
	event_destroy(event);
}

/* All that is known of all models, by path, and what some queries find. */
static struct str everything(struct library *library, struct scene *scene)
{
	static const char *const queries[] = { "base:pony", "variant:lcm",  "kind:hypernetwork",
					       "ink",       "trigger:solo", "rank:>8",
					       "params:>1M" };
	struct request *request = request_create(REQUEST_QUERY);
	struct bytes all = { 0 };
	request->as.query.sort = SORT_PATH;
	library_send(library, request);
	struct event *result = await(library, EVENT_RESULT);
	while (!result->as.result.ids && result->as.result.n) {
		event_destroy(result);
		result = await(library, EVENT_RESULT);
	}
	for (size_t i = 0; i < result->as.result.n; i++)
		add_details(library, result->as.result.ids[i], &all);
	event_destroy(result);
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
		bytes_printf(&all, "%s\n", list(library, &scene->arena, queries[i]));
	struct str copy = arena_str(&scene->arena, bytes_str(&all));
	bytes_finish(&all);
	return copy;
}

static void the_same_as_reading_everything_again(void **state)
{
	struct scene *scene = *state;
	struct sample_disk disk = { .folder = scene_path(scene, "a") };
	struct error err;
	size_t n_models;
	assert_true(sample_demo(sample_disk_write, &disk, &n_models, &err));
	learn(scene, false);
	struct library *library = open_library(scene, LIBRARY_WRITE);
	add_root(library, scene, "a");
	scan(library);
	struct str before = everything(library, scene);
	library_close(library);

	learn(scene, true);
	library = open_library(scene, LIBRARY_WRITE);
	struct scan_summary summary = scan(library);
	assert_int_equal(summary.read, 0);
	assert_true(summary.unchanged >= n_models);
	struct str again = everything(library, scene);
	library_close(library);
	assert_false(str_equal(before, again));

	scene_remove(scene, "data/index.db");
	library = open_library(scene, LIBRARY_WRITE);
	assert_int_equal(scan(library).unchanged, 0);
	assert_true(str_equal(everything(library, scene), again));
	library_close(library);

	/* And back to what was known before. */
	learn(scene, false);
	library = open_library(scene, LIBRARY_WRITE);
	assert_int_equal(scan(library).read, 0);
	assert_true(str_equal(everything(library, scene), before));
	library_close(library);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_same_as_reading_everything_again, scene_setup,
						scene_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
