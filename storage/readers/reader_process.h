// SPDX-License-Identifier: MIT
/**
 * A reader process as the program uses it: opened models out, what is known about them in.
 *
 * A file that its reader crashes on, or does not get done with, costs itself and nothing else: the
 * reader is replaced and goes on with the next. Nothing that comes back is believed unchecked.
 */
#ifndef STORAGE_READERS_READER_PROCESS_H
#define STORAGE_READERS_READER_PROCESS_H

#include <stdatomic.h>

#include "storage/readers/readers.h"
#include "storage/readers/wire.h"

/** What came of one model. */
struct reader_answer {
	struct model model; /* borrows from `flat` */
	struct flat flat;
	struct note trouble; /* E_WORKER, E_IO; code STR_NULL: it was read */
	bool is_passing;     /* the trouble may be gone the next time */
	bool was_cancelled;  /* nothing came of it, nothing is to be said of it */
};

struct reader_process;

/**
 * Starts nothing yet.
 *
 * @readers       borrowed
 * @gives_facts   as of model_reader_create()
 * @is_cancelled  borrowed; when it comes true, nothing is waited for any more. NULL: never
 */
struct reader_process *reader_process_create(struct readers *readers, bool gives_facts,
					     const atomic_bool *is_cancelled);
void reader_process_destroy(struct reader_process *process);

/**
 * Reads up to WIRE_MODELS_MAX models.
 *
 * @arena  owns what `out` points to
 */
void reader_process_read(struct reader_process *process, const struct opened *const *opened,
			 size_t n, struct arena *arena, struct reader_answer *out);

/** The walls round the reader; NULL while there is none. */
const struct confinement *reader_process_walls(const struct reader_process *process);

#endif
