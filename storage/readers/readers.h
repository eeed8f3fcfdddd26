// SPDX-License-Identifier: MIT
/**
 * Where processes that read files come from: a process forked before there is any thread, which
 * forks them when they are asked for.
 *
 * So a reader starts with the knowledge in its memory and with no lock held by anybody, however
 * many threads the program has by then. They die with the program, whatever it dies of.
 */
#ifndef STORAGE_READERS_READERS_H
#define STORAGE_READERS_READERS_H

#include <sys/types.h>

#include "storage/readers/confine.h"
#include "storage/scan/model_reader.h"

/** As model_reader_read(), which it is but in tests. */
typedef void (*readers_read_fn)(struct model_reader *reader, const struct opened *opened,
				struct arena *arena, struct flat *out);

struct readers_options {
	const struct knowledge *knowledge; /* borrowed for the life of the readers */
	readers_read_fn read;              /* NULL: model_reader_read */
	int wall_ms, cpu_ms;               /* that one file may take; 0: the usual */
};

struct readers;

/**
 * Forks the process that forks readers. To be called while the program has one thread and no
 * database open.
 *
 * @return  NULL with `err` when the system gives no process
 */
struct readers *readers_open(const struct readers_options *options, struct error *err);
/** After the last reader was buried. */
void readers_close(struct readers *readers);

/** With nothing left at its usual. */
const struct readers_options *readers_options(const struct readers *readers);

/** Are those walls less than they should be, and is this the first time that anybody asks? */
bool readers_must_tell(struct readers *readers, const struct confinement *walls);

/** What a reader is there for. */
enum reader_duty {
	READER_IDENTIFIES,
	READER_IDENTIFIES_FOR_INDEX, /* model_reader_create() gives facts */
	READER_UNPACKS,              /* unpack_loop(): one archive, then it ends */
};

/** One reader as its user holds it. */
struct reader_child {
	pid_t pid;
	int fd; /* the socket to it */
	struct confinement walls;
};

/**
 * Starts a reader. From any thread, as all below.
 * @err  SYSTEM
 */
NODISCARD bool readers_spawn(struct readers *readers, enum reader_duty duty,
			     struct reader_child *out, struct error *err);
/** Kills it unless it is dead, closes its socket; the status that waitpid() gives, -1: unknown. */
int readers_bury(struct readers *readers, const struct reader_child *child);

#endif
