// SPDX-License-Identifier: MIT
/**
 * What is left to do in a scan, shared by its workers: folders to walk, files to read.
 *
 * Files come in chunks, so that the lock is taken once for many; one huge folder is still spread,
 * since its chunks are handed out while it is being walked.
 */
#ifndef STORAGE_SCAN_WORK_H
#define STORAGE_SCAN_WORK_H

#include "storage/scan/changes.h"
#include "storage/scan/candidate.h"

#define CHUNK_FILES 64

struct folder_job {
	struct folder_job *next;
	size_t root_i;
	unsigned depth;
	bool is_deep;    /* with all that lies below */
	struct str path; /* its bytes follow the struct */
};

/** One file to be read. */
struct probe_job {
	size_t root_i;
	enum change change;
	enum finding_type type; /* MODEL or MOVED */
	uint32_t id;            /* 0: new */
	struct candidate candidate;
};

struct chunk {
	struct chunk *next;
	struct arena arena; /* owns what the jobs point to */
	struct probe_job jobs[CHUNK_FILES];
	size_t n;
};

struct folder_job *folder_job_create(size_t root_i, unsigned depth, bool is_deep, struct str path);
struct chunk *chunk_create(void);
void chunk_destroy(struct chunk *chunk);
/** A copy of `job` at the end of the chunk, which has room. */
void chunk_add(struct chunk *chunk, const struct probe_job *job);

struct work;

struct work *work_create(void);
void work_destroy(struct work *work);

/** Both give the job away. */
void work_add_folder(struct work *work, struct folder_job *job);
void work_add_chunk(struct work *work, struct chunk *chunk);

enum work_type {
	WORK_NOTHING, /* only when not asked to wait */
	WORK_FOLDER,
	WORK_CHUNK,
	WORK_END,
};

struct work_taken {
	enum work_type type;
	struct folder_job *folder; /* now the caller's; freed with free() */
	struct chunk *chunk;
};

/** Takes something to do. Whoever took something says work_done() after it. */
struct work_taken work_take(struct work *work, bool waits);
void work_done(struct work *work);

/** Waits until nothing is left and nobody is busy; false when `timeout_ms` passed before. */
NODISCARD bool work_wait_idle(struct work *work, int timeout_ms);
/** Drops what is left; everybody who takes gets WORK_END from now on. */
void work_close(struct work *work);

#endif
