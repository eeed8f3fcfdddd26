// SPDX-License-Identifier: MIT
/**
 * The central directory of a zip, read as PyTorch reads it: the directory is the truth. What a
 * reader of another kind would see differently is told.
 *
 * No judge of archives in general, and libarchive is no judge of these: it takes three published
 * attack files for something else than the loader does.
 */
#ifndef CORE_FORMATS_ZIP_DIRECTORY_H
#define CORE_FORMATS_ZIP_DIRECTORY_H

#include "core/formats/reader.h"

#define ZIP_ENTRIES_MAX 200000u
#define ZIP_DIRECTORY_MAX (64u << 20) /* bytes */
#define ZIP_NAME_MAX 4096u

enum { ZIP_STORED = 0, ZIP_DEFLATED = 8 };

/* Flags that make a careful reader refuse what PyTorch reads. */
#define ZIP_IS_ENCRYPTED 0x01u
#define ZIP_IS_PATCHED 0x20u
#define ZIP_IS_STRONGLY_ENCRYPTED 0x40u
#define ZIP_SIZES_FOLLOW 0x08u

struct zip_entry {
	struct str name; /* raw; lives as long as the directory */
	uint64_t at;     /* of the local header in the blob */
	uint64_t packed_bytes, size_bytes;
	uint32_t crc;
	uint16_t flags, method;
};

struct zip_directory {
	const struct zip_entry *entries; /* in the directory's order */
	size_t n_entries;
	const char *ambiguity; /* how it can be read in two ways; NULL: it cannot */
};

/**
 * Reads the end of the file and the directory, nothing else.
 *
 * @arena   owns names and entries
 * @return  false with E_ZIP_END, E_ZIP_DIR, E_ZIP_64, E_ZIP_MANY or E_IO told
 */
NODISCARD bool zip_directory_read(struct format_job *job, struct arena *arena,
				  struct zip_directory *out);

/** Remembers the first reason. */
void zip_doubt(struct zip_directory *directory, const char *reason);

#endif
