// SPDX-License-Identifier: MIT
/**
 * One operation on files as the writer carries it out: written down, done in slices, settled. What
 * is attached to the files and the rows of the index follow.
 */
#ifndef STORAGE_FILE_SESSION_H
#define STORAGE_FILE_SESSION_H

#include "core/organise/plan.h"
#include "storage/edits.h"

struct file_session;

/** An operation that takes the files of another one back, or forth again. */
struct file_reversal {
	int64_t operation; /* 0: this is none */
	enum operation_way way;
};

/**
 * Looks whether the plan still holds, unless the disk was looked at for it just now, and writes it down.
 * Nothing is done to the disk yet.
 *
 * @asked  must outlive the session, or lie in the arena
 * @arena  becomes the session's
 * @err    USAGE when there is nothing to do; CHANGED when it has conflicts
 */
NODISCARD bool file_session_apply(struct store *store, uint32_t serial, const struct plan *asked,
				  struct arena *arena, struct file_session **out,
				  struct error *err);
/** The opposite of what an operation did to files. @err USAGE, CHANGED */
NODISCARD bool file_session_revert(struct store *store, uint32_t serial,
				   struct file_reversal reversal, struct file_session **out,
				   struct error *err);
/** Asked while a long file is copied, so that others get their turn; it must not end the session. */
void file_session_watch(struct file_session *session, void (*turn)(void *context), void *context);
/** Does some of it; true when it is over and everything is settled. */
bool file_session_step(struct file_session *session);
/**
 * Before anybody else writes, between its slices: the index is as it was when the session began, and follows
 * at the end.
 */
void file_session_rest(struct file_session *session);
/** What has not begun will not be done. */
void file_session_cancel(struct file_session *session);
uint32_t file_session_serial(const struct file_session *session);

/**
 * After file_session_step said that it is over.
 * @roots   out: paths of the roots that a scan has to look at now, on `arena`
 * @return  false with `err`: not everything could be done. What was done stays, `result` tells how
 *          much
 */
NODISCARD bool file_session_result(const struct file_session *session, struct arena *arena,
				   struct edit_result *result, const struct str **roots,
				   size_t *n_roots, struct error *err);
void file_session_destroy(struct file_session *session);

/** Ends what was cut short when the program was; at start, under the lock. */
NODISCARD bool file_sessions_recover(struct store *store, struct error *err);

#endif
