// SPDX-License-Identifier: MIT
#include "storage/files/glance.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "core/base/path.h"
#include "storage/files/execute.h"

/* Those of one folder mostly lie together, and it is opened once a share. */
enum { SHARE = 256, THREADS_MAX = 3 };

/** What several threads look at. */
struct glancing {
	char *first;
	size_t stride_bytes, n;
	atomic_size_t next;
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

static void *glance_at_shares(void *context)
{
	struct glancing *glancing = context;
	struct glance glance = { 0 };
	size_t first;
	while ((first = atomic_fetch_add(&glancing->next, SHARE)) < glancing->n)
		for (size_t i = first; i < first + SHARE && i < glancing->n; i++)
			glance_into(&glance,
				    (void *)(glancing->first + i * glancing->stride_bytes));
	glance_finish(&glance);
	return NULL;
}

/* A thread that cannot be had is no failure: the caller's takes the shares that are left. */
void glance_into_all(struct glanced *first, size_t stride_bytes, size_t n)
{
	struct glancing glancing = { .first = (char *)first, .stride_bytes = stride_bytes, .n = n };
	pthread_t threads[THREADS_MAX];
	size_t n_threads = 0;
	while (n_threads < THREADS_MAX && (n_threads + 1) * SHARE < n &&
	       pthread_create(&threads[n_threads], NULL, glance_at_shares, &glancing) == 0)
		n_threads++;
	glance_at_shares(&glancing);
	for (size_t i = 0; i < n_threads; i++)
		pthread_join(threads[i], NULL); /* fails only for a thread that is not ours */
}
