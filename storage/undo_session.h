// SPDX-License-Identifier: MIT
/**
 * Undo and redo as the writer carries them out: the last operations, or one by its number, the
 * newest first. What an operation did to files goes back in slices, all else at once.
 */
#ifndef STORAGE_UNDO_SESSION_H
#define STORAGE_UNDO_SESSION_H

#include "storage/file_session.h"

struct undo_session;

/** @request  a REQUEST_UNDO */
struct undo_session *undo_session_start(struct store *store, const struct request *request);
/** As file_session_watch, for all the operations that it takes back. */
void undo_session_watch(struct undo_session *session, void (*turn)(void *context), void *context);
/** Does some of it; true when it is over. */
bool undo_session_step(struct undo_session *session);
/** As file_session_rest. */
void undo_session_rest(struct undo_session *session);
/** The operation that is being reverted is brought to an end, no other is begun. */
void undo_session_cancel(struct undo_session *session);
uint32_t undo_session_serial(const struct undo_session *session);

/**
 * After undo_session_step said that it is over.
 * @result         `n_changed` operations; `operation`: the last of them
 * @touched_files  out: the roots are to be looked at again
 * @return         false with `err`: USAGE, nothing to undo or redo, no such operation; CHANGED, what
 *                 it changed was changed again since. Those before it stay reverted
 */
NODISCARD bool undo_session_result(const struct undo_session *session, struct edit_result *result,
				   bool *touched_files, struct error *err);
/** Are roots elsewhere than they were? */
bool undo_session_moved_roots(const struct undo_session *session);
void undo_session_destroy(struct undo_session *session);

#endif
