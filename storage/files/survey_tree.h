// SPDX-License-Identifier: MIT
/**
 * What speaks against copying a folder to another disk, before it is tried.
 */
#ifndef STORAGE_FILES_SURVEY_TREE_H
#define STORAGE_FILES_SURVEY_TREE_H

#include "storage/files/target.h"
#include "storage/files/tree.h"

/**
 * Looks at everything in the folder `old`, which would come to be `new` on the disk of `target`.
 *
 * @arena  owns the answer
 * @return why it cannot be copied and then removed, in a line; NULL: it can
 */
const char *survey_tree(const struct tree *tree, struct str old, struct str new,
			const struct target *target, struct arena *arena);

/**
 * Which link in the folder leads somewhere, and would lead elsewhere or nowhere from where the folder goes,
 * be it copied or renamed.
 *
 * @return in a line, on `arena`; NULL: none
 */
const char *survey_tree_links(const struct tree *tree, struct str old, struct str new,
			      struct arena *arena);

#endif
