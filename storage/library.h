// SPDX-License-Identifier: MIT
/**
 * The only door to the disk: a mailbox. Requests in, events out; nothing in here calls back.
 *
 * Behind it: a writer thread (the only read-write connection), a query thread (read-only), and a
 * scanner with its workers while a scan runs.
 */
#ifndef STORAGE_LIBRARY_H
#define STORAGE_LIBRARY_H

#include "storage/messages.h"

enum library_mode {
	LIBRARY_READ,		/* no lock; requests that change something fail */
	LIBRARY_WRITE,		/* the lock, or ERROR_LOCKED naming the holder's pid */
	LIBRARY_WRITE_IF_FREE,	/* the lock if it is free, else as READ: the terminal UI */
};

struct library_options {
	const char *data_dir;			/* made (0700) when absent and mode allows */
	const struct knowledge *knowledge;	/* borrowed for the library's life */
	enum library_mode mode;
	unsigned wait_s;			/* for the lock */
	unsigned n_workers;			/* probe workers; 0: one a processor, at least 4 */
	const struct str *extensions;	size_t n_extensions;	/* ".safetensors", ...; none: the usual */
	const struct str *ignore;	size_t n_ignore;	/* globs of names or of paths below the root */
};

struct library;

NODISCARD bool library_open(const struct library_options *options, struct library **out,
			    struct error *err);
/** Cancels a running scan, finishes what is committed half-way, joins all threads. */
void library_close(struct library *library);
/** Holds the writing lock? The holder's pid otherwise (0: unknown). */
bool library_can_write(const struct library *library, int *holder_pid);
/** Gives the request away. Blocks only if thousands are waiting. */
void library_send(struct library *library, struct request *request);
/** Next event, or NULL after `timeout_ms` (-1: as long as it takes). */
struct event *library_receive(struct library *library, int timeout_ms);
/** For poll(): readable while events wait. */
int library_fd(const struct library *library);

/**
 * Identifies a file straight from disk; no index is opened. Never fails: an absent or unreadable
 * file is a model with status UNREADABLE and E_IO.
 *
 * @path   as given; a link that is named is followed
 * @arena  owns everything in `out`
 */
void library_inspect(const struct knowledge *knowledge, const char *path, struct arena *arena,
		     struct model *out);

/**
 * Tells copies of one file: a hash over its size and both its ends, links followed.
 * @return  on the arena; NULL when the file cannot be read
 */
const char *library_content(const char *path, struct arena *arena);

/**
 * Layouts: the tensors of models, which bindings are made of. Read from disk, each kept once for all
 * the models that share it.
 */
struct layouts;

struct layouts *library_layouts_open(const struct knowledge *knowledge);
void library_layouts_close(struct layouts *layouts);

/**
 * Which layout the model at that path has.
 *
 * @path   a link that is named is followed
 * @key    out: equal for equal layouts; lives as long as `layouts`
 * @return false when it has no tensors or cannot be read whole
 */
bool library_layout_find(struct layouts *layouts, const char *path, struct str *key);

/** The tensors of a layout that was found. @arena owns the table; false when there is no memory */
bool library_layout_read(const struct layouts *layouts, struct str key, struct arena *arena,
			 struct tensor_table *table);

#endif
