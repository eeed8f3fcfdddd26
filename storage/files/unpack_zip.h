// SPDX-License-Identifier: MIT
/**
 * Does libarchive list a zip as our own reader of its directory does? Where the two differ, one of
 * them can be led to bytes that the other never saw: nothing is taken out of such a zip.
 */
#ifndef STORAGE_FILES_UNPACK_ZIP_H
#define STORAGE_FILES_UNPACK_ZIP_H

#include "storage/files/unpack.h"

/** What is in the directory and was not listed yet. Zeroed: nothing, the archive is no zip. */
struct unpack_zip {
	bool is_zip;
	struct map by_name; /* -> how often, and how many bytes */
	size_t n_left;
	bool differs;
};

/** Reads the directory where `blob` is a zip. @arena  owns it */
void unpack_zip_read(struct unpack_zip *zip, const struct blob *blob, struct arena *arena);
/** One that libarchive lists. */
void unpack_zip_meet(struct unpack_zip *zip, const struct unpack_member *member);
/** After the last one. @err  FORMAT with W_ZIP_AMBIG */
NODISCARD bool unpack_zip_agrees(const struct unpack_zip *zip, struct error *err);

#endif
