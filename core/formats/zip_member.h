// SPDX-License-Identifier: MIT
/**
 * The contents of one entry of a zip: a stretch of the file, or inflated into memory.
 *
 * Flags and checksum do not keep it from being read, as they do not keep PyTorch from it.
 */
#ifndef CORE_FORMATS_ZIP_MEMBER_H
#define CORE_FORMATS_ZIP_MEMBER_H

#include "core/formats/pickle_budget.h"
#include "core/formats/zip_directory.h"

#define ZIP_INFLATE_RATIO_MAX 1000u
#define ZIP_INFLATE_SLACK (1u << 20)
#define ZIP_MEMBER_MAX (256u << 20) /* inflated; any data.pkl seen is far below 16 MiB */

/** The zip a member is taken from, and what taking it may cost. */
struct zip {
	struct format_job *job;
	struct zip_directory directory;
	struct pickle_budget *budget; /* borrowed */
	bool is_quiet;                /* what cannot be read is no fault of the file */
};

/**
 * Opens an entry, and compares its local header with the directory.
 *
 * @wanted_bytes  of a packed entry no more is inflated
 * @arena         owns what is inflated, which is less than promised when the data is damaged
 * @out           its contents, as if they were a file
 * @return        false with E_ZIP_DIR, E_ZIP_METHOD, E_ZIP_CRYPT, E_BOMB or E_IO told
 */
NODISCARD bool zip_member_open(struct zip *zip, const struct zip_entry *entry,
			       uint64_t wanted_bytes, struct arena *arena, struct blob *out);

/**
 * Opens the entry that the file begins with, by its local header alone: up to the end of the file,
 * since its size may stand behind it. false when its name does not end so, or it is packed.
 */
bool zip_member_open_first(struct format_job *job, struct str name_end, struct blob *out);

/** Reads it all: W_ZIP_CRC unless its checksum is that of the directory. */
void zip_member_check_crc(struct format_job *job, const struct zip_entry *entry,
			  const struct blob *member);

#endif
