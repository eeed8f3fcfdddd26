// SPDX-License-Identifier: MIT
/**
 * Hashes of whole files, in threads of their own: large reads that give way to others.
 *
 * One pass over a file. A file that changes meanwhile has no hash. Results come through a queue.
 */
#ifndef STORAGE_SCAN_HASHER_H
#define STORAGE_SCAN_HASHER_H

#include "core/base/hash.h"
#include "core/base/queue.h"
#include "core/base/error.h"
#include "storage/scan/finding.h"

enum hash_wish {
	HASH_ENDS, /* size and both ends: tells most files apart */
	HASH_WHOLE,
	HASH_WHOLE_AND_TENSORS, /* and what follows the header of a safetensors */
};

struct hash_job {
	uint32_t id;     /* the asker's */
	struct str path; /* absolute; a link is followed. Lives as long as the hasher */
	enum hash_wish wish;
};

/** A result; the receiver frees it with free(). */
struct hash_result {
	size_t job;              /* which */
	struct error err;        /* NONE, or why there is none; CHANGED, SYSTEM, CANCELLED */
	struct file_state state; /* the context is not filled */
	uint64_t dev;
	char sha256[SHA256_HEX + 1];  /* of ENDS: of these */
	char tensors[SHA256_HEX + 1]; /* empty: not asked for, or no safetensors */
};

struct hasher;

/**
 * @jobs       borrowed for its life
 * @n_threads  0: one a processor, at most 4
 * @results    borrowed: gets struct hash_result * for each job, in any order
 */
struct hasher *hasher_start(const struct hash_job *jobs, size_t n_jobs, unsigned n_threads,
			    struct queue *results);
/** Reading stands still, at once, or goes on. */
void hasher_pause(struct hasher *hasher, bool is_paused);
/** Of whole files, how much was read so far. */
uint64_t hasher_bytes(struct hasher *hasher);
/** What is not read yet ends with CANCELLED. */
void hasher_cancel(struct hasher *hasher);
/** Joins the threads: the queue must be drained, or closed. */
void hasher_destroy(struct hasher *hasher);

#endif
