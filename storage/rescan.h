// SPDX-License-Identifier: MIT
/**
 * Which roots a scan has to look at after we moved files. None, where each is a model of one file that the
 * index knows at its new place, in a folder of nothing but models, and no link may lead to it, nothing is to
 * be ignored, and none is a part of a set: there is nothing to be found that way.
 */
#ifndef STORAGE_RESCAN_H
#define STORAGE_RESCAN_H

#include "storage/files/journal.h"
#include "storage/store.h"

/**
 * @steps  ended, and settled in the index
 * @paths  out: of these roots, on `arena`
 */
void rescan_roots(struct store *store, const struct roots *roots, const struct journal_step *steps,
		  size_t n_steps, struct arena *arena, const struct str **paths, size_t *n_paths);

#endif
