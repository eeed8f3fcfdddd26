// SPDX-License-Identifier: MIT
/**
 * Samples on the disk: key lists from the source tree, files below a temporary folder.
 */
#ifndef TESTS_SUPPORT_SAMPLE_DISK_H
#define TESTS_SUPPORT_SAMPLE_DISK_H

#include "core/samples/sample.h"

struct sample_disk {
	const char *folder; /* all is written below it */
	const char *corpus; /* where copies are taken from; NULL: none */
};

/** A sample_write_fn; its context is a struct sample_disk. */
bool sample_disk_write(void *context, const struct sample_file *file, struct error *err);

/** The key lists of core/samples/keys below $SOURCE_ROOT. */
struct key_source sample_disk_keys(void);

/** $SOURCE_ROOT/PATH, NUL-terminated. */
const char *sample_disk_source(struct arena *arena, const char *path);

/** The whole file, NUL-terminated; STR_NULL when it cannot be read. */
struct str sample_disk_read(struct arena *arena, const char *path);

/** A new folder under $TMPDIR; the name is the arena's. */
const char *sample_disk_make(struct arena *arena);
/** Removes a folder and all that is in it, whatever its permissions. */
void sample_disk_remove(const char *folder);
/** Bytes that the folder's files take on the disk, holes not counted. */
uint64_t sample_disk_usage(const char *folder);

#endif
