// SPDX-License-Identifier: MIT
/**
 * Undo and redo, as the writer carries them out: the last operations, or one by its number.
 */
#ifndef STORAGE_UNDO_H
#define STORAGE_UNDO_H

#include "storage/edits.h"

/**
 * One after the other, the newest first. Where one cannot be reverted, those before it stay
 * reverted and the error says how many.
 *
 * @request  a REQUEST_UNDO
 * @result   `n_changed` operations; `operation`: the last of them
 * @err      USAGE: nothing to undo or redo, no such operation; CHANGED: what it changed was changed
 *           again since
 */
NODISCARD bool undo_operations(struct store *store, struct request *request,
			       struct edit_result *result, struct error *err);

#endif
