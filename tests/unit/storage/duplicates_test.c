// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/storage/scene_library.h"

/* Three copies of one content, two of another. */
static struct library *begin(struct scene *scene)
{
	struct library *library = open_library(scene, LIBRARY_WRITE);
	scene_model(scene, "a/one.safetensors", 1);
	scene_model(scene, "a/three.safetensors", 1);
	scene_model(scene, "a/two.safetensors", 1);
	scene_model(scene, "a/x.safetensors", 2);
	scene_model(scene, "a/y.safetensors", 2);
	add_root(library, scene, "a");
	scan(library);
	struct request *request = request_create(REQUEST_HASH);
	request->as.hash.only_twins = request->as.hash.is_all = true;
	request->as.hash.models.query = STR("");
	done(library, request);
	return library;
}

static struct event *ask_plan(struct library *library, const char *kept, const char *rules)
{
	struct request *request = request_create(REQUEST_PLAN);
	struct str *paths = ARENA_NEW(&request->arena, struct str);
	*paths = str_from(kept);
	request->as.plan.wish = WISH_SPARE;
	request->as.plan.links = true; /* a trash is not at hand here */
	request->as.plan.models.query = STR("");
	request->as.plan.text = str_from(rules);
	request->as.plan.paths = paths;
	request->as.plan.n_paths = 1;
	library_send(library, request);
	return await(library, EVENT_PLAN);
}

/* How many copies go; each becomes a name of `kept`, unless that is NULL. */
static size_t n_going(const struct event *event, const char *kept)
{
	const struct plan *plan = &event->as.plan.plan;
	size_t n = 0;
	for (size_t i = 0; i < plan->n_steps; i++) {
		if (plan->steps[i].action != PLAN_LINK)
			continue;
		n++;
		assert_true(!kept || str_equal(plan->steps[i].old, str_from(kept)));
	}
	return n;
}

static void what_is_marked_stays_and_nothing_else_is_touched(void **state)
{
	struct scene *scene = *state;
	struct library *library = begin(scene);
	const char *kept = scene_path(scene, "a/three.safetensors");
	struct event *event = ask_plan(library, kept, "");
	assert_int_equal(n_going(event, kept), 2);
	event_destroy(event);
	event = ask_plan(library, kept, "shortest"); /* of the others, rules decide */
	assert_int_equal(n_going(event, NULL), 3);
	event_destroy(event);
	library_close(library);
}

static void a_marked_one_that_has_changed_lets_none_go(void **state)
{
	struct scene *scene = *state;
	struct library *library = begin(scene);
	scene_model(scene, "a/three.safetensors", 9);
	struct event *event =
		ask_plan(library, scene_path(scene, "a/three.safetensors"), "shortest");
	assert_int_equal(n_going(event, NULL), 1); /* of the other content */
	event_destroy(event);
	library_close(library);
}

static void they_come_in_windows(void **state)
{
	struct scene *scene = *state;
	struct library *library = begin(scene);
	struct request *request = request_create(REQUEST_DUPLICATES);
	request->as.duplicates.text = STR("");
	request->as.duplicates.n = 1;
	library_send(library, request);
	struct event *all = await(library, EVENT_DUPLICATES);
	size_t n_first = all->as.duplicates.list[0].n_paths;
	assert_int_equal(all->as.duplicates.n, 1);
	assert_int_equal(all->as.duplicates.n_all, 5);
	assert_int_equal(all->as.duplicates.n_contents, 2);
	request = request_create(REQUEST_DUPLICATES);
	request->as.duplicates.text = STR("");
	request->as.duplicates.first = n_first;
	request->as.duplicates.n = 1;
	library_send(library, request);
	struct event *second = await(library, EVENT_DUPLICATES);
	assert_int_equal(second->as.duplicates.n, 1);
	assert_int_equal(second->as.duplicates.first, n_first);
	assert_int_equal(second->as.duplicates.list[0].n_paths, 5 - n_first);
	assert_int_equal(second->as.duplicates.wasted_bytes, all->as.duplicates.wasted_bytes);
	event_destroy(all);
	event_destroy(second);
	library_close(library);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_is_marked_stays_and_nothing_else_is_touched),
		CASE(a_marked_one_that_has_changed_lets_none_go),
		CASE(they_come_in_windows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
