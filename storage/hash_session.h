// SPDX-License-Identifier: MIT
/**
 * Hashing as the writer sees it: threads read, results become rows of index.db one by one, so that
 * what was read before a kill is known afterwards.
 */
#ifndef STORAGE_HASH_SESSION_H
#define STORAGE_HASH_SESSION_H

#include "storage/edits.h"

struct hash_session;

/**
 * @request  a REQUEST_HASH with its ids, or for those of them that may be twins: same size, then same
 *           ends, and only then whole. A size that only one file has costs no read
 */
NODISCARD bool hash_session_start(struct store *store, const struct request *request,
				  struct hash_session **out, struct error *err);
/** For poll(): readable when there is something to take. */
int hash_session_fd(const struct hash_session *session);
/** Takes what has come, without waiting; true when all is read, committed and told. */
bool hash_session_take(struct hash_session *session);
/** Reading stands still or goes on. */
void hash_session_pause(struct hash_session *session, bool is_paused);
/** When hash_session_take should be called again, whatever comes: to tell how far it is. */
int hash_session_due_ms(const struct hash_session *session);
/** Did nobody ask for it? */
bool hash_session_is_idle(const struct hash_session *session);
bool hash_session_was_cancelled(const struct hash_session *session);
void hash_session_cancel(struct hash_session *session);
void hash_session_destroy(struct hash_session *session);

#endif
