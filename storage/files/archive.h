// SPDX-License-Identifier: MIT
/**
 * What models lie inside a .zip, .7z or .tar.*: listed by their names, not unpacked.
 *
 * Only the kinds of archive that models travel in; libarchive's other formats are not built in.
 * Headers are read, data is passed over by seeking where the format allows; what a compressed tar
 * forces to be unpacked has a limit. Opens nothing: bytes come from a blob.
 */
#ifndef STORAGE_FILES_ARCHIVE_H
#define STORAGE_FILES_ARCHIVE_H

#include "core/formats/format.h"

#define ARCHIVE_MEMBERS_MAX 100000u
#define ARCHIVE_NESTED_MAX 1u                      /* archives in archives */
#define ARCHIVE_UNPACKED_MAX ((uint64_t)256 << 20) /* of what cannot be sought: seconds */
#define ARCHIVE_RATIO_MAX 1000u /* of what comes out to what goes in, past 1 MiB */

/** What libarchive needs of the system. */
struct archive_reader;

/**
 * For a process that is to be confined, before it is and while it has one thread: reads the time
 * zone for good, which libarchive else looks at again for every member of a zip.
 */
void archive_prepare_process(void);

/** To be called before that confinement as well: loads the locale of the names. */
struct archive_reader *archive_reader_create(void);
void archive_reader_destroy(struct archive_reader *reader);

/**
 * Tells in `out` what models an archive holds: the note W_AR_MODELS.
 *
 * @out  the reading of the same blob; gains E_AR_PATH, E_AR_MANY, E_AR_READ, E_BOMB, E_TRUNCATED,
 *       E_ZIP_CRYPT. What is no archive, or has another status than ok already, is left alone.
 */
void archive_list_models(struct archive_reader *reader, const struct blob *blob,
			 struct arena *arena, struct reading *out);

#endif
