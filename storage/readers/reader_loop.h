// SPDX-License-Identifier: MIT
/**
 * What a reader process does from its birth to its end: confines itself, then reads the files whose
 * descriptors it is sent.
 *
 * Whatever it calls opens nothing and asks the system for little: confine.c has the list.
 */
#ifndef STORAGE_READERS_READER_LOOP_H
#define STORAGE_READERS_READER_LOOP_H

#include "storage/readers/readers.h"

enum { READER_NO_MEMORY = 3 }; /* its exit status: that of die_oom() */

/**
 * What libraries do once, and could not do any more in a confined process: done by the process that
 * forks readers, so that they have it.
 */
void reader_loop_warm_up(bool gives_facts);

/** Confines this process and tells so on `fd`, before it sees any file. */
void reader_loop_confine(int fd);
/** Writes all of it, or ends the process: who talks to us is gone. */
void reader_loop_send(int fd, const char *bytes, size_t len);

/** @fd  a stream: requests in, replies out; its end is the reader's. */
NORETURN void reader_loop(int fd, const struct knowledge *knowledge, bool gives_facts,
			  readers_read_fn read);

#endif
