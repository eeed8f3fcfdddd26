// SPDX-License-Identifier: MIT
#include "storage/scan/hasher.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "storage/user/subjects.h"

enum { BLOCK_BYTES = 1 << 20, ALIGN_BYTES = 4096, THREADS_MAX = 4, HEADER_BYTES_MAX = 100 << 20 };

/* ioprio_set(2), which has no wrapper: best effort, the lowest of it, for one thread. */
enum { IOPRIO_WHO_PROCESS = 1, IOPRIO_LOWEST = (2 << 13) | 7 };

struct hasher {
	const struct hash_job *jobs;
	size_t n_jobs;
	struct queue *results;
	atomic_size_t next;
	atomic_bool is_cancelled;
	atomic_bool is_paused;
	atomic_ullong n_bytes; /* read of whole files */
	pthread_mutex_t mutex; /* who stands still waits under it */
	pthread_cond_t goes_on;
	pthread_t threads[THREADS_MAX];
	unsigned n_threads;
};

/** One file on its way. */
struct hashing {
	struct hasher *hasher;
	int fd;
	uint64_t size_bytes;
	uint64_t tensors_at; /* where they begin; 0: none */
	char *buffer;
	struct sha256 *whole, *tensors;
};

static bool read_block(const struct hashing *hashing, uint64_t offset, size_t len,
		       struct error *err)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = pread(hashing->fd, hashing->buffer + done, len - done,
				  (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_system(err, errno, "reading");
		if (n == 0)
			return error_set(err, ERROR_CHANGED, NULL,
					 "it became shorter while it was read");
		done += (size_t)n;
	}
	return true;
}

/* "{" behind a length that fits: what safetensors files begin with. */
static bool find_tensors(struct hashing *hashing, struct error *err)
{
	uint64_t len = 0;
	if (hashing->size_bytes < 10)
		return true;
	if (!read_block(hashing, 0, 9, err))
		return false;
	for (int i = 7; i >= 0; i--)
		len = len << 8 | (unsigned char)hashing->buffer[i];
	if (len >= 2 && len <= HEADER_BYTES_MAX && len <= hashing->size_bytes - 8 &&
	    hashing->buffer[8] == '{')
		hashing->tensors_at = 8 + len;
	return true;
}

static void stand_still(struct hasher *hasher)
{
	if (!atomic_load(&hasher->is_paused))
		return;
	pthread_mutex_lock(&hasher->mutex);
	while (atomic_load(&hasher->is_paused) && !atomic_load(&hasher->is_cancelled))
		pthread_cond_wait(&hasher->goes_on, &hasher->mutex);
	pthread_mutex_unlock(&hasher->mutex);
}

static void add_block(const struct hashing *hashing, uint64_t offset, size_t len)
{
	sha256_add(hashing->whole, hashing->buffer, len);
	if (!hashing->tensors || offset + len <= hashing->tensors_at)
		return;
	size_t skip = offset < hashing->tensors_at ? (size_t)(hashing->tensors_at - offset) : 0;
	sha256_add(hashing->tensors, hashing->buffer + skip, len - skip);
}

static bool run_through(const struct hashing *hashing, struct error *err)
{
	for (uint64_t at = 0; at < hashing->size_bytes; at += BLOCK_BYTES) {
		uint64_t left = hashing->size_bytes - at;
		size_t len = left < BLOCK_BYTES ? (size_t)left : BLOCK_BYTES;
		stand_still(hashing->hasher);
		if (atomic_load(&hashing->hasher->is_cancelled))
			return error_set(err, ERROR_CANCELLED, NULL, "stopped");
		if (!read_block(hashing, at, len, err))
			return false;
		add_block(hashing, at, len);
		atomic_fetch_add(&hashing->hasher->n_bytes, len);
	}
	/* What was read once is not read again soon; others' files stay in memory. */
	(void)posix_fadvise(hashing->fd, 0, 0, POSIX_FADV_DONTNEED);
	return true;
}

static int64_t nanoseconds(struct timespec time)
{
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static bool look(int fd, struct hash_result *result, struct error *err)
{
	struct stat state;
	if (fstat(fd, &state) != 0)
		return error_system(err, errno, "looking");
	if (!S_ISREG(state.st_mode))
		return error_set(err, ERROR_UNSUPPORTED, NULL, "it is no file");
	result->state = (struct file_state){
		.inode = (uint64_t)state.st_ino,
		.size_bytes = (uint64_t)state.st_size,
		.mtime_ns = nanoseconds(state.st_mtim),
		.ctime_ns = nanoseconds(state.st_ctim),
	};
	result->dev = (uint64_t)state.st_dev;
	return true;
}

static bool is_as_before(int fd, const struct hash_result *result, struct error *err)
{
	struct hash_result now;
	return look(fd, &now, err) &&
	       ((now.state.size_bytes == result->state.size_bytes &&
		 now.state.mtime_ns == result->state.mtime_ns) ||
		error_set(err, ERROR_CHANGED, NULL, "it changed while it was read"));
}

/* The ends are hashed as subjects know a file. */
static bool hash_ends(const struct hashing *hashing, struct hash_result *result)
{
	return subject_quick_hash_open(hashing->fd, result->sha256) ||
	       error_set(&result->err, ERROR_CHANGED, NULL, "its ends could not be read");
}

static bool hash_whole(struct hashing *hashing, bool has_tensors, struct hash_result *result)
{
	struct error *err = &result->err;
	if (has_tensors && !find_tensors(hashing, err))
		return false;
	hashing->whole = sha256_create();
	hashing->tensors = hashing->tensors_at ? sha256_create() : NULL;
	bool ok = run_through(hashing, err);
	/* Both are finished in any case: that is what frees them. */
	sha256_hex(hashing->whole, result->sha256);
	if (hashing->tensors)
		sha256_hex(hashing->tensors, result->tensors);
	return ok;
}

static bool hash_open(struct hashing *hashing, enum hash_wish wish, struct hash_result *result)
{
	bool ok = wish == HASH_ENDS ? hash_ends(hashing, result)
				    : hash_whole(hashing, wish == HASH_WHOLE_AND_TENSORS, result);
	ok = ok && is_as_before(hashing->fd, result, &result->err);
	if (!ok)
		result->sha256[0] = result->tensors[0] = '\0';
	return ok;
}

static void hash_one(struct hasher *hasher, char *buffer, const struct hash_job *job,
		     struct hash_result *result)
{
	struct hashing hashing = { .hasher = hasher, .buffer = buffer };
	stand_still(hasher);
	if (atomic_load(&hasher->is_cancelled)) {
		error_set(&result->err, ERROR_CANCELLED, NULL, "stopped");
		return;
	}
	hashing.fd = open(job->path.ptr, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (hashing.fd < 0) {
		error_system(&result->err, errno, "opening");
		return;
	}
	if (look(hashing.fd, result, &result->err)) {
		hashing.size_bytes = result->state.size_bytes;
		(void)hash_open(&hashing, job->wish, result); /* told by result->err */
	}
	close(hashing.fd);
}

static void *run(void *context)
{
	struct hasher *hasher = context;
	char *buffer = aligned_alloc(ALIGN_BYTES, BLOCK_BYTES);
	size_t i;
	if (!buffer)
		die_oom();
	/* Where the kernel knows no priorities of reading, it reads as everybody does. */
	(void)syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_LOWEST);
	while ((i = atomic_fetch_add(&hasher->next, 1)) < hasher->n_jobs) {
		struct hash_result *result = calloc(1, sizeof *result);
		if (!result)
			die_oom();
		result->job = i;
		hash_one(hasher, buffer, &hasher->jobs[i], result);
		if (!queue_send(hasher->results, result))
			free(result);
	}
	free(buffer);
	return NULL;
}

struct hasher *hasher_start(const struct hash_job *jobs, size_t n_jobs, unsigned n_threads,
			    struct queue *results)
{
	struct hasher *hasher = calloc(1, sizeof *hasher);
	long n_processors = sysconf(_SC_NPROCESSORS_ONLN);
	if (!hasher)
		die_oom();
	*hasher = (struct hasher){ .jobs = jobs, .n_jobs = n_jobs, .results = results };
	if (pthread_mutex_init(&hasher->mutex, NULL) != 0 ||
	    pthread_cond_init(&hasher->goes_on, NULL) != 0)
		die_oom();
	if (n_threads == 0)
		n_threads = n_processors > 0 ? (unsigned)n_processors : 1;
	for (; hasher->n_threads < n_threads && hasher->n_threads < THREADS_MAX;
	     hasher->n_threads++)
		if (pthread_create(&hasher->threads[hasher->n_threads], NULL, run, hasher) != 0)
			die_oom();
	return hasher;
}

/* Under the mutex, or who is about to wait would miss it. */
static void set(struct hasher *hasher, atomic_bool *flag, bool value)
{
	pthread_mutex_lock(&hasher->mutex);
	atomic_store(flag, value);
	pthread_cond_broadcast(&hasher->goes_on);
	pthread_mutex_unlock(&hasher->mutex);
}

void hasher_pause(struct hasher *hasher, bool is_paused)
{
	set(hasher, &hasher->is_paused, is_paused);
}

uint64_t hasher_bytes(struct hasher *hasher)
{
	return atomic_load(&hasher->n_bytes);
}

void hasher_cancel(struct hasher *hasher)
{
	set(hasher, &hasher->is_cancelled, true);
}

void hasher_destroy(struct hasher *hasher)
{
	if (!hasher)
		return;
	for (unsigned i = 0; i < hasher->n_threads; i++)
		pthread_join(hasher->threads[i], NULL);
	pthread_cond_destroy(&hasher->goes_on);
	pthread_mutex_destroy(&hasher->mutex);
	free(hasher);
}
