// SPDX-License-Identifier: MIT
#include "storage/scan/outbox.h"

#include <stdlib.h>
#include <time.h>

#include "core/base/error.h"

enum {
	BATCH_FINDINGS = 256,
	BATCH_AGE_NS = 100000000,
	TICK_FINDINGS = 16, /* at most, that come between two ticks */
};

int64_t monotonic_ns(void)
{
	struct timespec time;
	if (clock_gettime(CLOCK_MONOTONIC, &time))
		BUG("no monotonic clock");
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

struct scan_batch *scan_batch_create(enum scan_batch_type type)
{
	struct scan_batch *batch = calloc(1, sizeof *batch);
	if (!batch)
		die_oom();
	batch->type = type;
	return batch;
}

void scan_batch_destroy(struct scan_batch *batch)
{
	if (!batch)
		return;
	arena_finish(&batch->arena);
	free(batch);
}

void scan_batch_send(struct queue *out, struct scan_batch *batch)
{
	if (!queue_send(out, batch))
		scan_batch_destroy(batch);
}

void outbox_init(struct outbox *outbox, struct queue *out)
{
	*outbox = (struct outbox){ .out = out, .findings = ARRAY_OF(struct finding) };
}

void outbox_finish(struct outbox *outbox)
{
	outbox_flush(outbox);
	array_finish(&outbox->findings);
	arena_finish(&outbox->arena);
}

void outbox_add_model(struct outbox *outbox, const struct finding *finding)
{
	if (outbox->findings.len == 0)
		outbox->since_ns = monotonic_ns();
	struct finding *copy = ARRAY_PUSH(&outbox->findings, struct finding);
	*copy = *finding;
	copy->path = arena_str(&outbox->arena, finding->path);
	if (finding->target.ptr)
		copy->target = arena_str(&outbox->arena, finding->target);
	struct str *companions = ARENA_NEW_N(&outbox->arena, struct str, finding->n_companions);
	for (size_t i = 0; i < finding->n_companions; i++)
		companions[i] = arena_str(&outbox->arena, finding->companions[i]);
	copy->companions = companions;
}

void outbox_add(struct outbox *outbox, const struct finding *finding)
{
	outbox_add_model(outbox, finding);
	if (outbox->findings.len >= BATCH_FINDINGS)
		outbox_flush(outbox);
}

void outbox_tick(struct outbox *outbox)
{
	if (outbox->findings.len > BATCH_FINDINGS - TICK_FINDINGS ||
	    (outbox->findings.len && monotonic_ns() - outbox->since_ns >= BATCH_AGE_NS))
		outbox_flush(outbox);
}

void outbox_flush(struct outbox *outbox)
{
	if (outbox->findings.len == 0)
		return;
	struct scan_batch *batch = scan_batch_create(SCAN_FINDINGS);
	batch->n_findings = outbox->findings.len;
	batch->findings = array_to_arena(&outbox->findings, &outbox->arena);
	batch->arena = outbox->arena;
	arena_init(&outbox->arena);
	array_clear(&outbox->findings);
	scan_batch_send(outbox->out, batch);
}
