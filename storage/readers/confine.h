// SPDX-License-Identifier: MIT
/**
 * Giving up, for good, whatever the reading of a file does not need: the walls round a reader.
 *
 * Each wall stands by itself, since not every kernel has all: limits of what it may use, Landlock
 * (no path, no network), and a filter that ends the process at any system call but a few.
 */
#ifndef STORAGE_READERS_CONFINE_H
#define STORAGE_READERS_CONFINE_H

#include <stdbool.h>

struct confinement {
	bool has_landlock;
	bool has_filter; /* the wall that counts: without it the person is told */
};

/** Was this program built with a sanitizer? It needs system calls of its own: no walls then. */
bool confine_is_instrumented(void);

/**
 * Confines the calling process, which must have one thread and hold no descriptor but those it is
 * to use. Not undone by anything.
 *
 * @return  the walls that now stand
 */
struct confinement confine_self(void);

#endif
