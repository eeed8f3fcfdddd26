// SPDX-License-Identifier: MIT
/**
 * What people do to roots: user.db first, then the index follows.
 */
#ifndef STORAGE_ROOT_EDITS_H
#define STORAGE_ROOT_EDITS_H

#include "storage/edits.h"

/** @request  a REQUEST_ROOT_ADD. @err USAGE, OFFLINE in words for people */
NODISCARD bool root_edits_add(struct store *store, struct request *request,
			      struct edit_result *result, struct error *err);
/** @request  a REQUEST_ROOT_REMOVE. While no scan runs. @err USAGE: there is no such root */
NODISCARD bool root_edits_remove(struct store *store, struct request *request,
				 struct edit_result *result, struct error *err);
/**
 * The folder of a root is elsewhere now, with all in it: its models keep their ids and what people
 * attached to them. While no scan runs.
 *
 * @request  a REQUEST_ROOT_RELOCATE
 * @err      USAGE: there is no such root or folder, it is another root, or hardly any of the models
 *           that were looked for is there (unless forced)
 */
NODISCARD bool root_edits_relocate(struct store *store, struct request *request,
				   struct edit_result *result, struct error *err);

/**
 * May roots go where an undo or a redo, which is not committed yet, brings them? For operation_revert.
 * @context  struct store *
 * @err      OFFLINE: the folder is not there; USAGE: it is another root
 */
NODISCARD bool root_edits_may_move(void *context, struct error *err);
/** Afterwards: the index knows roots that were moved by it where they are now. */
NODISCARD bool root_edits_follow(struct store *store, bool *has_moved, struct error *err);

#endif
