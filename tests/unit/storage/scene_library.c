// SPDX-License-Identifier: MIT
#include "tests/unit/storage/scene_library.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct library *open_library(struct scene *scene, enum library_mode mode)
{
	struct library *library = NULL;
	struct error err;
	struct library_options options = {
		.data_dir = scene_path(scene, "data"),
		.knowledge = scene->knowledge,
		.mode = mode,
		.n_workers = 2,
	};
	if (!library_open(&options, &library, &err))
		fail_msg("%s", err.text);
	return library;
}

struct event *await(struct library *library, enum event_type type)
{
	for (;;) {
		struct event *event = library_receive(library, PATIENCE_MS);
		assert_non_null(event);
		if (event->type == type)
			return event;
		if (event->type == EVENT_FAILED)
			fail_msg("%s", event->as.failed.text);
		event_destroy(event);
	}
}

uint64_t done(struct library *library, struct request *request)
{
	library_send(library, request);
	struct event *event = await(library, EVENT_DONE);
	uint64_t n = event->as.done.n_changed;
	event_destroy(event);
	return n;
}

void add_root(struct library *library, struct scene *scene, const char *path)
{
	struct request *request = request_create(REQUEST_ROOT_ADD);
	request->as.root.path = str_from(scene_path(scene, path));
	done(library, request);
}

struct scan_summary scan(struct library *library)
{
	library_send(library, request_create(REQUEST_SCAN));
	struct event *event = await(library, EVENT_SCANNED);
	struct scan_summary summary = event->as.scanned;
	event_destroy(event);
	return summary;
}

uint64_t tag(struct library *library, const char *query, const char *add, const char *remove)
{
	struct request *request = request_create(REQUEST_TAG);
	struct str *tags = ARENA_NEW_N(&request->arena, struct str, 2);
	tags[0] = str_from(add);
	tags[1] = str_from(remove);
	request->as.tag.models.query = str_from(query);
	request->as.tag.add = &tags[0];
	request->as.tag.n_add = add != NULL;
	request->as.tag.remove = &tags[1];
	request->as.tag.n_remove = remove != NULL;
	return done(library, request);
}

struct event *listed(struct library *library, const char *query, uint32_t n_rows)
{
	struct request *request = request_create(REQUEST_QUERY);
	request->as.query.text = str_from(query);
	request->as.query.n_rows = n_rows;
	library_send(library, request);
	struct event *event = await(library, EVENT_RESULT);
	while (!event->as.result.ids) {
		event_destroy(event);
		event = await(library, EVENT_RESULT);
	}
	return event;
}

uint64_t n_listed(struct library *library, const char *query)
{
	struct event *event = listed(library, query, 0);
	uint64_t n = event->as.result.n;
	event_destroy(event);
	return n;
}

const char *list(struct library *library, struct arena *arena, const char *query)
{
	struct bytes names = { 0 };
	struct event *event = listed(library, query, 1000);
	for (size_t i = 0; i < event->as.result.n_rows; i++)
		bytes_printf(&names, "%s%.*s", i ? " " : "",
			     STR_ARG(event->as.result.rows[i].name));
	const char *copy = arena_cstr(arena, bytes_str(&names));
	bytes_finish(&names);
	event_destroy(event);
	return copy;
}
