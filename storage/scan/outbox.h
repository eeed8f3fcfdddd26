// SPDX-License-Identifier: MIT
/**
 * What one thread of a scan has found and not sent yet: findings leave in batches.
 */
#ifndef STORAGE_SCAN_OUTBOX_H
#define STORAGE_SCAN_OUTBOX_H

#include "storage/scan/scanner.h"

struct outbox {
	struct queue *out;     /* borrowed */
	struct arena arena;    /* owns what the findings point to; goes with them */
	struct array findings; /* struct finding */
	int64_t since_ns;      /* when the first of them was found */
};

void outbox_init(struct outbox *outbox, struct queue *out);
/** Sends what is left. */
void outbox_finish(struct outbox *outbox);

/** Adds a copy, and sends when there are enough. */
void outbox_add(struct outbox *outbox, const struct finding *finding);
/** Adds one whose model is on `outbox->arena`; sends nothing, since others may lie there, too. A
 *  tick follows at least every 16. */
void outbox_add_model(struct outbox *outbox, const struct finding *finding);
/** Sends when there are enough, or when they have waited long enough. */
void outbox_tick(struct outbox *outbox);
/** Sends whatever is there. */
void outbox_flush(struct outbox *outbox);

struct scan_batch *scan_batch_create(enum scan_batch_type type);
/** Gives the batch away; drops it when nobody receives any more. */
void scan_batch_send(struct queue *out, struct scan_batch *batch);

int64_t monotonic_ns(void);

#endif
