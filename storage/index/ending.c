// SPDX-License-Identifier: MIT
#include "storage/index/ending.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool has_left(const char *path, const char *tail, struct arena *arena)
{
	struct stat state;
	return stat(arena_printf(arena, "%s%s", path, tail), &state) == 0 && state.st_size > 0;
}

bool ending_left_journal(const char *path, struct arena *arena)
{
	return has_left(path, "-journal", arena);
}

bool ending_is_bad(const char *path, struct arena *arena)
{
	return has_left(path, "-wal", arena) || ending_left_journal(path, arena);
}

static const char *mark(const char *data_dir, struct arena *arena)
{
	return arena_printf(arena, "%s/suspect", data_dir);
}

void ending_suspect(const char *data_dir)
{
	struct arena arena = { 0 };
	int fd = open(mark(data_dir, &arena), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0) /* where not even this can be written, the damage is met again */
		close(fd);
	arena_finish(&arena);
}

bool ending_is_suspect(const char *data_dir, struct arena *arena)
{
	return access(mark(data_dir, arena), F_OK) == 0;
}

bool ending_trust(const char *data_dir, struct arena *arena, struct error *err)
{
	const char *path = mark(data_dir, arena);
	return unlink(path) == 0 || errno == ENOENT || error_system(err, errno, "%s", path);
}
