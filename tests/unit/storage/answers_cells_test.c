// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "storage/answers.h"
#include "tests/support/made_up.h"

enum { PONY, PLAIN, INK, PHOTO, OLD, CHROMA, N };

static const struct made_up_model library[N] = {
	[PONY] = { .path = "pony.safetensors", .base = "pony", .kind = KIND_CHECKPOINT },
	[PLAIN] = { .path = "plain.safetensors", .base = "sdxl", .kind = KIND_CHECKPOINT },
	[INK] = { .path = "ink.safetensors", .base = "pony", .kind = KIND_LORA },
	[PHOTO] = { .path = "photo.safetensors", .base = "photo", .kind = KIND_LORA },
	[OLD] = { .path = "old.safetensors", .base = "sd1", .kind = KIND_LORA },
	[CHROMA] = { .path = "chroma.gguf", .base = "chroma", .kind = KIND_DIFFUSION_MODEL },
};

struct fixture {
	struct made_up made_up;
	struct answers answers;
	uint32_t ids[N];
};

static int setup(void **state)
{
	static struct fixture fixture;
	struct error err;
	made_up_begin(&fixture.made_up);
	made_up_root(&fixture.made_up, "/");
	for (size_t i = 0; i < N; i++)
		fixture.ids[i] = made_up_store(&fixture.made_up, &library[i]);
	made_up_commit(&fixture.made_up);
	assert_true(answers_open(&fixture.answers, &fixture.made_up.options, &err));
	while (!fixture.answers.is_loaded)
		assert_true(answers_load(&fixture.answers, 100, &err));
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	answers_close(&fixture->answers);
	made_up_end(&fixture->made_up);
	return 0;
}

static struct event *cells_of(struct fixture *fixture, const uint32_t *marked, size_t n,
			      uint32_t in_force, const char *text)
{
	struct error err;
	struct request *request = request_create(REQUEST_MATRIX);
	struct event *event = event_create(EVENT_MATRIX, 1);
	request->as.matrix.has_cells = true;
	request->as.matrix.marked = marked;
	request->as.matrix.n_marked = n;
	request->as.matrix.checkpoints = &in_force;
	request->as.matrix.n = in_force ? 1 : 0;
	request->as.matrix.text = str_from(text);
	if (!answers_matrix(&fixture->answers, request, event, &err))
		fail_msg("%s", err.text);
	request_destroy(request);
	return event;
}

static enum verdict verdict_of(struct fixture *fixture, uint32_t checkpoint, uint32_t lora)
{
	struct error err;
	struct request *request = request_create(REQUEST_FITS);
	struct event *event = event_create(EVENT_FITS, 1);
	request->as.fits.one.id = checkpoint;
	request->as.fits.ids = &lora;
	request->as.fits.n = 1;
	assert_true(answers_fits(&fixture->answers, request, event, &err));
	enum verdict verdict = event->as.fits.lines[0].fit.verdict;
	event_destroy(event);
	request_destroy(request);
	return verdict;
}

static void cells_are_what_the_pairs_are(void **state)
{
	struct fixture *fixture = *state;
	struct event *event = cells_of(fixture, fixture->ids, N, 0, "");
	size_t n_kinds[FIT_COUNT] = { 0 }, n_different = 0;
	assert_int_equal(event->as.matrix.n, 3);
	assert_int_equal(event->as.matrix.n_loras, 3);
	for (size_t c = 0; c < 3; c++) {
		const struct fit_counts *line = &event->as.matrix.lines[c];
		uint64_t n = 0;
		for (size_t i = 0; i < FIT_COUNT; i++)
			n += line->n[i];
		assert_int_equal(n, 3);
		for (size_t r = 0; r < 3; r++) {
			uint8_t cell = event->as.matrix.cells[c * 3 + r];
			assert_int_equal(
				cell, verdict_of(fixture, line->id, event->as.matrix.loras[r].id));
			n_kinds[cell]++;
		}
	}
	for (size_t i = 0; i < FIT_COUNT; i++)
		n_different += n_kinds[i] > 0;
	assert_true(n_different > 1); /* or nothing was proven */
	event_destroy(event);
}

static void what_is_not_marked_is_found(void **state)
{
	struct fixture *fixture = *state;
	const uint32_t *ids = fixture->ids;
	struct event *event = cells_of(fixture, &ids[INK], 2, ids[PLAIN], "");
	assert_int_equal(event->as.matrix.n, 1); /* the one in force */
	assert_int_equal(event->as.matrix.lines[0].id, ids[PLAIN]);
	assert_int_equal(event->as.matrix.n_loras, 2);
	event_destroy(event);
	event = cells_of(fixture, &ids[INK], 1, 0, "");
	assert_int_equal(event->as.matrix.n, 3); /* all */
	assert_int_equal(event->as.matrix.n_loras, 1);
	event_destroy(event);
	event = cells_of(fixture, &ids[PONY], 1, ids[PLAIN], "ink | old");
	assert_int_equal(event->as.matrix.lines[0].id, ids[PONY]);
	assert_int_equal(event->as.matrix.n_loras, 2); /* what the filter shows */
	event_destroy(event);
	event = cells_of(fixture, &ids[PONY], 1, 0, "kind:checkpoint");
	assert_int_equal(event->as.matrix.n_loras, 3); /* it speaks of the other side */
	event_destroy(event);
}

static void one_that_is_gone_is_left_out(void **state)
{
	struct fixture *fixture = *state;
	uint32_t marked[] = { fixture->ids[PONY], 4711, fixture->ids[OLD] };
	struct event *event = cells_of(fixture, marked, 3, 0, "");
	assert_int_equal(event->as.matrix.n, 1);
	assert_int_equal(event->as.matrix.n_loras, 1);
	assert_int_equal(event->as.matrix.cells[0], FIT_INCOMPATIBLE);
	event_destroy(event);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(cells_are_what_the_pairs_are, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_not_marked_is_found, setup, teardown),
		cmocka_unit_test_setup_teardown(one_that_is_gone_is_left_out, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
