// SPDX-License-Identifier: MIT
#include "storage/scan/work.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/must.h"

/* Folders first, so that the total is soon known, but not further ahead than this many chunks. */
enum { CHUNKS_AHEAD = 32 };

struct work {
	pthread_mutex_t lock;
	pthread_cond_t has_work, is_idle;
	struct folder_job *folders; /* newest first: depth first, few waiting */
	struct chunk *chunks, **last_chunk;
	size_t n_chunks, n_busy;
	bool is_closed;
};

struct folder_job *folder_job_create(size_t root_i, unsigned depth, bool is_deep, struct str path)
{
	struct folder_job *job = malloc(sizeof *job + path.len + 1);
	if (!job)
		die_oom();
	char *copy = (char *)(job + 1);
	memcpy(copy, path.ptr, path.len);
	copy[path.len] = '\0';
	*job = (struct folder_job){
		.root_i = root_i, .depth = depth, .is_deep = is_deep, .path = { copy, path.len }
	};
	return job;
}

struct chunk *chunk_create(void)
{
	struct chunk *chunk = calloc(1, sizeof *chunk);
	if (!chunk)
		die_oom();
	return chunk;
}

void chunk_destroy(struct chunk *chunk)
{
	if (!chunk)
		return;
	arena_finish(&chunk->arena);
	free(chunk);
}

void chunk_add(struct chunk *chunk, const struct probe_job *job)
{
	struct probe_job *copy = &chunk->jobs[chunk->n++];
	*copy = *job;
	candidate_copy(&job->candidate, &chunk->arena, &copy->candidate);
}

struct work *work_create(void)
{
	struct work *work = calloc(1, sizeof *work);
	if (!work)
		die_oom();
	work->last_chunk = &work->chunks;
	pthread_condattr_t monotonic;
	must(pthread_condattr_init(&monotonic));
	must(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC));
	must(pthread_mutex_init(&work->lock, NULL));
	must(pthread_cond_init(&work->has_work, &monotonic));
	must(pthread_cond_init(&work->is_idle, &monotonic));
	must(pthread_condattr_destroy(&monotonic));
	return work;
}

static struct folder_job *pop_folder(struct work *work)
{
	struct folder_job *job = work->folders;
	if (job)
		work->folders = job->next;
	return job;
}

static struct chunk *pop_chunk(struct work *work)
{
	struct chunk *chunk = work->chunks;
	if (!chunk)
		return NULL;
	work->chunks = chunk->next;
	if (!work->chunks)
		work->last_chunk = &work->chunks;
	work->n_chunks--;
	return chunk;
}

static void drop_all(struct work *work)
{
	for (struct folder_job *job; (job = pop_folder(work));)
		free(job);
	for (struct chunk *chunk; (chunk = pop_chunk(work));)
		chunk_destroy(chunk);
}

void work_destroy(struct work *work)
{
	if (!work)
		return;
	drop_all(work);
	must(pthread_cond_destroy(&work->is_idle));
	must(pthread_cond_destroy(&work->has_work));
	must(pthread_mutex_destroy(&work->lock));
	free(work);
}

void work_add_folder(struct work *work, struct folder_job *job)
{
	must(pthread_mutex_lock(&work->lock));
	job->next = work->folders;
	work->folders = job;
	must(pthread_cond_signal(&work->has_work));
	must(pthread_mutex_unlock(&work->lock));
}

void work_add_chunk(struct work *work, struct chunk *chunk)
{
	must(pthread_mutex_lock(&work->lock));
	chunk->next = NULL;
	*work->last_chunk = chunk;
	work->last_chunk = &chunk->next;
	work->n_chunks++;
	must(pthread_cond_signal(&work->has_work));
	must(pthread_mutex_unlock(&work->lock));
}

static struct work_taken take(struct work *work)
{
	struct work_taken taken = { .type = WORK_NOTHING };
	if (work->is_closed) {
		taken.type = WORK_END;
	} else if (work->n_chunks < CHUNKS_AHEAD && (taken.folder = pop_folder(work))) {
		taken.type = WORK_FOLDER;
	} else if ((taken.chunk = pop_chunk(work))) {
		taken.type = WORK_CHUNK;
	}
	return taken;
}

struct work_taken work_take(struct work *work, bool waits)
{
	must(pthread_mutex_lock(&work->lock));
	struct work_taken taken = take(work);
	while (waits && taken.type == WORK_NOTHING) {
		must(pthread_cond_wait(&work->has_work, &work->lock));
		taken = take(work);
	}
	if (taken.type == WORK_FOLDER || taken.type == WORK_CHUNK)
		work->n_busy++;
	must(pthread_mutex_unlock(&work->lock));
	return taken;
}

static bool is_idle(const struct work *work)
{
	return work->n_busy == 0 && !work->folders && !work->chunks;
}

void work_done(struct work *work)
{
	must(pthread_mutex_lock(&work->lock));
	work->n_busy--;
	if (is_idle(work))
		must(pthread_cond_broadcast(&work->is_idle));
	must(pthread_mutex_unlock(&work->lock));
}

static struct timespec deadline_in(int timeout_ms)
{
	struct timespec time;
	must(clock_gettime(CLOCK_MONOTONIC, &time));
	long ns = time.tv_nsec + (long)(timeout_ms % 1000) * 1000000;
	time.tv_sec += timeout_ms / 1000 + ns / 1000000000;
	time.tv_nsec = ns % 1000000000;
	return time;
}

bool work_wait_idle(struct work *work, int timeout_ms)
{
	struct timespec deadline = deadline_in(timeout_ms);
	int result = 0;
	must(pthread_mutex_lock(&work->lock));
	while (!is_idle(work) && result != ETIMEDOUT) {
		result = pthread_cond_timedwait(&work->is_idle, &work->lock, &deadline);
		if (result != ETIMEDOUT)
			must(result);
	}
	bool idle = is_idle(work);
	must(pthread_mutex_unlock(&work->lock));
	return idle;
}

void work_close(struct work *work)
{
	must(pthread_mutex_lock(&work->lock));
	work->is_closed = true;
	drop_all(work);
	must(pthread_cond_broadcast(&work->has_work));
	must(pthread_cond_broadcast(&work->is_idle));
	must(pthread_mutex_unlock(&work->lock));
}
