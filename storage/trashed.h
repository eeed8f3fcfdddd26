// SPDX-License-Identifier: MIT
/**
 * What lies in a trash and can come back out of it.
 */
#ifndef STORAGE_TRASHED_H
#define STORAGE_TRASHED_H

#include "core/base/str.h"

struct trashed_file {
	struct str path; /* absolute, raw bytes: in the files folder of its trash */
	struct str old;  /* where it was, absolute */
	uint64_t size_bytes;
	bool is_folder;
};

/** What was put there together, as one: a model and what belongs to it. */
struct trashed {
	const struct trashed_file *files;
	size_t n_files; /* never 0; the first gives it its name */
	uint64_t size_bytes;
	int64_t at_s;      /* 0: nobody knows */
	int64_t operation; /* that put it there; 0: another program did */
};

#endif
