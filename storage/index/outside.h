// SPDX-License-Identifier: MIT
/**
 * A checkpoint that a person names by its path and the index does not know: read from its file, for one
 * question.
 */
#ifndef STORAGE_INDEX_OUTSIDE_H
#define STORAGE_INDEX_OUTSIDE_H

#include "storage/index/model_rows.h"

struct outside {
	struct model model; /* what cannot be read is one as well */
	bool has_table;     /* are its tensors to be had? */
	struct tensor_table table;
	struct arena arena; /* owns all of it */
};

/** The absolute path of what is there, links unresolved; STR_NULL: nothing is. On `arena`. */
struct str outside_path(struct str path, struct arena *arena);

void outside_read(const struct row_reader *reader, struct str path, struct outside *out);
void outside_finish(struct outside *outside);

#endif
