// SPDX-License-Identifier: MIT
/**
 * A bounded queue of messages between threads: sending gives the message away.
 */
#ifndef CORE_BASE_QUEUE_H
#define CORE_BASE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/compiler.h"

struct queue;

/** `wakes`: keep a descriptor readable while messages wait (see queue_fd). */
struct queue *queue_create(size_t capacity, bool wakes);
/** Messages still inside are the caller's loss: drain first. Accepts NULL. */
void queue_destroy(struct queue *queue);
/** Blocks while full. False, and the message stays the caller's, after queue_close. */
NODISCARD bool queue_send(struct queue *queue, void *message);
/** Never blocks; false when full or closed. */
NODISCARD bool queue_try_send(struct queue *queue, void *message);
/** Blocks; NULL when closed and empty. */
void *queue_receive(struct queue *queue);
/** At most `timeout_ms` (-1: as long as it takes); NULL when nothing came. */
void *queue_receive_timeout(struct queue *queue, int timeout_ms);
/** No more sending; receivers get what is left, then NULL. */
void queue_close(struct queue *queue);
size_t queue_length(struct queue *queue);
/** For poll(): readable while messages wait. -1 without `wakes`. */
int queue_fd(const struct queue *queue);

#endif
