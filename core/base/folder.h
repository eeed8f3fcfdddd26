// SPDX-License-Identifier: MIT
/**
 * A model that is several files: a diffusers folder, a sharded set. Names and blobs, nothing more:
 * whoever listed the folder decided what may be opened, and readers follow no path themselves.
 */
#ifndef CORE_BASE_FOLDER_H
#define CORE_BASE_FOLDER_H

#include "core/base/blob.h"
#include "core/base/str.h"

#define FOLDER_FILES_MAX 10000u

struct folder_file {
	struct str path; /* relative to the folder, raw bytes: "unet/config.json" */
	struct blob blob;
	const char *why_not; /* static or the owner's; NULL: readable */
};

struct folder {
	const struct folder_file *files; /* sorted by path, bytewise */
	size_t n_files;
};

/** The file of that path, or NULL. */
const struct folder_file *folder_find(const struct folder *folder, struct str path);

/** The files whose paths begin with `prefix`: "unet/"; paths stay as they are. */
struct folder folder_below(const struct folder *folder, struct str prefix);

#endif
