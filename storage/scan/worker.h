// SPDX-License-Identifier: MIT
/**
 * One thread of a scan, and what all threads of it share.
 *
 * A worker takes whatever there is to do: walks a folder and compares what it finds with what is
 * known, or reads a chunk of the files that are new or changed.
 */
#ifndef STORAGE_SCAN_WORKER_H
#define STORAGE_SCAN_WORKER_H

#include <pthread.h>
#include <stdatomic.h>

#include "storage/scan/outbox.h"
#include "storage/scan/probe.h"
#include "storage/scan/root.h"
#include "storage/scan/scope.h"
#include "storage/scan/walk.h"
#include "storage/scan/work.h"

/** One root in the course of a scan. */
struct site {
	const struct scan_root *given; /* borrowed from the caller of the scanner */
	struct root root;
	struct walk_place place;
	struct scope scope;
	unsigned char *seen; /* of every known file: 1 when it is there, or not looked for */
	size_t n_present;    /* known files that were not marked missing before */
	bool is_online;
	struct array unread; /* struct str: folders not read whole; under `lock` */
};

struct scan {
	struct scanner_options options;
	struct queue *out; /* borrowed */
	struct work *work;
	struct site *sites;
	size_t n_sites, n_known;
	struct reader_team *team; /* of all workers; NULL: each reads by itself */
	size_t descriptors_max;   /* that one worker may have open */
	bool reads_ahead;
	int64_t start_ns;
	atomic_bool is_cancelled;
	atomic_size_t site_i; /* of the folder walked last: for progress */
	atomic_uint_fast64_t seen, read;
	pthread_mutex_t lock; /* guards what follows */
	struct arena arena;
	uint64_t *inodes; /* of all known files, sorted; NULL until asked for */
	size_t n_told;
};

struct worker {
	struct scan *scan;
	pthread_t thread;
	struct probe *probe; /* NULL until the first file */
	struct walk walk;
	struct outbox outbox;
	struct arena arena;              /* of one message */
	const struct folder_job *folder; /* being walked, with what is known of it */
	struct known_range known;
	struct chunk *open; /* being filled while walking */
	struct chunk *held; /* new files that may be known ones, moved */
	struct scan_summary counts;
};

void worker_start(struct worker *worker, struct scan *scan);
/** Returns when the work is closed; what it found has been sent. */
void worker_join(struct worker *worker);
/** Frees what it held back. */
void worker_finish(struct worker *worker);

bool scan_is_cancelled(const struct scan *scan);

/** One line for the person; only so many in one scan, and none in a live one. */
void scan_tell(struct scan *scan, struct str text);

#endif
