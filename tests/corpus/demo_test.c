// SPDX-License-Identifier: MIT
/* The demo library on the disk: every model says what its manifest line expects of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <cmocka.h>

#include "config/knowledge.h"
#include "core/base/text.h"
#include "core/samples/sample.h"
#include "core/samples/spec.h"
#include "storage/library.h"
#include "tests/support/claims.h"
#include "tests/support/sample_disk.h"

#define DISK_BYTES_MAX (40u << 20)

struct demo {
	struct arena arena;
	struct knowledge *knowledge;
	struct inspector *inspector;
	const char *folder;
	unsigned n, n_right;
};

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void check(struct demo *demo, const struct spec *entry)
{
	const struct spec *expect = spec_find(entry, "expect");
	struct str path = spec_text(entry, "path", STR(""));
	struct bytes complaints = { 0 };
	struct arena arena = { 0 };
	struct claims claims = { 0 };
	struct model model;

	for (enum claim claim = 0; claim < CLAIM_COUNT; claim++)
		claims.values[claim] = spec_text(expect, claim_words[claim], STR_NULL);
	if (!claims.values[CLAIM_STATUS].ptr)
		claims.values[CLAIM_STATUS] = STR("ok");
	const char *file = arena_printf(&arena, "%s/%.*s", demo->folder, STR_ARG(path));
	library_inspect(demo->inspector, &file, 1, &arena, &model);
	claims_check(&claims, &model, NULL, &complaints);
	struct str prediction = spec_text(expect, "prediction", model.prediction);
	if (!str_equal(prediction, model.prediction))
		bytes_printf(&complaints, " prediction %.*s (is %.*s)", STR_ARG(prediction),
			     STR_ARG(model.prediction));
	demo->n++;
	demo->n_right += complaints.len == 0;
	if (complaints.len > 0)
		printf("%.*s:%.*s\n", STR_ARG(path), STR_ARG(bytes_str(&complaints)));
	bytes_finish(&complaints);
	arena_finish(&arena);
}

static int set_up(void **state)
{
	struct demo *demo = test_calloc(1, sizeof(*demo));
	struct sample_disk disk = { 0 };
	struct error err = { 0 };
	size_t n_models;
	double started = now_s();

	demo->knowledge = knowledge_load(NULL, &err);
	demo->inspector = library_inspector_create(demo->knowledge, NULL);
	demo->folder = sample_disk_make(&demo->arena);
	disk.folder = demo->folder;
	*state = demo;
	if (!demo->knowledge || !demo->folder ||
	    !sample_demo(sample_disk_write, &disk, &n_models, &err))
		return 1;
	printf("%zu models written in %.1f s, %llu kB on disk\n", n_models, now_s() - started,
	       (unsigned long long)(sample_disk_usage(demo->folder) >> 10));
	return 0;
}

static int tear_down(void **state)
{
	struct demo *demo = *state;

	sample_disk_remove(demo->folder);
	library_inspector_destroy(demo->inspector);
	knowledge_destroy(demo->knowledge);
	arena_finish(&demo->arena);
	test_free(demo);
	return 0;
}

static void it_takes_little_of_the_disk(void **state)
{
	const struct demo *demo = *state;

	assert_true(sample_disk_usage(demo->folder) < DISK_BYTES_MAX);
}

static void every_model_is_what_it_was_made_to_be(void **state)
{
	struct demo *demo = *state;
	struct str manifest = sample_disk_read(
		&demo->arena, sample_disk_source(&demo->arena, "core/samples/demo.jsonl"));
	struct str line;
	struct error err = { 0 };
	double started = now_s();

	while (str_next_part(&manifest, '\n', &line)) {
		struct arena arena = { 0 };
		const struct spec *entry;
		if (line.len == 0 || str_has_prefix(line, STR("//")))
			continue;
		assert_true(spec_parse(line, &arena, &entry, &err));
		if (spec_find(entry, "expect"))
			check(demo, entry);
		arena_finish(&arena);
	}
	printf("%u of %u models as expected, in %.1f s\n", demo->n_right, demo->n,
	       now_s() - started);
	assert_true(demo->n > 100);
	assert_int_equal(demo->n_right, demo->n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_takes_little_of_the_disk),
		cmocka_unit_test(every_model_is_what_it_was_made_to_be),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
