// SPDX-License-Identifier: MIT
/**
 * What a process that unpacks does from its birth to its end: confines itself, is sent one archive and
 * what is wanted of it, and tells member by member. Opens nothing, writes to its socket alone.
 */
#ifndef STORAGE_READERS_UNPACK_LOOP_H
#define STORAGE_READERS_UNPACK_LOOP_H

#include "storage/files/unpack.h"

/** What it says. */
enum unpack_word {
	UNPACK_SAYS_MEMBER, /* packed: path, kind, size + 1 or 0, encrypted */
	UNPACK_SAYS_DATA,   /* bytes of the last member */
	UNPACK_SAYS_END,    /* of its data */
	UNPACK_SAYS_ALIVE,  /* nothing else */
	UNPACK_SAYS_DONE,   /* packed: error code, code of the bad-input table, text */
	UNPACK_WORD_COUNT
};

/** Stands before what each says; both are of one machine. */
struct unpack_head {
	uint32_t word, bytes;
};

#define UNPACK_REQUEST_BYTES_MAX (256u << 20) /* ten times the paths of the most members */

/** @fd  a stream: one request with the archive's descriptor, then what is said about it */
NORETURN void unpack_loop(int fd);

#endif
