// SPDX-License-Identifier: MIT
/**
 * The only door to the disk: a mailbox. Requests in, events out; nothing in here calls back.
 *
 * Behind it: a writer thread (the only read-write connection), a query thread (read-only), and a
 * scanner with its workers while a scan runs.
 */
#ifndef STORAGE_LIBRARY_H
#define STORAGE_LIBRARY_H

#include "storage/files/pack.h" /* pack_write() needs no library: it works in the calling thread */
#include "storage/messages.h"

enum library_mode {
	LIBRARY_READ,          /* no lock; requests that change something fail */
	LIBRARY_WRITE,         /* the lock, or ERROR_LOCKED naming the holder's pid */
	LIBRARY_WRITE_IF_FREE, /* the lock if it is free, else as READ: the terminal UI */
};

/** Processes that read files in the program's place; where NULL is given, it reads them itself. */
struct readers;

/**
 * To be called before any library is opened and any thread started.
 * @knowledge  borrowed for their life
 * @return     NULL with `err` when the system gives no process
 */
struct readers *library_readers_open(const struct knowledge *knowledge, struct error *err);
/** After the library and the inspector that use them were closed. */
void library_readers_close(struct readers *readers);

struct library_options {
	const char *data_dir;              /* made (0700) when absent and mode allows */
	const char *trash_dir;             /* $XDG_DATA_HOME/Trash; NULL: nothing can be trashed */
	const struct knowledge *knowledge; /* borrowed for the library's life */
	struct readers *readers;           /* borrowed for the library's life */
	enum library_mode mode;
	unsigned wait_s; /* for the lock */
	bool watches;    /* while it can write, changes in the roots are seen */
	unsigned
		hash_idle_s; /* after so long without a change models are hashed; 0: only when asked */
	unsigned n_workers; /* of a scan; 0: one a processor, at least 8 */
	const struct str *extensions;
	size_t n_extensions; /* ".safetensors", ...; none: the usual */
	const struct str *ignore;
	size_t n_ignore; /* globs of names or of paths below the root */
};

struct library;

NODISCARD bool library_open(const struct library_options *options, struct library **out,
			    struct error *err);
/** Cancels a running scan, finishes what is committed half-way, joins all threads. */
void library_close(struct library *library);
/** The holder of a lock that nobody can take: the data folder cannot be written. */
#define LIBRARY_NOBODY (-1)
/** Holds the writing lock? The holder's pid otherwise (0: unknown; or LIBRARY_NOBODY). */
bool library_can_write(const struct library *library, int *holder_pid);
/** Gives the request away. Blocks only if thousands are waiting. */
void library_send(struct library *library, struct request *request);
/** Next event, or NULL after `timeout_ms` (-1: as long as it takes). */
struct event *library_receive(struct library *library, int timeout_ms);
/** For poll(): readable while events wait. */
int library_fd(const struct library *library);

/** Identifies files straight from disk; no index is opened. Keeps a reader at hand. */
struct inspector;

/** Both are borrowed for its life. */
struct inspector *library_inspector_create(const struct knowledge *knowledge,
					   struct readers *readers);
void library_inspector_destroy(struct inspector *inspector);

#define LIBRARY_INSPECT_MAX 16u /* files at once */

/**
 * Identifies files; many at once are faster. Never fails: an absent or unreadable file is a model
 * with status UNREADABLE and E_IO.
 *
 * @paths  as given; a link that is named is followed
 * @arena  owns everything in `out`
 */
void library_inspect(struct inspector *inspector, const char *const *paths, size_t n,
		     struct arena *arena, struct model *out);

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

/** Both are borrowed for their life. */
struct layouts *library_layouts_open(const struct knowledge *knowledge, struct readers *readers);
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
