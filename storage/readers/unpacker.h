// SPDX-License-Identifier: MIT
/**
 * Unpacking as the program uses it: in a process that can open nothing, or without any in this one.
 * What comes back is checked like any input; its words are as good as the archive.
 */
#ifndef STORAGE_READERS_UNPACKER_H
#define STORAGE_READERS_UNPACKER_H

#include "storage/files/unpack.h"
#include "storage/readers/readers.h"

/**
 * As unpack_run(). Data comes only for members that it was wanted of, and never more than they say
 * they have; the taker checks nothing of that again.
 *
 * @readers  borrowed; NULL: this process does it
 * @fd       the archive
 * @err      also SYSTEM with E_WORKER: it crashed or said nothing for too long
 */
NODISCARD bool unpacker_run(struct readers *readers, int fd, uint64_t size_bytes,
			    const struct unpack_wish *wish, const struct unpack_taker *taker,
			    struct error *err);

/**
 * Takes what such a process says on `fd`, to its end.
 * @silence_ms  that is borne between two words of it
 */
NODISCARD bool unpacker_listen(int fd, int silence_ms, const struct unpack_wish *wish,
			       const struct unpack_taker *taker, struct error *err);

#endif
