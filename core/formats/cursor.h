// SPDX-License-Identifier: MIT
/**
 * Reads a blob from front to back through a window, however far the header of it reaches; what is
 * skipped is not read.
 */
#ifndef CORE_FORMATS_CURSOR_H
#define CORE_FORMATS_CURSOR_H

#include "core/base/arena.h"
#include "core/base/blob.h"

#define CURSOR_WINDOW ((size_t)64 << 10) /* read at a time */
#define CURSOR_STEP ((size_t)4 << 10)    /* after a skip: the next one may be near */

struct cursor {
	const struct blob *blob; /* borrowed */
	uint64_t at;             /* of the next byte; at most the size of the blob */
	const char *window;      /* the bytes from `window_at` on that were read */
	uint64_t window_at;
	size_t window_len;
	char *room;       /* CURSOR_WINDOW bytes */
	struct error err; /* why the last call failed */
};

/** Starts at byte 0. @front: the first bytes, borrowed. @arena: owns the window */
void cursor_init(struct cursor *cursor, const struct blob *blob, struct str front,
		 struct arena *arena);

/** Bytes up to the end of the blob. */
uint64_t cursor_left(const struct cursor *cursor);

/** The next bytes; false with `cursor->err` set: E_TRUNCATED, E_IO. */
NODISCARD bool cursor_read(struct cursor *cursor, void *to, size_t len);
NODISCARD bool cursor_skip(struct cursor *cursor, uint64_t len);

#endif
