// SPDX-License-Identifier: MIT
/**
 * What the writer does when nobody wants anything: full hashes, a few models at a time, of those that
 * have none yet. It only says what is next.
 */
#ifndef STORAGE_IDLE_H
#define STORAGE_IDLE_H

#include "storage/store.h"

/** How far it is. A zeroed one begins. */
struct idle {
	int64_t quiet_since_ms;
	uint32_t after,
		next; /* ids: up to there all is hashed, or will be when those in hand are */
	bool is_done;
};

/** Somebody wants something: rest begins anew after it. */
void idle_disturb(struct idle *idle);
/** Models came or changed. */
void idle_begin_anew(struct idle *idle);
/** For poll(): until there is something to do; -1: as long as it takes. */
int idle_due_ms(const struct idle *idle, const struct store *store);
/** A REQUEST_HASH of the next few; NULL: all are hashed, or it failed. To be answered by idle_ended. */
struct request *idle_request(struct idle *idle, struct store *store);
void idle_ended(struct idle *idle, bool is_whole);

#endif
