// SPDX-License-Identifier: MIT
/**
 * A file on its way under a temporary name: bytes one after the other, then all of it on the disk and
 * read back. For place.h, and for what comes out of an archive.
 */
#ifndef STORAGE_FILES_PLACE_PART_H
#define STORAGE_FILES_PLACE_PART_H

#include "storage/files/place.h"

struct place_part {
	int folder;       /* borrowed */
	const char *name; /* borrowed */
	int fd;
	struct sha256 *sha;
	uint64_t len;
};

/**
 * Begins one; the name must be free.
 * @mode        as of open(2): the umask counts
 * @size_bytes  room that is taken at once; 0: as it comes
 * @err         SYSTEM
 */
NODISCARD bool place_part_open(struct place_part *part, int folder, const char *name, mode_t mode,
			       uint64_t size_bytes, struct error *err);
NODISCARD bool place_part_add(struct place_part *part, struct str bytes, struct error *err);
/**
 * Ends it: on the disk, read back and equal. Removed again after a failure.
 * @hex  out: SHA-256 of the bytes
 */
NODISCARD bool place_part_end(struct place_part *part, int64_t mtime_ns,
			      const struct place_watch *watch, char hex[SHA256_HEX + 1],
			      struct error *err);
/** Removes what was begun and not ended; accepts one that was never begun (`sha` NULL). */
void place_part_drop(struct place_part *part);

/**
 * Takes room for a file that is still empty. Where the disk cannot, the bytes get theirs as they come.
 * @err  SYSTEM: there is not so much
 */
NODISCARD bool place_reserve(int fd, uint64_t size_bytes, struct error *err);
/** All of the bytes, at that offset; false with errno. */
NODISCARD bool place_write_all(int fd, const char *bytes, size_t len, uint64_t offset);
/** What is beside the bytes of a file, or beside what lies in a folder: mode, times, the user's attributes. */
NODISCARD bool place_outside(int from, int to, const struct stat *state, struct error *err);
/**
 * Does the disk, not the memory, give bytes with that hash? Opened anew, after whoever wrote it closed it:
 * there are file systems that lose at that moment what they had read back before (fusefat 0.1a).
 *
 * @err  SYSTEM, CANCELLED
 */
NODISCARD bool place_reads_back(int folder, const char *name, const struct place_watch *watch,
				const char *hex, struct error *err);

#endif
