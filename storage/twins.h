// SPDX-License-Identifier: MIT
/**
 * Files of the same content, by what is stored of their hashes. Looks at no file.
 */
#ifndef STORAGE_TWINS_H
#define STORAGE_TWINS_H

#include "storage/answers.h"

struct twin {
	uint32_t id;
	struct str sha256;
	struct str path;         /* absolute */
	const struct root *root; /* borrowed of the answers; NULL: it was removed */
	struct plan_file hashed; /* the file as it was hashed; its device is not known */
};

/**
 * Appends those that match, of struct twin: the largest first, those of one content behind one
 * another, by path.
 *
 * @query  empty: all; else the shelf must be loaded
 * @arena  owns the texts
 * @err    USAGE: a mistake in the query
 */
NODISCARD bool twins_read(struct answers *answers, struct str query, struct arena *arena,
			  struct array *out, struct error *err);

/** Where the next content begins; one that is left alone ends one further on. */
size_t twins_end(const struct array *twins, size_t first);

#endif
