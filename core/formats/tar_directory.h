// SPDX-License-Identifier: MIT
/**
 * The members of a tar, by their headers alone.
 */
#ifndef CORE_FORMATS_TAR_DIRECTORY_H
#define CORE_FORMATS_TAR_DIRECTORY_H

#include "core/base/arena.h"
#include "core/base/blob.h"

#define TAR_MEMBERS_MAX 10000u

struct tar_member {
	struct str name;
	uint64_t at, size_bytes; /* of the contents, cut at the end of the file */
};

struct tar_directory {
	const struct tar_member *members;
	size_t n_members;
};

/** Lists regular members, up to the first header that is none. */
void tar_directory_read(const struct blob *blob, struct arena *arena, struct tar_directory *out);

/** NULL when there is none of that name. */
const struct tar_member *tar_find(const struct tar_directory *directory, struct str name);

#endif
