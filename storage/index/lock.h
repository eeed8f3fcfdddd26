// SPDX-License-Identifier: MIT
/**
 * One writer a data folder: flock on `lock`, with the holder's pid and host inside.
 *
 * The kernel lets go when the holder dies, so it is never stale; the text inside only tells who.
 */
#ifndef STORAGE_INDEX_LOCK_H
#define STORAGE_INDEX_LOCK_H

#include "core/base/error.h"

/**
 * Takes the lock of `data_dir`, trying for `wait_s` seconds.
 *
 * @fd          out: holds the lock until closed; -1 on failure
 * @holder_pid  out: who holds it, when that is somebody else; 0: unknown
 * @err         LOCKED naming the holder; SYSTEM
 */
NODISCARD bool lock_take(const char *data_dir, unsigned wait_s, int *fd, int *holder_pid,
			 struct error *err);
void lock_release(int fd);

#endif
