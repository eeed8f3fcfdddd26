// SPDX-License-Identifier: MIT
/**
 * Many files into one reading: tensors put together, safety as bad as the worst file's, the first
 * error and every note with the file's name before it. For core/formats alone.
 */
#ifndef CORE_FORMATS_GATHER_H
#define CORE_FORMATS_GATHER_H

#include "core/base/array.h"
#include "core/base/folder.h"
#include "core/base/map.h"
#include "core/formats/format.h"

#define GATHER_NAMES_BYTES_MAX (100u << 20) /* as much as one header may hold */
#define GATHER_TEXT_BYTES_MAX (16u << 20)   /* of a JSON: a sidecar's limit */

struct gather {
	struct format_reader *reader;
	const struct folder *folder;
	struct arena *arena; /* owns what `out` points to */
	struct reading *out;
	struct arena scratch; /* of the file being read */
	struct array tensors; /* struct tensor */
	struct array globals; /* struct str, each once */
	struct map known_globals;
	struct array config; /* struct metadata_pair */
	size_t names_bytes;
	size_t n_read;
};

void gather_init(struct gather *gather, struct format_reader *reader, const struct folder *folder,
		 struct arena *arena, struct reading *out);

/** Puts what was gathered into the reading. */
void gather_finish(struct gather *gather);

/**
 * Reads a file whose tensors count: their names get `prefix`.
 * @return true when all of it could be read
 */
bool gather_file(struct gather *gather, const struct folder_file *file, struct str prefix);

/** Looks only at what loading this file would do: it lies beside the one that counts. */
void gather_safety(struct gather *gather, const struct folder_file *file);

/** A tensor of which the name alone is known, since its file is missing. */
void gather_name(struct gather *gather, struct str name, struct str prefix);

/** Something is loaded that runs code: a note, and a name among the globals. */
void gather_code(struct gather *gather, struct str what);

/** The whole of a JSON in `arena`; STR_NULL with a note W_JSON. */
struct str gather_text(struct gather *gather, const struct folder_file *file, struct arena *arena);

/** Notes that a JSON says nothing. */
void gather_ignore(struct gather *gather, const struct folder_file *file, const char *why);

#endif
