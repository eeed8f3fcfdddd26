// SPDX-License-Identifier: MIT
/*
 * To be preloaded: the k-th system call that can change a disk, or look at it for that, fails or is the
 * last one. From the environment:
 *   FAULT_AT     k, from 1; 0 or unset: none
 *   FAULT_MODE   "fail" (with FAULT_ERRNO), "short" (of a write, half), "before" or "after" (SIGKILL);
 *                "forget", without FAULT_AT: what is copied is zeros as soon as it is closed
 *   FAULT_COUNT  a file that gets the number of calls when the program ends
 *   FAULT_NEVER  words, each a call that this file system does not have: "renameat2 linkat"
 *   FAULT_LOG    a file that gets every change as it is made, for the replay of a power cut:
 *                "KIND PATH [PATH] [OFFSET HEX]", paths in hex as well; files are known by their inode
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
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long n_calls;
static long at;
static int fault_errno;
static const char *never;
static int log_fd = -1;
static enum { NOTHING, FAIL, SHORT, BEFORE, AFTER, FORGET } mode;

__attribute__((constructor)) static void begin(void)
{
	const char *word = getenv("FAULT_MODE"), *k = getenv("FAULT_AT"),
		   *e = getenv("FAULT_ERRNO");
	at = k ? strtol(k, NULL, 10) : 0;
	fault_errno = e ? (int)strtol(e, NULL, 10) : EIO;
	never = getenv("FAULT_NEVER");
	const char *log = getenv("FAULT_LOG");
	if (log)
		log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (word && strcmp(word, "forget") == 0)
		mode = FORGET;
	if (!word || at <= 0)
		return;
	mode = strcmp(word, "fail") == 0     ? FAIL
	       : strcmp(word, "short") == 0  ? SHORT
	       : strcmp(word, "before") == 0 ? BEFORE
					     : AFTER;
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

/* Is it a call that the file system does not have? */
static int is_never(const char *name)
{
	const char *found = never ? strstr(never, name) : NULL;
	size_t len = strlen(name);
	return found && (found == never || found[-1] == ' ') && (found[len] == ' ' || !found[len]);
}

/** A line of the log, written by one call: threads may come between lines only. */
struct line {
	char text[(2 << 20) + 16384];
	size_t len;
};

static void add(struct line *line, const char *text)
{
	size_t len = strlen(text);
	memcpy(line->text + line->len, text, len);
	line->len += len;
}

static void add_hex(struct line *line, const void *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	line->text[line->len++] = ' ';
	for (size_t i = 0; i < len; i++) {
		line->text[line->len++] = digits[((const unsigned char *)bytes)[i] >> 4];
		line->text[line->len++] = digits[((const unsigned char *)bytes)[i] & 15];
	}
}

static void path_of(int folder, const char *name, char path[8192])
{
	char link[64];
	ssize_t len = 0;
	if (!name || name[0] != '/') {
		snprintf(link, sizeof link,
			 folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", folder);
		len = readlink(link, path, 4096);
		len = len < 0 ? 0 : len;
		if (name)
			path[len++] = '/';
	}
	snprintf(path + len, 4096, "%s", name ? name : "");
}

static void note(const char *kind, int a, const char *b, int c, const char *d, const void *bytes,
		 size_t len, off_t offset)
{
	int sys = errno;
	char path[8192], number[48];
	struct line *line = log_fd >= 0 && len <= 1 << 20 ? malloc(sizeof *line) : NULL;
	if (!line)
		return;
	line->len = 0;
	add(line, kind);
	path_of(a, b, path);
	add_hex(line, path, strlen(path));
	if (d) {
		path_of(c, d, path);
		add_hex(line, path, strlen(path));
	}
	if (bytes) {
		snprintf(number, sizeof number, " %lld", (long long)offset);
		add(line, number);
		add_hex(line, bytes, len);
	}
	line->text[line->len++] = '\n';
	(void)!syscall(SYS_write, log_fd, line->text, line->len);
	free(line);
	errno = sys;
}

#define CALL(type, name, params, args, failure, told)                             \
	type name params;                                                         \
	type name params                                                          \
	{                                                                         \
		static type(*call) params;                                        \
		int is_it;                                                        \
		if (!call)                                                        \
			*(void **)&call = real(#name);                            \
		if (is_never(#name)) {                                            \
			errno = strcmp(#name, "renameat2") == 0 ? EINVAL : EPERM; \
			return -1;                                                \
		}                                                                 \
		if (comes(&is_it))                                                \
			return failure;                                           \
		type result = call args;                                          \
		if (result == 0 && log_fd >= 0)                                   \
			told;                                                     \
		goes(is_it);                                                      \
		return result;                                                    \
	}

#define WRITE(name, params, args, half, offset)                                             \
	ssize_t name params;                                                                \
	ssize_t name params                                                                 \
	{                                                                                   \
		static ssize_t(*call) params;                                               \
		int is_it;                                                                  \
		if (!call)                                                                  \
			*(void **)&call = real(#name);                                      \
		if (comes(&is_it))                                                          \
			return -1;                                                          \
		ssize_t result = is_it && mode == SHORT && len > 1 ? call half : call args; \
		if (result > 0 && log_fd >= 0)                                              \
			note("write", fd, NULL, 0, NULL, bytes, (size_t)result, offset);    \
		goes(is_it);                                                                \
		return result;                                                              \
	}

#define READ(name, params, args, half)                                                      \
	ssize_t name params;                                                                \
	ssize_t name params                                                                 \
	{                                                                                   \
		static ssize_t(*call) params;                                               \
		int is_it;                                                                  \
		if (!call)                                                                  \
			*(void **)&call = real(#name);                                      \
		if (comes(&is_it))                                                          \
			return -1;                                                          \
		ssize_t result = is_it && mode == SHORT && len > 1 ? call half : call args; \
		goes(is_it);                                                                \
		return result;                                                              \
	}

#define NAME1(kind, a, b) note(kind, a, b, 0, NULL, NULL, 0, 0)
#define NAME2(kind, a, b, c, d) note(kind, a, b, c, d, NULL, 0, 0)

CALL(int, renameat2, (int a, const char *b, int c, const char *d, unsigned f), (a, b, c, d, f), -1,
     NAME2("rename", a, b, c, d))
CALL(int, renameat, (int a, const char *b, int c, const char *d), (a, b, c, d), -1,
     NAME2("rename", a, b, c, d))
CALL(int, rename, (const char *a, const char *b), (a, b), -1,
     NAME2("rename", AT_FDCWD, a, AT_FDCWD, b))
CALL(int, linkat, (int a, const char *b, int c, const char *d, int f), (a, b, c, d, f), -1,
     NAME2("link", a, b, c, d))
CALL(int, unlinkat, (int a, const char *b, int f), (a, b, f), -1, NAME1("unlink", a, b))
CALL(int, unlink, (const char *a), (a), -1, NAME1("unlink", AT_FDCWD, a))
CALL(int, symlinkat, (const char *to, int a, const char *b), (to, a, b), -1,
     note("symlink", a, b, 0, NULL, to, strlen(to), 0))
CALL(int, mkdirat, (int a, const char *b, mode_t m), (a, b, m), -1, NAME1("mkdir", a, b))
CALL(int, mkdir, (const char *a, mode_t m), (a, m), -1, NAME1("mkdir", AT_FDCWD, a))
CALL(int, rmdir, (const char *a), (a), -1, NAME1("rmdir", AT_FDCWD, a))
CALL(int, fsync, (int fd), (fd), -1, NAME1("fsync", fd, NULL))
CALL(int, fdatasync, (int fd), (fd), -1, NAME1("fsync", fd, NULL))
CALL(int, ftruncate64, (int fd, off_t len), (fd, len), -1,
     note("truncate", fd, NULL, 0, NULL, "", 0, len))
CALL(int, fallocate64, (int fd, int m, off_t from, off_t len), (fd, m, from, len), -1,
     note("allocate", fd, NULL, 0, NULL, "", 0, from + len))
CALL(int, futimens, (int fd, const struct timespec times[2]), (fd, times), -1, (void)0)
CALL(int, fchmod, (int fd, mode_t m), (fd, m), -1, (void)0)
CALL(int, fstatat64, (int a, const char *b, struct stat64 *to, int f), (a, b, to, f), -1, (void)0)
CALL(int, fsetxattr, (int fd, const char *n, const void *v, size_t len, int f), (fd, n, v, len, f),
     -1, (void)0)
WRITE(write, (int fd, const void *bytes, size_t len), (fd, bytes, len), (fd, bytes, len / 2),
      lseek(fd, 0, SEEK_CUR) - result)
WRITE(pwrite64, (int fd, const void *bytes, size_t len, off_t from), (fd, bytes, len, from),
      (fd, bytes, len / 2, from), from)
READ(pread64, (int fd, void *to, size_t len, off_t from), (fd, to, len, from),
     (fd, to, len / 2, from))

/* Is there a file, or is one made? */
static int open_any(int folder, const char *name, int flags, mode_t mode_bits)
{
	static int (*call)(int, const char *, int, ...);
	int is_it;
	struct stat state;
	if (!call)
		*(void **)&call = real("openat64");
	int makes = (flags & O_CREAT) && log_fd >= 0 &&
		    syscall(SYS_newfstatat, folder, name, &state, AT_SYMLINK_NOFOLLOW) != 0;
	if (comes(&is_it))
		return -1;
	int fd = call(folder, name, flags, mode_bits);
	if (fd >= 0 && makes)
		NAME1("create", folder, name);
	goes(is_it);
	return fd;
}

#define MODE_OF(flags, bits)                 \
	mode_t bits = 0;                     \
	if ((flags)&O_CREAT) {               \
		va_list list;                \
		va_start(list, flags);       \
		bits = va_arg(list, mode_t); \
		va_end(list);                \
	}

int openat64(int folder, const char *name, int flags, ...)
{
	MODE_OF(flags, bits)
	return open_any(folder, name, flags, bits);
}

int open64(const char *name, int flags, ...)
{
	MODE_OF(flags, bits)
	return open_any(AT_FDCWD, name, flags, bits);
}

/* As by a file system that loses what was written. */
static void forget(int fd)
{
	char link[32], path[4096];
	struct stat state;
	static const char zero;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t len = readlink(link, path, sizeof path - 1);
	if (len <= 0 || (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY)
		return;
	path[len] = '\0';
	if (!strstr(path, "/.lorarium-") || fstat(fd, &state) != 0)
		return;
	for (off_t i = 0; i < state.st_size; i++)
		if (syscall(SYS_pwrite64, fd, &zero, 1, i) != 1)
			return;
}

/* What fails at the end is closed nevertheless, as Linux does it. */
int close(int fd)
{
	static int (*call)(int);
	int is_it;
	if (!call)
		*(void **)&call = real("close");
	if (mode == FORGET)
		forget(fd);
	int fails = comes(&is_it);
	int result = call(fd);
	goes(is_it);
	if (!fails)
		return result;
	errno = fault_errno;
	return -1;
}
