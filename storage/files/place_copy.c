// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "storage/files/place_part.h"

enum { BLOCK_BYTES = 1 << 20, ALIGN_BYTES = 4096, XATTRS_MAX = 64 << 10 };

static bool may_go_on(const struct place_watch *watch, uint64_t done, struct error *err)
{
	return !watch || !watch->go_on || watch->go_on(watch->context, done) ||
	       error_set(err, ERROR_CANCELLED, NULL, "stopped");
}

static ssize_t read_some(int fd, char *buffer, uint64_t offset)
{
	ssize_t n;
	do
		n = pread(fd, buffer, BLOCK_BYTES, (off_t)offset);
	while (n < 0 && errno == EINTR);
	return n;
}

/* Reads all of `from` into `sha`, and into `to` unless that is -1. */
static bool run_through(int from, int to, struct sha256 *sha, const struct place_watch *watch,
			char *buffer, uint64_t *len, struct error *err)
{
	uint64_t offset = 0;
	for (;;) {
		ssize_t n = read_some(from, buffer, offset);
		if (n < 0)
			return error_system(err, errno, "reading");
		if (n == 0)
			break;
		sha256_add(sha, buffer, (size_t)n);
		if (to >= 0 && !place_write_all(to, buffer, (size_t)n, offset))
			return error_system(err, errno, "writing");
		offset += (uint64_t)n;
		if (!may_go_on(watch, offset, err))
			return false;
	}
	*len = offset;
	return true;
}

static bool hash_through(int from, int to, const struct place_watch *watch,
			 char hex[SHA256_HEX + 1], uint64_t *len, struct error *err)
{
	char *buffer = aligned_alloc(ALIGN_BYTES, BLOCK_BYTES);
	struct sha256 *sha = sha256_create();
	if (!buffer)
		die_oom();
	bool ok = run_through(from, to, sha, watch, buffer, len, err);
	if (ok)
		sha256_hex(sha, hex);
	else
		sha256_destroy(sha);
	free(buffer);
	return ok;
}

/* A read may give less than a block: short of the end that says nothing yet. */
static ssize_t read_block(int fd, char *buffer, uint64_t offset)
{
	size_t done = 0;
	while (done < BLOCK_BYTES) {
		ssize_t n = pread(fd, buffer + done, BLOCK_BYTES - done, (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

static bool compare_through(int a, int b, char *buffer, char *other,
			    const struct place_watch *watch, struct error *err)
{
	for (uint64_t offset = 0;;) {
		ssize_t n = read_block(a, buffer, offset),
			n_other = n < 0 ? n : read_block(b, other, offset);
		if (n < 0 || n_other < 0)
			return error_system(err, errno, "reading");
		if (n != n_other || memcmp(buffer, other, (size_t)n) != 0)
			return false;
		if (n < BLOCK_BYTES)
			return true;
		offset += (uint64_t)n;
		if (!may_go_on(watch, offset, err))
			return false;
	}
}

bool place_is_equal(int a, int b, const struct place_watch *watch, struct error *err)
{
	char *buffers = aligned_alloc(ALIGN_BYTES, 2 * BLOCK_BYTES);
	if (!buffers)
		die_oom();
	err->code = ERROR_NONE;
	bool ok = compare_through(a, b, buffers, buffers + BLOCK_BYTES, watch, err);
	free(buffers);
	return ok;
}

bool place_hash(int fd, const struct place_watch *watch, char hex[SHA256_HEX + 1],
		struct error *err)
{
	uint64_t len;
	return hash_through(fd, -1, watch, hex, &len, err);
}

/* The user's own; a file system without any keeps none. */
static bool copy_xattr(int from, int to, const char *name, struct error *err)
{
	char *value = malloc(XATTRS_MAX);
	if (!value)
		die_oom();
	ssize_t len = fgetxattr(from, name, value, XATTRS_MAX);
	bool ok = len < 0 || fsetxattr(to, name, value, (size_t)len, 0) == 0 || errno == ENOTSUP ||
		  errno == EPERM;
	if (!ok)
		error_system(err, errno, "%s", name);
	free(value);
	return ok;
}

static bool copy_xattrs(int from, int to, struct error *err)
{
	char *names = malloc(XATTRS_MAX);
	if (!names)
		die_oom();
	ssize_t len = flistxattr(from, names, XATTRS_MAX);
	bool ok = true;
	for (ssize_t at = 0; ok && at < len; at += (ssize_t)strlen(names + at) + 1)
		if (strncmp(names + at, "user.", 5) == 0)
			ok = copy_xattr(from, to, names + at, err);
	free(names);
	return ok;
}

bool place_outside(int from, int to, const struct stat *state, struct error *err)
{
	struct timespec times[] = { state->st_atim, state->st_mtim };
	if (!copy_xattrs(from, to, err))
		return false;
	/* vfat and its like keep neither modes nor exact times; the bytes are what counts. */
	if (fchmod(to, state->st_mode & 0777) != 0 && errno != EPERM && errno != ENOTSUP &&
	    errno != ENOSYS)
		return error_system(err, errno, "its mode");
	return futimens(to, times) == 0 || error_system(err, errno, "its times");
}

static bool is_unchanged(const struct stat *before, int fd, struct error *err)
{
	struct stat now;
	if (fstat(fd, &now) != 0)
		return error_system(err, errno, "looking again");
	return (now.st_size == before->st_size && now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
		now.st_mtim.tv_nsec == before->st_mtim.tv_nsec) ||
	       error_set(err, ERROR_CHANGED, NULL, "it changed while it was copied");
}

static bool fill(int source, int part, const struct place_watch *watch, char hex[SHA256_HEX + 1],
		 struct error *err)
{
	struct stat state;
	uint64_t len;
	if (fstat(source, &state) != 0)
		return error_system(err, errno, "looking");
	if (!place_reserve(part, (uint64_t)state.st_size, err) ||
	    !hash_through(source, part, watch, hex, &len, err))
		return false;
	if (len != (uint64_t)state.st_size)
		return error_set(err, ERROR_CHANGED, NULL, "it changed while it was copied");
	return is_unchanged(&state, source, err) && place_outside(source, part, &state, err);
}

void place_times(int64_t mtime_ns, struct timespec times[2])
{
	enum { NS = 1000000000 };
	times[0] = (struct timespec){ .tv_nsec = UTIME_OMIT };
	times[1] =
		(struct timespec){ mtime_ns / NS - (mtime_ns % NS < 0), (mtime_ns % NS + NS) % NS };
}

static int open_part(int folder, const char *part, struct error *err)
{
	int fd = openat(folder, part, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		error_system(err, errno, "%s", part);
	return fd;
}

static bool drop_part(int folder, const char *part, int fd)
{
	struct error ignored; /* the failure that led here is what counts */
	close(fd);
	place_unlink(folder, part, &ignored);
	return false;
}

/* The last of it: all of it on the disk, closed, and read back. */
static bool end_part(int folder, const char *part, int fd, const struct place_watch *watch,
		     const char *hex, struct error *err)
{
	struct error ignored;
	bool ok = fsync(fd) == 0 || error_system(err, errno, "it did not reach the disk");
	if (close(fd) != 0 && ok)
		ok = error_system(err, errno, "%s", part);
	ok = ok && place_reads_back(folder, part, watch, hex, err);
	if (!ok)
		place_unlink(folder, part, &ignored);
	return ok;
}

bool place_copy(int source, int folder, const char *part, const struct place_watch *watch,
		char hex[SHA256_HEX + 1], struct error *err)
{
	int fd = open_part(folder, part, err);
	if (fd < 0)
		return false;
	return fill(source, fd, watch, hex, err) ? end_part(folder, part, fd, watch, hex, err)
						 : drop_part(folder, part, fd);
}

bool place_text_begin(int source, const struct stat *before, struct str text, bool is_new,
		      struct place_text *out, struct error *err)
{
	struct sha256 *sha = sha256_create();
	sha256_add(sha, text.ptr, text.len);
	sha256_hex(sha, out->hex);
	out->fd = open_part(out->folder, out->part, err);
	if (out->fd < 0)
		return false;
	bool ok = place_write_all(out->fd, text.ptr, text.len, 0) ||
		  error_system(err, errno, "writing");
	ok = ok && is_unchanged(before, source, err) && place_outside(source, out->fd, before, err);
	if (ok && is_new && futimens(out->fd, NULL) != 0)
		ok = error_system(err, errno, "its time");
	if (ok)
		return true;
	int fd = out->fd;
	out->fd = -1;
	return drop_part(out->folder, out->part, fd);
}

void place_text_hurry(const struct place_text *text)
{
	int done = sync_file_range(text->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	(void)done; /* without it the wait is longer, not wrong */
}

bool place_text_end(struct place_text *text, struct error *err)
{
	int fd = text->fd;
	text->fd = -1;
	return end_part(text->folder, text->part, fd, NULL, text->hex, err);
}
