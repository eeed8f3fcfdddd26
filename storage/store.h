// SPDX-License-Identifier: MIT
/**
 * What the writer thread owns on disk: both writing connections, and the open batch of changes to
 * index.db. Committing a batch tells the query thread and the person. While files are being moved all that
 * is about index.db is lent to a follower (follower.h).
 */
#ifndef STORAGE_STORE_H
#define STORAGE_STORE_H

#include "core/base/queue.h"
#include "storage/index/models.h"
#include "storage/library.h"
#include "storage/user/roots.h"

/** A batch is committed when it has this many rows or is this old, whichever comes first. */
#define STORE_BATCH_ROWS 2000
#define STORE_BATCH_MS 250

struct store {
	const struct library_options *options; /* borrowed */
	struct queue *events;                  /* borrowed: struct event * */
	struct queue *readers;                 /* borrowed: struct mail * */
	struct db *index, *user;
	struct models models;
	bool has_corrections; /* of any model: else nobody need look */
	struct array changed; /* uint32_t: not told yet */
	bool everything_changed;
	uint64_t generation;
	bool in_batch;
	size_t n_rows; /* in the batch */
	int64_t batch_began_ms;
};

void store_init(struct store *store, const struct library_options *options, struct queue *events,
		struct queue *readers);
/**
 * Opens user.db and index.db for writing: under the lock.
 *
 * An index.db that is damaged or of another schema is moved aside and made anew, which is told. A
 * user.db that is not as it should be is left alone and fails.
 */
NODISCARD bool store_open(struct store *store, struct error *err);
void store_close(struct store *store);

/** The batch that is open, or a new one. */
NODISCARD bool store_begin(struct store *store, struct error *err);
/** Commits the open batch, if there is one, and tells. */
NODISCARD bool store_commit(struct store *store, struct error *err);
void store_rollback(struct store *store);
/** Milliseconds until the open batch is to be committed; -1: there is none. */
int store_due_ms(const struct store *store);
/** Tells the query thread and the person what changed; after a commit. */
void store_tell(struct store *store);

NODISCARD bool store_roots(struct store *store, struct arena *arena, struct roots *out,
			   struct error *err);

/** Gives the event away. */
void store_send(struct store *store, struct event *event);
void store_fail(struct store *store, uint32_t serial, const struct error *err);

int64_t store_now_s(void);
int64_t store_monotonic_ms(void);

/**
 * The subject of a model of the index, made if need be; the model counts as changed.
 * @err  CHANGED: it left the library meanwhile
 */
NODISCARD bool store_subject(struct store *store, const struct roots *roots, uint32_t id,
			     int64_t *subject, struct error *err);

#endif
