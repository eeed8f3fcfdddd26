// SPDX-License-Identifier: MIT
/**
 * Facts: what reading a model gave, as flat bytes without pointers, so that conclusions can be drawn
 * again without its file.
 *
 * The tensor table is a layout of its own, shared by many models; the name and the folder are where
 * the model is. Everything is length-checked: hostile bytes are refused, and what decodes encodes
 * to the same bytes.
 */
#ifndef STORAGE_SCAN_FACTS_H
#define STORAGE_SCAN_FACTS_H

#include "core/base/error.h"
#include "core/base/squeeze.h"
#include "core/identify/gist.h"

#define FACTS_FLAT_VERSION 3u /* the first byte; what has another is to be read from disk again */
#define FACTS_BYTES_MAX (1u << 20) /* before they are squeezed; a gist is a quarter of it at most */

struct facts {
	struct gist gist;
	struct str layout; /* key of its tensors; STR_NULL: it has none */
	bool is_whole;     /* false: its layout was too large to be kept */
	bool only_count;   /* not identified: a download, a file that could not be read */
};

/** For both of the functions below. One thread each. */
struct squeezer *facts_squeezer_create(struct arena *arena);

/** Appends the flat form. The table of the reading is left out. */
void facts_encode(const struct facts *facts, struct squeezer *squeezer, struct bytes *out);

/**
 * @flat   slices of `out` borrow from it or live in `arena`
 * @out    has no table, though `gist.reading.has_table` may say that the file had
 * @err    FORMAT: the bytes are not ours, or of another version
 */
NODISCARD bool facts_decode(struct str flat, struct squeezer *squeezer, struct arena *arena,
			    struct facts *out, struct error *err);

/** The layout's key alone, and whether the facts are whole; without unsqueezing. Errors as above. */
NODISCARD bool facts_layout(struct str flat, struct str *key, bool *is_whole, struct error *err);

#endif
