// SPDX-License-Identifier: MIT
#include "storage/files/glance.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "core/base/crew.h"
#include "core/base/path.h"
#include "storage/files/execute.h"

/* Those of one folder mostly lie together, and it is opened once a share. */
enum { SHARE = 256 };

/** What several threads look at. */
struct glancing {
	char *first;
	size_t stride_bytes;
	struct glance glances[CREW_MAX];
};

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

void glance_into(struct glance *glance, struct glanced *out)
{
	struct stat state;
	if (!glance_at(glance, out->path, &state))
		return;
	out->is_there = true;
	out->file = plan_file_of(&state);
	out->is_folder = S_ISDIR(state.st_mode);
	out->is_plain = S_ISREG(state.st_mode);
}

static void glance_at_share(void *context, size_t member_i, size_t first, size_t end)
{
	struct glancing *glancing = context;
	for (size_t i = first; i < end; i++)
		glance_into(&glancing->glances[member_i],
			    (void *)(glancing->first + i * glancing->stride_bytes));
}

void glance_into_all(struct glanced *first, size_t stride_bytes, size_t n)
{
	struct glancing glancing = { .first = (char *)first, .stride_bytes = stride_bytes };
	crew_do(CREW_MAX, n, SHARE, glance_at_share, &glancing);
	for (size_t i = 0; i < CREW_MAX; i++)
		glance_finish(&glancing.glances[i]);
}
