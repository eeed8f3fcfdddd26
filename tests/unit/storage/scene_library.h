// SPDX-License-Identifier: MIT
/**
 * A library over a scene, asked as a front end asks it. What fails in it fails the test.
 */
#ifndef TESTS_UNIT_STORAGE_SCENE_LIBRARY_H
#define TESTS_UNIT_STORAGE_SCENE_LIBRARY_H

#include "storage/library.h"
#include "tests/unit/storage/scan/scene.h"

/* Far longer than anything here takes: only a test that would hang for ever reaches it. */
enum { PATIENCE_MS = 60000 };

/** In the scene's folder "data", with its knowledge. */
struct library *open_library(struct scene *scene, enum library_mode mode);
/** The first event of that type; others are dropped, a failure fails. */
struct event *await(struct library *library, enum event_type type);
/** Sends an edit; how many it changed. */
uint64_t done(struct library *library, struct request *request);
void add_root(struct library *library, struct scene *scene, const char *path);
struct scan_summary scan(struct library *library);
uint64_t tag(struct library *library, const char *query, const char *add, const char *remove);
/** The whole answer to a query; the caller's. */
struct event *listed(struct library *library, const char *query, uint32_t n_rows);
/** How many match. */
uint64_t n_listed(struct library *library, const char *query);
/** The names that match, in order, with spaces between. */
const char *list(struct library *library, struct arena *arena, const char *query);

#define ASSERT_LIST(library, query, names) \
	assert_string_equal(list((library), &scene->arena, (query)), (names))

#endif
