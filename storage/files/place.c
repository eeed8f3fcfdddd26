// SPDX-License-Identifier: MIT
#include "storage/files/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "storage/scan/beneath.h"

void places_init(struct places *places, const struct str *roots, size_t n_roots)
{
	*places = (struct places){ .roots = roots, .n_roots = n_roots, .open = ARRAY_OF(int) };
	map_init(&places->folders, &places->arena, 64);
}

static void forget(struct places *places)
{
	for (size_t i = 0; i < places->open.len; i++)
		close(*ARRAY_AT(&places->open, int, i));
	array_clear(&places->open);
	arena_reset(&places->arena);
	map_init(&places->folders, &places->arena, 64);
}

void places_finish(struct places *places)
{
	forget(places);
	array_finish(&places->open);
	arena_finish(&places->arena);
}

static bool is_below(struct str root, struct str path)
{
	if (str_equal(root, STR("/")))
		return path.len > 1 && path.ptr[0] == '/';
	return path.len > root.len + 1 && str_has_prefix(path, root) && path.ptr[root.len] == '/';
}

size_t places_root_of(const struct places *places, struct str path)
{
	size_t best = SIZE_MAX;
	for (size_t i = 0; i < places->n_roots; i++)
		if (is_below(places->roots[i], path) &&
		    (best == SIZE_MAX || places->roots[i].len > places->roots[best].len))
			best = i;
	return best;
}

/* One folder further down; made on the way if need be. */
static int descend(struct places *places, int from, const char *name, struct str path, bool makes,
		   struct error *err)
{
	int fd = beneath_open(from, name, O_RDONLY | O_DIRECTORY);
	if (fd < 0 && errno == ENOENT && makes) {
		if (places->before_folder && !places->before_folder(places->context, path, err))
			return -1;
		if (mkdirat(from, name, 0777) != 0 && errno != EEXIST) {
			error_system(err, errno, "%.*s", STR_ARG(path));
			return -1;
		}
		fd = beneath_open(from, name, O_RDONLY | O_DIRECTORY);
	}
	if (fd < 0)
		error_system(err, errno, "%.*s", STR_ARG(path));
	return fd;
}

static int open_root(const struct places *places, size_t root, struct error *err)
{
	struct arena arena = { 0 };
	int fd = open(arena_cstr(&arena, places->roots[root]), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		error_system(err, errno, "%.*s", STR_ARG(places->roots[root]));
	arena_finish(&arena);
	return fd;
}

static int keep(struct places *places, struct str path, int fd)
{
	*map_place(&places->folders, arena_str(&places->arena, path)) = (void *)(intptr_t)(fd + 1);
	*ARRAY_PUSH(&places->open, int) = fd;
	return fd;
}

static int find_open(const struct places *places, struct str path)
{
	return (int)(intptr_t)map_find(&places->folders, path) - 1;
}

/* The folder of that path, which is a root or lies below one; each on the way is kept open. */
static int open_folder(struct places *places, size_t root, struct str path, bool makes,
		       struct error *err)
{
	struct str top = places->roots[root];
	int fd = find_open(places, path);
	if (fd >= 0)
		return fd;
	if (path.len <= top.len) {
		fd = open_root(places, root, err);
		return fd < 0 ? -1 : keep(places, path, fd);
	}
	ptrdiff_t slash = str_rfind_byte(path, '/');
	size_t up = slash == 0 ? 1 : (size_t)slash;
	int above = open_folder(places, root, str_slice(path, 0, up > top.len ? up : top.len),
				makes, err);
	if (above < 0)
		return -1;
	struct str name = str_after_last(path, '/');
	fd = descend(places, above, arena_cstr(&places->arena, name), path, makes, err);
	return fd < 0 ? -1 : keep(places, path, fd);
}

static bool is_plain(struct str name)
{
	return name.len > 0 && !str_equal(name, STR(".")) && !str_equal(name, STR(".."));
}

/* Every component; a path from a plan may say anything. */
static bool is_plain_path(struct str path)
{
	struct str rest = str_slice(path, 1, path.len), part;
	if (path.len < 2 || path.ptr[0] != '/' || memchr(path.ptr, '\0', path.len))
		return false;
	while (str_next_part(&rest, '/', &part))
		if (!is_plain(part))
			return false;
	return true;
}

int places_folder(struct places *places, struct str path, bool makes, const char **name,
		  struct error *err)
{
	size_t root = places_root_of(places, path);
	if (root == SIZE_MAX || !is_plain_path(path)) {
		error_set(err, ERROR_USAGE, NULL, "%.*s: this lies in no root", STR_ARG(path));
		return -1;
	}
	size_t slash = (size_t)str_rfind_byte(path, '/');
	*name = arena_cstr(&places->arena, str_slice(path, slash + 1, path.len));
	return open_folder(places, root, str_slice(path, 0, slash ? slash : 1), makes, err);
}

bool places_sync(struct places *places, struct error *err)
{
	bool ok = true;
	for (size_t i = 0; i < places->open.len; i++)
		if (fsync(*ARRAY_AT(&places->open, int, i)) != 0 && errno != EINVAL &&
		    errno != EROFS)
			ok = error_system(err, errno, "a folder did not reach the disk");
	forget(places);
	return ok;
}

static bool is_there(int folder, const char *name, struct stat *state)
{
	return fstatat(folder, name, state, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* A call over a network may fail and yet have been done: what is there decides. */
static bool has_moved(int old_folder, const char *old, int new_folder, const char *new,
		      const struct stat *before)
{
	struct stat state;
	return !is_there(old_folder, old, &state) && is_there(new_folder, new, &state) &&
	       is_same(&state, before);
}

/* Links fail atomically when the name is taken. */
static int rename_by_link(int old_folder, const char *old, int new_folder, const char *new)
{
	if (linkat(old_folder, old, new_folder, new, 0) != 0)
		return -1;
	struct error err;
	if (place_unlink(old_folder, old, &err))
		return 0;
	place_unlink(new_folder, new, &(struct error){ 0 });
	errno = err.sys;
	return -1;
}

/* An empty file of ours claims the name; only that claim is replaced. */
static int rename_over_claim(int old_folder, const char *old, int new_folder, const char *new)
{
	struct stat claim, there;
	int fd =
		openat(new_folder, new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	bool is_ours = fstat(fd, &claim) == 0 && is_there(new_folder, new, &there) &&
		       is_same(&claim, &there) && there.st_size == 0;
	close(fd);
	if (!is_ours) {
		errno = EEXIST;
		return -1;
	}
	if (renameat(old_folder, old, new_folder, new) == 0)
		return 0;
	int sys = errno;
	if (is_there(new_folder, new, &there) && is_same(&claim, &there) && there.st_size == 0)
		(void)unlinkat(new_folder, new,
			       0); /* ours, and empty: the failure is told anyway */
	errno = sys;
	return -1;
}

/* For file systems that cannot rename without replacing; folders cannot be linked. */
static int rename_otherwise(int old_folder, const char *old, int new_folder, const char *new,
			    const struct stat *source)
{
	struct stat state;
	if (S_ISDIR(source->st_mode)) {
		/* rename() replaces an empty folder at most, and nothing else is lost. */
		if (!is_there(new_folder, new, &state))
			return renameat(old_folder, old, new_folder, new);
		errno = EEXIST;
		return -1;
	}
	int done = rename_by_link(old_folder, old, new_folder, new);
	if (done != 0 &&
	    (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS || errno == EMLINK))
		done = rename_over_claim(old_folder, old, new_folder, new);
	return done;
}

bool place_rename_seen(int old_folder, const char *old, int new_folder, const char *new,
		       const struct stat *source, struct error *err)
{
	int done, sys;
	do
		done = renameat2(old_folder, old, new_folder, new, RENAME_NOREPLACE);
	while (done != 0 && errno == EINTR);
	if (done != 0 && (errno == EINVAL || errno == ENOSYS))
		done = rename_otherwise(old_folder, old, new_folder, new, source);
	sys = errno;
	if (done == 0 || has_moved(old_folder, old, new_folder, new, source))
		return true;
	return error_system(err, sys, "%s", new);
}

bool place_rename(int old_folder, const char *old, int new_folder, const char *new,
		  struct error *err)
{
	struct stat source;
	if (!is_there(old_folder, old, &source))
		return error_system(err, errno, "%s", old);
	return place_rename_seen(old_folder, old, new_folder, new, &source, err);
}

bool place_unlink(int folder, const char *name, struct error *err)
{
	return unlinkat(folder, name, 0) == 0 || errno == ENOENT ||
	       unlinkat(folder, name, 0) == 0 || error_system(err, errno, "%s", name);
}
