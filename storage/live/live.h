// SPDX-License-Identifier: MIT
/**
 * Sees by itself what changes in the roots, and says what the writer should have looked at.
 *
 * Every scan tells it of each folder that it walks, and from then on the system watches that folder.
 * Where the system does not tell of changes, or has no room for more watches, roots are looked at now
 * and then; so are roots that are offline, also whenever something is mounted. Idle, it costs
 * nothing. Belongs to the writer thread, except live_enter.
 */
#ifndef STORAGE_LIVE_LIVE_H
#define STORAGE_LIVE_LIVE_H

#include "storage/scan/scanner.h"
#include "storage/user/roots.h"

#define LIVE_POLL_MS (5 * 60 * 1000) /* between two looks at a root that cannot be watched */
#define LIVE_OFFLINE_MS (60 * 1000)  /* or that is not there */
#define LIVE_FIRST_MS 1000           /* a scan that a person asks for goes before the first look */

struct live;

struct live *live_create(void);
/** Accepts NULL, as all that follow do: nobody watches then. */
void live_destroy(struct live *live);

/** These are the roots from now on; new ones are looked at soon. */
void live_set_roots(struct live *live, const struct roots *roots);

/**
 * Waits until there is something to read, something is due, or the time is up; and takes note of
 * what has changed.
 *
 * @inbox_fd    true is returned when this one is readable
 * @own_fd      of whatever else the caller waits for; -1: nothing
 * @timeout_ms  -1: as long as it takes
 * @wakes       also wake up for what is due
 */
bool live_wait(struct live *live, int inbox_fd, int own_fd, int timeout_ms, bool wakes);

/** A REQUEST_SCAN of all that is due; NULL when nothing is. To be answered by live_scanned. */
struct request *live_request(struct live *live);

/** A scan_enter_fn; the context is the struct live. For any thread. */
void live_enter(void *context, const struct scan_root *root, struct str folder, bool is_inner);
/** A scan that somebody asked for goes through the whole root. */
void live_scanning(struct live *live, int64_t root_id);
/** Something in that folder is being written. */
void live_put_off(struct live *live, int64_t root_id, struct str folder);
/** What a scan found out about a root. */
void live_root(struct live *live, int64_t root_id, bool is_online, bool has_events);
/** A scan is over. @is_whole  false: what it had to do is still to be done */
void live_scanned(struct live *live, bool is_whole);

/** Why not all is watched, once, for people; false when there is nothing to be said. On `arena`. */
bool live_must_tell(struct live *live, struct arena *arena, struct str *text);

#endif
