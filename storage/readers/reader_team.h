// SPDX-License-Identifier: MIT
/**
 * A few reader processes shared by more threads: while some of these wait for answers, the others
 * open what is to be read next.
 */
#ifndef STORAGE_READERS_READER_TEAM_H
#define STORAGE_READERS_READER_TEAM_H

#include "storage/readers/reader_process.h"

struct reader_team;

/**
 * Starts nothing yet.
 *
 * @readers  borrowed; NULL: there is no team either, and NULL is returned
 * @n        processes, at most
 * The others are those of reader_process_create().
 */
struct reader_team *reader_team_create(struct readers *readers, size_t n, bool gives_facts,
				       const atomic_bool *is_cancelled);
void reader_team_destroy(struct reader_team *team);

/** As reader_process_read(), by whoever is free; waits until somebody is. From any thread. */
void reader_team_read(struct reader_team *team, const struct opened *const *opened, size_t n,
		      struct arena *arena, struct reader_answer *out);

/** The walls round a reader that has read; false: none has yet. From any thread. */
bool reader_team_walls(struct reader_team *team, struct confinement *out);

#endif
