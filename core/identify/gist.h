// SPDX-License-Identifier: MIT
/**
 * The gist of a reading: all that conclusions are drawn from, whatever the knowledge, and little
 * enough to be kept for every model.
 *
 * Conclusions come from a gist alone, right after a file was read as well as years later from what
 * was stored, so the two cannot differ.
 */
#ifndef CORE_IDENTIFY_GIST_H
#define CORE_IDENTIFY_GIST_H

#include "core/formats/sidecar.h"
#include "core/identify/captions.h"

#define GIST_VALUE_MAX 16384u /* bytes of a text: no title, recipe or description is longer */
#define GIST_PAIRS_MAX 4096u  /* of metadata; trainers write a hundred */
#define GIST_METADATA_MAX (128u << 10) /* bytes of all keys and values together */
#define GIST_FOLDERS_MAX 512u          /* of captions */
#define GIST_TAGS_MAX 2048u            /* the most frequent of all folders: rare ones say nothing */
#define GIST_TAGS_BYTES_MAX 32768u
#define GIST_TRIGGERS_MAX 256u /* of a sidecar */

struct gist {
	struct reading reading; /* metadata and configuration shortened; the table as it was */
	struct captions captions;
	const struct sidecar *sidecars;
	size_t n_sidecars;
	struct str sha256; /* the file's own, where its place tells it; else STR_NULL */
};

/**
 * Shortens what was read: pictures go, captions become counts, endless texts are cut.
 *
 * @arena  owns the new lists; texts are borrowed from what was read
 */
void gist_take(struct gist *gist, const struct reading *reading, const struct sidecar *sidecars,
	       size_t n_sidecars, struct arena *arena);

#endif
