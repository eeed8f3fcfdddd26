// SPDX-License-Identifier: MIT
/**
 * Which files a set is packed of: folders become what lies in them. For pack.c.
 */
#ifndef STORAGE_FILES_PACK_FILES_H
#define STORAGE_FILES_PACK_FILES_H

#include "storage/files/pack.h"

struct pack_file {
	struct str path, member;
};

/** Appends them in the order of the sources, folders sorted. @err  SYSTEM, LIMIT */
NODISCARD bool pack_files_list(const struct pack *pack, struct array *files, struct error *err);

/**
 * Opens one to read. A link is followed as long as it stays inside the roots.
 * @return  -1 with `err`: SYSTEM; UNSUPPORTED for what is no file, or lies outside
 */
int pack_file_open(const struct pack *pack, const struct pack_file *file, struct stat *state,
		   struct error *err);

#endif
