// SPDX-License-Identifier: MIT
/**
 * Writing an archive of the files of a set, its manifest first.
 *
 * Every file is read twice: for the hash that the manifest tells, and into the archive; one that
 * changed between the two ends it. Nothing is told of the machine: no owner, no absolute path. Of a
 * file its bytes and its time go along.
 */
#ifndef STORAGE_FILES_PACK_H
#define STORAGE_FILES_PACK_H

#include "core/base/array.h"
#include "core/sets/manifest.h"
#include "storage/files/place.h"

enum pack_format { PACK_TAR_ZST, PACK_ZIP, PACK_FORMAT_COUNT };

/** By the end of its name; PACK_FORMAT_COUNT when it is none of ours. */
enum pack_format pack_format_of(struct str path);

/** A file or a folder of the library, and what it is called in the archive. */
struct pack_source {
	struct str path, member;
};

struct pack {
	struct str target; /* path of the archive; must be free */
	const struct str *roots;
	size_t n_roots; /* absolute; a link that leads out of them is refused */
	const struct pack_source *sources;
	size_t n_sources;
	struct manifest manifest; /* its files are filled in */
	struct place_watch watch; /* told the bytes read so far: each is read twice */
	struct arena *arena;
};

/**
 * Writes the archive under a name of its own, and gives it the wanted one when it is whole and on
 * the disk. Replaces nothing.
 *
 * @err  SYSTEM; CHANGED; CANCELLED; USAGE for a target that is there or an unknown ending;
 *       LIMIT for a folder that is too deep
 */
NODISCARD bool pack_write(struct pack *pack, struct error *err);

#endif
