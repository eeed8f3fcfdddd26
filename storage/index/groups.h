// SPDX-License-Identifier: MIT
/**
 * The base-model tree with counts.
 *
 * A base model whose parent is of another architecture stands at the top, since "descendants" ends
 * there for base: too; so a group's total is what its query lists.
 */
#ifndef STORAGE_INDEX_GROUPS_H
#define STORAGE_INDEX_GROUPS_H

#include "storage/index/class.h"
#include "storage/messages.h"

/** @counts  models by class id, n_counts of them: from the census or from the slots that match */
void groups_build(const struct knowledge *knowledge, const struct classes *classes,
		  const uint64_t *counts, size_t n_counts, struct arena *arena,
		  const struct group **groups, size_t *n_groups);

#endif
