// SPDX-License-Identifier: MIT
#include "storage/files/place_part.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

bool place_write_all(int fd, const char *bytes, size_t len, uint64_t offset)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = pwrite(fd, bytes + done, len - done, (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

bool place_reads_back(int folder, const char *name, const struct place_watch *watch,
		      const char *hex, struct error *err)
{
	char again[SHA256_HEX + 1];
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return error_system(err, errno, "reading it back");
	int sys = posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	(void)sys; /* without it the check is weaker, not wrong */
	bool ok = place_hash(fd, watch, again, err) &&
		  (strcmp(again, hex) == 0 ||
		   error_set(err, ERROR_SYSTEM, NULL, "what was written reads back differently"));
	close(fd);
	return ok;
}

/* Not posix_fallocate: what that does where the disk cannot is to write, and not every disk can that. */
bool place_reserve(int fd, uint64_t size_bytes, struct error *err)
{
	if (size_bytes == 0 || fallocate(fd, 0, 0, (off_t)size_bytes) == 0)
		return true;
	bool is_full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG || errno == EIO;
	return !is_full || error_system(err, errno, "room for it");
}

bool place_part_open(struct place_part *part, int folder, const char *name, mode_t mode,
		     uint64_t size_bytes, struct error *err)
{
	*part = (struct place_part){ .folder = folder, .name = name };
	part->fd = openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (part->fd < 0)
		return error_system(err, errno, "%s", name);
	part->sha = sha256_create();
	if (place_reserve(part->fd, size_bytes, err))
		return true;
	place_part_drop(part);
	return false;
}

bool place_part_add(struct place_part *part, struct str bytes, struct error *err)
{
	sha256_add(part->sha, bytes.ptr, bytes.len);
	if (!place_write_all(part->fd, bytes.ptr, bytes.len, part->len))
		return error_system(err, errno, "writing");
	part->len += bytes.len;
	return true;
}

/* Room that was taken for more than came is given back. */
static bool reach_disk(struct place_part *part, int64_t mtime_ns, struct error *err)
{
	struct timespec times[] = { { .tv_nsec = UTIME_OMIT },
				    { mtime_ns / 1000000000, mtime_ns % 1000000000 } };
	if (ftruncate(part->fd, (off_t)part->len) != 0 || futimens(part->fd, times) != 0)
		return error_system(err, errno, "its size or time");
	return fsync(part->fd) == 0 || error_system(err, errno, "it did not reach the disk");
}

bool place_part_end(struct place_part *part, int64_t mtime_ns, const struct place_watch *watch,
		    char hex[SHA256_HEX + 1], struct error *err)
{
	struct error ignored;
	sha256_hex(part->sha, hex);
	part->sha = NULL;
	bool ok = reach_disk(part, mtime_ns, err);
	if (close(part->fd) != 0 && ok)
		ok = error_system(err, errno, "%s", part->name);
	ok = ok && place_reads_back(part->folder, part->name, watch, hex, err);
	if (!ok)
		place_unlink(part->folder, part->name, &ignored);
	return ok;
}

void place_part_drop(struct place_part *part)
{
	struct error ignored; /* the failure that led here is what counts */
	if (!part->sha)
		return;
	sha256_destroy(part->sha);
	part->sha = NULL;
	close(part->fd);
	place_unlink(part->folder, part->name, &ignored);
}
