// SPDX-License-Identifier: MIT
/*
 * How long it takes to choose a checkpoint, over an index made by fill.py:
 *
 *     fit DATA
 *
 * Of each checkpoint in turn: until the rows of a page and their verdicts are here, until the
 * verdicts on all adapters are counted, until those that fit are listed. Each is chosen for the
 * first time in the first round, again in the second.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "config/knowledge.h"
#include "storage/library.h"

enum { ROUNDS = 2, PAGE_ROWS = 36 }; /* what is in sight at 120x40 */

struct times {
	double sum_ms, max_ms;
};

static double now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static bool is_answer(const struct event *event, uint32_t serial)
{
	bool is_early =
		event->type == EVENT_CONCLUDING ||
		(event->type == EVENT_RESULT && !event->as.result.ids && event->as.result.n);
	return event->serial == serial && !is_early;
}

static struct event *ask(struct library *library, struct request *request)
{
	static uint32_t serial;
	request->serial = ++serial;
	library_send(library, request);
	for (;;) {
		struct event *event = library_receive(library, -1);
		if (is_answer(event, serial))
			return event;
		event_destroy(event);
	}
}

static struct request *query(const char *text, uint32_t checkpoint, enum fit_filter filter)
{
	struct request *request = request_create(REQUEST_QUERY);
	request->as.query.text = str_from(text);
	request->as.query.checkpoint = checkpoint;
	request->as.query.filter = filter;
	request->as.query.n_rows = PAGE_ROWS;
	return request;
}

static struct request *count(uint32_t checkpoint)
{
	struct request *request = request_create(REQUEST_MATRIX);
	uint32_t *id = ARENA_NEW(&request->arena, uint32_t);
	*id = checkpoint;
	request->as.matrix.checkpoints = id;
	request->as.matrix.n = 1;
	request->as.matrix.text = STR("");
	return request;
}

static void measure(struct library *library, struct request *request, struct times *times)
{
	double began_ms = now_ms();
	event_destroy(ask(library, request));
	double ms = now_ms() - began_ms;
	times->sum_ms += ms;
	if (ms > times->max_ms)
		times->max_ms = ms;
}

static void choose_all(struct library *library, const struct event *checkpoints, int round)
{
	struct times rows = { 0 }, counts = { 0 }, listed = { 0 };
	size_t n = (size_t)checkpoints->as.result.n;
	for (size_t i = 0; i < n; i++) {
		uint32_t id = checkpoints->as.result.ids[i];
		measure(library, query("", id, FILTER_ALL), &rows);
		measure(library, count(id), &counts);
		measure(library, query("", id, FILTER_COMPATIBLE), &listed);
	}
	printf("%s: rows %6.2f ms (max %.2f), counts %6.2f (max %.2f), those that fit %6.2f (max %.2f)\n",
	       round ? "again     " : "first time", rows.sum_ms / (double)n, rows.max_ms,
	       counts.sum_ms / (double)n, counts.max_ms, listed.sum_ms / (double)n, listed.max_ms);
}

int main(int argc, char **argv)
{
	struct error err = { 0 };
	struct library *library;
	struct library_options options = {
		.data_dir = argc == 2 ? argv[1] : "",
		.knowledge = knowledge_load(NULL, &err),
		.mode = LIBRARY_READ,
	};
	if (!library_open(&options, &library, &err)) {
		fprintf(stderr, "fit: %s\n", err.text);
		return 1;
	}
	event_destroy(ask(library, query("", 0, FILTER_ALL)));
	struct event *checkpoints =
		ask(library, query("kind:checkpoint | kind:diffusion-model", 0, FILTER_ALL));
	for (int round = 0; round < ROUNDS && checkpoints->as.result.n; round++)
		choose_all(library, checkpoints, round);
	event_destroy(checkpoints);
	library_close(library);
	knowledge_destroy((struct knowledge *)options.knowledge);
	return 0;
}
