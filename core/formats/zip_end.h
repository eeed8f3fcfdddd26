// SPDX-License-Identifier: MIT
/**
 * The end record of a zip, and its zip64 record: where the directory is. For zip_directory alone.
 */
#ifndef CORE_FORMATS_ZIP_END_H
#define CORE_FORMATS_ZIP_END_H

#include "core/formats/zip_directory.h"

struct zip_end {
	uint64_t at; /* where the directory has to end: the (zip64) end record */
	uint64_t n_entries;
	uint64_t directory_at, directory_bytes; /* as the record says */
};

/** false with E_ZIP_END, E_ZIP_64 or E_IO told. */
NODISCARD bool zip_end_read(struct format_job *job, struct arena *arena,
			    struct zip_directory *directory, struct zip_end *out);

#endif
