// SPDX-License-Identifier: MIT
/**
 * One scan as the writer sees it: the scanner is started with what the index knows, and its batches
 * become rows.
 */
#ifndef STORAGE_SCAN_SESSION_H
#define STORAGE_SCAN_SESSION_H

#include "storage/live/live.h"
#include "storage/store.h"

struct scan_session;

/**
 * @request  a REQUEST_SCAN
 * @live     learns what is walked and found; borrowed; NULL: nobody watches
 * @err      USAGE when a path of it is no root
 */
NODISCARD bool scan_session_start(struct store *store, const struct request *request,
				  struct live *live, struct scan_session **out, struct error *err);
/** Nobody asked for it: it makes way for whatever is asked for. */
bool scan_session_is_live(const struct scan_session *session);
/** For poll(): readable when there is something to take. */
int scan_session_fd(const struct scan_session *session);
/** Takes what has come, without waiting; true when the scan is over, all is committed and told. */
bool scan_session_take(struct scan_session *session);
/** The scan ends soon: go on taking until it does. */
void scan_session_cancel(struct scan_session *session);
/** After scan_session_take said so. */
void scan_session_destroy(struct scan_session *session);

#endif
