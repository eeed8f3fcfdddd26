// SPDX-License-Identifier: MIT
#include "config/read_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool check(int fd, const char *path, size_t bytes_max, size_t *size, struct error *err)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return error_system(err, errno, "%s", path);
	if (!S_ISREG(st.st_mode))
		return error_set(err, ERROR_UNSUPPORTED, NULL, "%s: not a regular file", path);
	if ((uintmax_t)st.st_size > bytes_max)
		return error_set(err, ERROR_LIMIT, NULL, "%s: larger than %zu bytes", path,
				 bytes_max);
	*size = (size_t)st.st_size;
	return true;
}

/* What was cut off meanwhile is not there; what was added meanwhile is left out. */
static bool fill(int fd, const char *path, size_t size, struct arena *arena, struct str *text,
		 struct error *err)
{
	char *bytes = arena_try_bytes(arena, size ? size : 1);
	if (!bytes)
		return error_set(err, ERROR_LIMIT, NULL, "%s: no memory for it", path);
	size_t len = 0;
	while (len < size) {
		ssize_t n = read(fd, bytes + len, size - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_system(err, errno, "%s", path);
		if (n == 0)
			break;
		len += (size_t)n;
	}
	*text = (struct str){ bytes, len };
	return true;
}

bool read_file(const char *path, size_t bytes_max, struct arena *arena, struct str *text,
	       struct error *err)
{
	/* Not blocking, so that a FIFO in the folder does not hold up the start. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return error_system(err, errno, "%s", path);
	size_t size;
	bool ok = check(fd, path, bytes_max, &size, err) && fill(fd, path, size, arena, text, err);
	close(fd);
	return ok;
}
