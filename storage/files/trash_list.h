// SPDX-License-Identifier: MIT
/**
 * What lies in a trash, by the infos in it. Anybody may have written these: an info that is a link, too
 * long, or tells of no place that a file can have is counted, and nothing of it is followed.
 */
#ifndef STORAGE_FILES_TRASH_LIST_H
#define STORAGE_FILES_TRASH_LIST_H

#include "core/base/array.h"
#include "storage/files/trash.h"
#include "storage/trashed.h"

/* A path of PATH_MAX bytes, all of them encoded, and the rest. */
#define TRASH_INFO_BYTES_MAX 16384u
/* More than a person looks through; each is a file to be read. */
#define TRASH_FILES_MAX 20000u

/** What an info tells. */
struct trash_info {
	struct str old; /* absolute, raw bytes */
	int64_t at_s;   /* 0: nobody knows */
};

/**
 * Reads one.
 *
 * @top    paths in it are relative to this; empty: they are absolute
 * @arena  owns the path
 * @return false when it tells no path, or one that climbs
 *
 * Source: freedesktop.org Trash specification 1.0, "Contents of a trash directory".
 */
bool trash_info_read(struct str text, struct str top, struct arena *arena, struct trash_info *out);

struct trash_entry {
	struct trashed_file file;
	int64_t at_s;
};

struct trash_listing {
	struct array entries; /* struct trash_entry, in no order */
	size_t n_left_out;    /* infos that are broken, or more than are read */
};

/** Appends what lies there. A trash that cannot be read holds nothing. @arena  owns the texts */
void trash_list(const struct trash *trash, struct arena *arena, struct trash_listing *out);

#endif
