// SPDX-License-Identifier: MIT
#include "tests/support/sample_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DISK_BLOCK 512

static bool make_parents(char *path, struct error *err)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		int failed = mkdir(path, 0755);
		*slash = '/';
		if (failed && errno != EEXIST)
			return error_system(err, errno, "mkdir above %s", path);
	}
	return true;
}

static bool write_all(int fd, uint64_t at, struct str bytes)
{
	while (bytes.len > 0) {
		ssize_t n = pwrite(fd, bytes.ptr, bytes.len, (off_t)at);
		if (n < 0)
			return false;
		bytes = str_slice(bytes, (size_t)n, bytes.len);
		at += (uint64_t)n;
	}
	return true;
}

static bool write_bytes(const char *path, const struct sample_file *file, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	bool ok = fd >= 0 && write_all(fd, 0, file->head) &&
		  ftruncate(fd, (off_t)file->size_bytes) == 0 && fchmod(fd, file->mode) == 0;

	for (size_t i = 0; ok && i < file->n_pieces; i++)
		ok = write_all(fd, file->pieces[i].at, file->pieces[i].bytes);
	if (!ok)
		error_system(err, errno, "%s", path);
	if (fd >= 0)
		close(fd);
	return ok;
}

static bool write_copy(const struct sample_disk *disk, const char *path,
		       const struct sample_file *file, struct error *err)
{
	struct arena arena = { 0 };
	struct sample_file copy = { .mode = file->mode };

	copy.head = sample_disk_read(
		&arena, arena_printf(&arena, "%s/%.*s", disk->corpus, STR_ARG(file->target)));
	copy.size_bytes = copy.head.len;
	bool ok = copy.head.ptr ? write_bytes(path, &copy, err)
				: error_system(err, ENOENT, "%.*s", STR_ARG(file->target));
	arena_finish(&arena);
	return ok;
}

static bool make_special(const struct sample_disk *disk, struct arena *arena, const char *path,
			 const struct sample_file *file, struct error *err)
{
	int failed = 0;

	switch (file->what) {
	case SAMPLE_BYTES: return write_bytes(path, file, err);
	case SAMPLE_COPY: return write_copy(disk, path, file, err);
	case SAMPLE_FOLDER: failed = mkdir(path, 0755); break;
	case SAMPLE_FIFO: failed = mkfifo(path, 0644); break;
	case SAMPLE_LINK: failed = symlink(arena_cstr(arena, file->target), path); break;
	case SAMPLE_HARD_LINK:
		failed = link(arena_printf(arena, "%s/%.*s", disk->folder, STR_ARG(file->target)),
			      path);
		break;
	case SAMPLE_SOCKET:
		return error_set(err, ERROR_UNSUPPORTED, NULL, "%s: sockets are not made", path);
	}
	return !failed || error_system(err, errno, "%s", path);
}

bool sample_disk_write(void *context, const struct sample_file *file, struct error *err)
{
	const struct sample_disk *disk = context;
	struct arena arena = { 0 };
	char *path = arena_printf(&arena, "%s/%.*s", disk->folder, STR_ARG(file->path));
	bool ok = make_parents(path, err) && make_special(disk, &arena, path, file, err);

	arena_finish(&arena);
	return ok;
}

struct str sample_disk_read(struct arena *arena, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	size_t len = 0;
	char *bytes = NULL;

	if (fd < 0)
		return STR_NULL;
	if (fstat(fd, &st) == 0)
		bytes = arena_alloc(arena, (size_t)st.st_size + 1);
	while (bytes && len < (size_t)st.st_size) {
		ssize_t n = read(fd, bytes + len, (size_t)st.st_size - len);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	close(fd);
	return (struct str){ bytes, len };
}

const char *sample_disk_source(struct arena *arena, const char *path)
{
	const char *root = getenv("SOURCE_ROOT");

	return arena_printf(arena, "%s/%s", root ? root : ".", path);
}

static struct str find_keys(void *context, struct str name, struct arena *arena)
{
	const char *below = arena_printf(arena, "core/samples/keys/%.*s.keys", STR_ARG(name));

	(void)context;
	return sample_disk_read(arena, sample_disk_source(arena, below));
}

struct key_source sample_disk_keys(void)
{
	return (struct key_source){ .find = find_keys };
}

const char *sample_disk_make(struct arena *arena)
{
	const char *tmp = getenv("TMPDIR");

	return mkdtemp(arena_printf(arena, "%s/lorarium-XXXXXX", tmp ? tmp : "/tmp"));
}

void sample_disk_remove(const char *folder)
{
	char *const folders[] = { (char *)folder, NULL }; /* fts does not write to it */
	FTS *walk = fts_open(folders, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *found;

	while (walk && (found = fts_read(walk))) {
		if (found->fts_info != FTS_D)
			remove(found->fts_accpath);
	}
	if (walk)
		fts_close(walk);
}

uint64_t sample_disk_usage(const char *folder)
{
	char *const folders[] = { (char *)folder, NULL };
	FTS *walk = fts_open(folders, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	uint64_t bytes = 0;
	FTSENT *found;

	while (walk && (found = fts_read(walk))) {
		if (found->fts_info == FTS_F || found->fts_info == FTS_D)
			bytes += (uint64_t)found->fts_statp->st_blocks * DISK_BLOCK;
	}
	if (walk)
		fts_close(walk);
	return bytes;
}
