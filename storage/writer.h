// SPDX-License-Identifier: MIT
/**
 * The writer thread: owns the only connections that write, one to each database, and the scanner
 * while one runs. Requests in, commits out; the query thread and the person are told of each.
 */
#ifndef STORAGE_WRITER_H
#define STORAGE_WRITER_H

#include "storage/index/db.h"
#include "storage/library.h"
#include "storage/mail.h"

struct writer_options {
	const struct library_options *library; /* borrowed for the writer's life */
	struct queue *inbox;                   /* struct mail *, with a wake-up descriptor */
	struct queue *events;                  /* struct event * */
	struct queue *readers;                 /* struct mail *: the query thread's inbox */
};

struct writer;

/** Under the lock. */
struct writer *writer_create(const struct writer_options *options);
/** Opens both databases, moving a damaged or outdated index.db aside. */
NODISCARD bool writer_open(struct writer *writer, struct error *err);
/** Not opened before, it is by the thread: what fails then is told, and fails every request. */
void writer_start(struct writer *writer);
/** After MAIL_STOP was sent, or when it was never started. Joins the thread, closes all. */
void writer_destroy(struct writer *writer);

#endif
