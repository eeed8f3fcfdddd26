// SPDX-License-Identifier: MIT
/**
 * A row of like pieces of work, shared by a few threads that live as long as it takes.
 */
#ifndef CORE_BASE_CREW_H
#define CORE_BASE_CREW_H

#include <stddef.h>

/** Threads at most, the caller's among them. */
#define CREW_MAX 4

/**
 * Does the pieces from `first` to before `end`, in one of the threads.
 *
 * @member_i  which of them: 0 up to CREW_MAX - 1, and no two at a time have the same
 */
typedef void (*crew_work)(void *context, size_t member_i, size_t first, size_t end);

/** How many are worth their while where they only think: one a processor. Who waits for a disk takes CREW_MAX. */
size_t crew_of_thinkers(void);

/**
 * Calls `work` for all of `n` pieces, `share` of them at a time, and returns when all are done.
 *
 * @n_members  threads at most, up to CREW_MAX
 */
void crew_do(size_t n_members, size_t n, size_t share, crew_work work, void *context);

#endif
