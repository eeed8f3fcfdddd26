// SPDX-License-Identifier: MIT
#include "storage/scan/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

/* openat2 gives up with EAGAIN when something is renamed meanwhile; that comes to an end. */
enum { TRIES = 8 };

/** For kernels before 5.6 and filters that hide the call: guards the last component only. */
static int open_plainly(int folder_fd, const char *path, int flags)
{
	return openat(folder_fd, path, flags | O_NOFOLLOW);
}

int beneath_open(int folder_fd, const char *path, int flags)
{
	if (!*path)
		path = ".";
	flags |= O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	struct open_how how = {
		.flags = (unsigned)flags,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	for (int i = 0; i < TRIES; i++) {
		long fd = syscall(SYS_openat2, folder_fd, path, &how, sizeof how);
		if (fd >= 0)
			return (int)fd;
		if (errno == ENOSYS || errno == EPERM)
			return open_plainly(folder_fd, path, flags);
		if (errno != EAGAIN)
			return -1;
	}
	return -1;
}
