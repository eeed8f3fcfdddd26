// SPDX-License-Identifier: MIT
/**
 * The index follows files that moved, in a thread of its own, while the next ones move: the disk and the
 * index wait for one another nowhere else.
 *
 * While it works, the index of the store, its models, its batch and its changes are its own. Nothing is
 * committed: the batch is left to who settles the operation, or takes it back.
 */
#ifndef STORAGE_FOLLOWER_H
#define STORAGE_FOLLOWER_H

#include "storage/settle.h"

struct follower;

/** @settlement  copied; what it points to outlives the follower, and its steps stay where they are */
struct follower *follower_create(const struct settlement *settlement);
/** What it has not begun to follow it does not follow. Accepts NULL. */
void follower_destroy(struct follower *follower);

/** The steps before `end` are ended. Does not wait. */
void follower_take(struct follower *follower, size_t end);
/**
 * Waits until it has followed all that it took. The batch is still open.
 * @err  INDEX; the batch is gone, and with it more than the step that failed
 */
NODISCARD bool follower_rest(struct follower *follower, struct error *err);

#endif
