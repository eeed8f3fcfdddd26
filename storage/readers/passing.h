// SPDX-License-Identifier: MIT
/**
 * Bytes over a local socket, and open descriptors with them.
 */
#ifndef STORAGE_READERS_PASSING_H
#define STORAGE_READERS_PASSING_H

#include <sys/types.h>

#include "core/base/array.h"

#define PASSING_DESCRIPTORS_MAX 253u /* of one message: SCM_MAX_FD of the kernel */

/** Sends bytes, and descriptors with the first of them. How many bytes went; -1 with errno. */
ssize_t passing_send(int to, const void *bytes, size_t len, const int *fds, size_t n_fds);

/**
 * Takes what has come, waiting for it.
 *
 * @fds     int: descriptors that came with it are appended, and are the caller's
 * @return  how many bytes; 0: nobody is there any more; -1 with errno, EMFILE when descriptors were
 *          lost
 */
ssize_t passing_receive(int from, void *bytes, size_t len, struct array *fds);

#endif
