// SPDX-License-Identifier: MIT
#include "storage/index/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "core/base/arena.h"

enum { RETRY_MS = 50, TEXT_BYTES = 320, HOLDER_TRIES = 10, HOLDER_MS = 10 };

static int read_holder(int fd)
{
	char text[TEXT_BYTES];
	ssize_t n = pread(fd, text, sizeof text, 0);
	struct str rest = { text, n > 0 ? (size_t)n : 0 }, pid;
	int64_t number;
	if (!str_next_part(&rest, '\n', &pid) || !str_to_i64(pid, &number) || number <= 0 ||
	    number > 1 << 30)
		return 0;
	return (int)number;
}

/* The very first holder has the lock a moment before its pid stands in the file. */
static int wait_for_holder(int fd)
{
	const struct timespec pause = { .tv_nsec = HOLDER_MS * 1000000l };
	int pid = read_holder(fd);
	for (int i = 0; pid == 0 && i < HOLDER_TRIES; i++) {
		nanosleep(&pause, NULL);
		pid = read_holder(fd);
	}
	return pid;
}

static bool write_holder(int fd, struct error *err)
{
	char host[256] = "", text[TEXT_BYTES];
	if (gethostname(host, sizeof host - 1) != 0)
		host[0] = '\0'; /* the pid alone will do */
	int n = snprintf(text, sizeof text, "%ld\n%s\n", (long)getpid(), host);
	/* In this order: whoever looks meanwhile finds a pid. */
	if (n < 0 || pwrite(fd, text, (size_t)n, 0) != n || ftruncate(fd, n) != 0)
		return error_system(err, errno, "writing the lock file");
	return true;
}

static bool try_until(int fd, unsigned wait_s, struct error *err)
{
	const struct timespec pause = { .tv_nsec = RETRY_MS * 1000000l };
	for (uint64_t waited_ms = 0;; waited_ms += RETRY_MS) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return true;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return error_system(err, errno, "locking the data folder");
		if (waited_ms >= (uint64_t)wait_s * 1000)
			return error_set(err, ERROR_LOCKED, NULL, "%s", "");
		nanosleep(&pause, NULL); /* cut short: only tries earlier */
	}
}

bool lock_take(const char *data_dir, unsigned wait_s, int *fd, int *holder_pid, struct error *err)
{
	struct arena arena = { 0 };
	char *path = arena_printf(&arena, "%s/lock", data_dir);
	*holder_pid = 0;
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool ok = *fd >= 0 || error_system(err, errno, "%s", path);
	ok = ok && try_until(*fd, wait_s, err);
	if (!ok && err->code == ERROR_LOCKED) {
		*holder_pid = wait_for_holder(*fd);
		error_set(err, ERROR_LOCKED, NULL,
			  "another lorarium (pid %d) is writing to %s: try again when it is done, "
			  "or wait for it with --wait SECONDS",
			  *holder_pid, data_dir);
	}
	ok = ok && write_holder(*fd, err);
	if (!ok) {
		lock_release(*fd);
		*fd = -1;
	}
	arena_finish(&arena);
	return ok;
}

void lock_release(int fd)
{
	if (fd >= 0)
		close(fd);
}
