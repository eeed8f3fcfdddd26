// SPDX-License-Identifier: MIT
/*
 * To be preloaded: the k-th system call that can change a disk, or look at it for that, fails or is the
 * last one. From the environment:
 *   FAULT_AT     k, from 1; 0 or unset: none
 *   FAULT_MODE   "fail" (with FAULT_ERRNO), "short" (of a write, half), "before" or "after" (SIGKILL)
 *   FAULT_COUNT  a file that gets the number of calls when the program ends
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long n_calls;
static long at;
static int fault_errno;
static enum { NOTHING, FAIL, SHORT, BEFORE, AFTER } mode;

__attribute__((constructor)) static void begin(void)
{
	const char *word = getenv("FAULT_MODE"), *k = getenv("FAULT_AT"), *e = getenv("FAULT_ERRNO");
	at = k ? atol(k) : 0;
	fault_errno = e ? atoi(e) : EIO;
	if (!word || at <= 0)
		return;
	mode = strcmp(word, "fail") == 0 ? FAIL : strcmp(word, "short") == 0 ? SHORT
		: strcmp(word, "before") == 0 ? BEFORE : AFTER;
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("FAULT_COUNT");
	FILE *file = path ? fopen(path, "w") : NULL;
	if (!file)
		return;
	fprintf(file, "%ld\n", (long)n_calls);
	fclose(file);
}

static void *real(const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);
	if (!found)
		abort();
	return found;
}

/* True: the call is to fail, and errno is set. */
static int comes(int *is_it)
{
	*is_it = ++n_calls == at;
	if (*is_it && mode == BEFORE)
		kill(getpid(), SIGKILL);
	if (*is_it && mode == FAIL)
		errno = fault_errno;
	return *is_it && mode == FAIL;
}

static void goes(int is_it)
{
	if (is_it && mode == AFTER)
		kill(getpid(), SIGKILL);
}

#define CALL(type, name, params, args) \
	type name params; \
	type name params \
	{ \
		static type (*call) params; \
		int is_it; \
		if (!call) \
			*(void **)&call = real(#name); \
		if (comes(&is_it)) \
			return (type)-1; \
		type result = call args; \
		goes(is_it); \
		return result; \
	}

#define WRITE(name, params, args, half) \
	ssize_t name params; \
	ssize_t name params \
	{ \
		static ssize_t (*call) params; \
		int is_it; \
		if (!call) \
			*(void **)&call = real(#name); \
		if (comes(&is_it)) \
			return -1; \
		if (is_it && mode == SHORT && len > 1) \
			return call half; \
		ssize_t result = call args; \
		goes(is_it); \
		return result; \
	}

CALL(int, renameat2, (int a, const char *b, int c, const char *d, unsigned f), (a, b, c, d, f))
CALL(int, renameat, (int a, const char *b, int c, const char *d), (a, b, c, d))
CALL(int, rename, (const char *a, const char *b), (a, b))
CALL(int, linkat, (int a, const char *b, int c, const char *d, int f), (a, b, c, d, f))
CALL(int, unlinkat, (int a, const char *b, int f), (a, b, f))
CALL(int, unlink, (const char *a), (a))
CALL(int, mkdirat, (int a, const char *b, mode_t m), (a, b, m))
CALL(int, mkdir, (const char *a, mode_t m), (a, m))
CALL(int, rmdir, (const char *a), (a))
CALL(int, fsync, (int fd), (fd))
CALL(int, fdatasync, (int fd), (fd))
CALL(int, ftruncate64, (int fd, off_t len), (fd, len))
CALL(int, posix_fallocate64, (int fd, off_t from, off_t len), (fd, from, len))
CALL(int, futimens, (int fd, const struct timespec times[2]), (fd, times))
CALL(int, fchmod, (int fd, mode_t m), (fd, m))
WRITE(write, (int fd, const void *bytes, size_t len), (fd, bytes, len), (fd, bytes, len / 2))
WRITE(pwrite64, (int fd, const void *bytes, size_t len, off_t from), (fd, bytes, len, from),
      (fd, bytes, len / 2, from))
