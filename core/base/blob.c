// SPDX-License-Identifier: MIT
#include "core/base/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { READ_CHUNK = 128 << 10 }; /* larger reads leave the second-level cache: 4 times slower */

struct blob blob_from_memory(const void *bytes, size_t size_bytes)
{
	return (struct blob){ .size_bytes = size_bytes, .memory = bytes ? bytes : "", .fd = -1 };
}

struct blob blob_from_fd(int fd, uint64_t size_bytes)
{
	return (struct blob){ .size_bytes = size_bytes, .fd = fd };
}

struct blob blob_window(const struct blob *blob, uint64_t at, uint64_t size_bytes)
{
	struct blob window = { .size_bytes = size_bytes,
			       .fd = blob->fd,
			       .begin = blob->begin + at };
	if (at > blob->size_bytes || size_bytes > blob->size_bytes - at)
		BUG("a window of %" PRIu64 " bytes at %" PRIu64 " of %" PRIu64, size_bytes, at,
		    blob->size_bytes);
	if (blob->memory)
		window.memory = (const char *)blob->memory + at;
	return window;
}

void blob_reads_little(const struct blob *blob)
{
	/* Only advice: where it is not taken, reading works all the same. */
	if (!blob->memory)
		(void)posix_fadvise(blob->fd, 0, 0, POSIX_FADV_RANDOM);
}

void blob_will_read(const struct blob *blob, uint64_t offset, size_t len)
{
	if (!blob->memory)
		(void)posix_fadvise(blob->fd, (off_t)(blob->begin + offset), (off_t)len,
				    POSIX_FADV_WILLNEED);
}

static bool fail_short(uint64_t offset, size_t len, uint64_t size_bytes, struct error *err)
{
	return error_set(err, ERROR_FORMAT, "E_TRUNCATED",
			 "file is cut off: %" PRIu64 " of %" PRIu64 " bytes present", size_bytes,
			 offset + len);
}

static bool read_fd(const struct blob *blob, uint64_t offset, char *to, size_t len,
		    struct error *err)
{
	size_t done = 0;
	while (done < len) {
		size_t part = len - done < READ_CHUNK ? len - done : READ_CHUNK;
		ssize_t got = pread(blob->fd, to + done, part, (off_t)(offset + done));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_system(err, errno, "cannot read");
		if (got == 0)
			return fail_short(offset, len, offset + done, err);
		done += (size_t)got;
	}
	return true;
}

bool blob_read_at(const struct blob *blob, uint64_t offset, void *to, size_t len, struct error *err)
{
	if (len == 0)
		return true;
	if (offset > blob->size_bytes || len > blob->size_bytes - offset)
		return fail_short(offset, len, blob->size_bytes, err);
	if (!blob->memory)
		return read_fd(blob, blob->begin + offset, to, len, err);
	memcpy(to, (const char *)blob->memory + offset, len);
	return true;
}
