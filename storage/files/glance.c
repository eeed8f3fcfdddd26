// SPDX-License-Identifier: MIT
#include "storage/files/glance.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "core/base/path.h"

static void close_folder(struct glance *glance)
{
	if (glance->folder.ptr && glance->sys == 0)
		close(glance->fd);
	glance->folder = STR_NULL;
	arena_reset(&glance->arena);
}

void glance_finish(struct glance *glance)
{
	close_folder(glance);
	arena_finish(&glance->arena);
}

static void open_folder(struct glance *glance, struct str folder)
{
	close_folder(glance);
	const char *path = arena_cstr(&glance->arena, folder);
	glance->folder = str_from(path);
	glance->fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	glance->sys = glance->fd < 0 ? errno : 0;
}

bool glance_at(struct glance *glance, struct str path, struct stat *state)
{
	struct str folder = path_folder(path), file = str_after_last(path, '/');
	char name[NAME_MAX + 1];
	if (file.len >= sizeof name) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(name, file.ptr, file.len);
	name[file.len] = '\0';
	if (!glance->folder.ptr || !str_equal(glance->folder, folder))
		open_folder(glance, folder);
	if (glance->sys != 0) {
		errno = glance->sys;
		return false;
	}
	return fstatat(glance->fd, name, state, AT_SYMLINK_NOFOLLOW) == 0;
}
