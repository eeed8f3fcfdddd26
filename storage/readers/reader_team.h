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

/**
 * Somebody who is free, to be given back; waits until somebody is. From any thread.
 *
 * What a reader says once, such as a layout, others come to rely on: it is to be passed on before
 * the reader is given back.
 */
struct reader_process *reader_team_take(struct reader_team *team);
void reader_team_give_back(struct reader_team *team, struct reader_process *process);

/** The walls round a reader that has read; false: none has yet. From any thread. */
bool reader_team_walls(struct reader_team *team, struct confinement *out);

#endif
