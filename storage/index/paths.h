// SPDX-License-Identifier: MIT
/**
 * The terms path: and root: over the folders of the library, which are few, and the file names on
 * the shelf.
 */
#ifndef STORAGE_INDEX_PATHS_H
#define STORAGE_INDEX_PATHS_H

#include "storage/index/terms.h"

/**
 * Slots whose absolute path contains the text, or is it, or, exactly, whose path below the root is it.
 * @in_file  slots where the text may stand in the file name: they are looked at; needed for CONTAINS
 */
struct bitmap paths_search(struct term_run *run, const struct query_node *leaf,
			   const struct bitmap *in_file);
/** Slots of the roots whose name matches. */
struct bitmap paths_of_roots(struct term_run *run, const struct query_node *leaf);

#endif
