// SPDX-License-Identifier: MIT
/**
 * Random-access bytes: a size and a way to read. From memory in tests and fuzzers, from a
 * descriptor in the scanner. Never mapped: a file cut short under a map is SIGBUS.
 */
#ifndef CORE_BASE_BLOB_H
#define CORE_BASE_BLOB_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

struct blob {
	uint64_t size_bytes;
	const void *memory; /* borrowed; NULL for a descriptor */
	int fd;             /* borrowed; -1 for memory */
	uint64_t begin;     /* in the file: 0 but for a window */
};

struct blob blob_from_memory(const void *bytes, size_t size_bytes);
struct blob blob_from_fd(int fd, uint64_t size_bytes);

/** A part of another as if it were all there is; `at` and `size_bytes` lie within it. */
struct blob blob_window(const struct blob *blob, uint64_t at, uint64_t size_bytes);

/** Asks the system to read no further than what is read: a header is followed by gigabytes. */
void blob_reads_little(const struct blob *blob);

/** Asks the system to have those bytes ready soon, without waiting for them. */
void blob_will_read(const struct blob *blob, uint64_t offset, size_t len);

/**
 * Reads exactly `len` bytes at `offset`.
 * @err  SYSTEM with slug E_IO; FORMAT with slug E_TRUNCATED when the file ends before
 */
NODISCARD bool blob_read_at(const struct blob *blob, uint64_t offset, void *to, size_t len,
			    struct error *err);

#endif
