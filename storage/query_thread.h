// SPDX-License-Identifier: MIT
/**
 * The query thread: owns a connection that only reads, and the shelf. Answers questions; of several
 * queries that wait, only the newest.
 */
#ifndef STORAGE_QUERY_THREAD_H
#define STORAGE_QUERY_THREAD_H

#include "storage/library.h"
#include "storage/mail.h"

struct query_options {
	const struct library_options *library; /* borrowed for the thread's life */
	bool can_write;                        /* this library holds the lock */
	struct queue *inbox;                   /* struct mail * */
	struct queue *events;                  /* struct event * */
	struct queue *writer; /* struct mail *: edits by query go on there with ids */
};

struct query_thread;

/** Opens index.db and user.db for reading: after the writer has made them. */
NODISCARD bool query_thread_create(const struct query_options *options, struct query_thread **out,
				   struct error *err);
void query_thread_start(struct query_thread *thread);
/** After MAIL_STOP was sent, or when it was never started. */
void query_thread_destroy(struct query_thread *thread);

#endif
