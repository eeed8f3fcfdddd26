// SPDX-License-Identifier: MIT
/**
 * Tags: short texts on subjects. Two that differ by case only are one, spelled as it was first.
 */
#ifndef STORAGE_USER_TAGS_H
#define STORAGE_USER_TAGS_H

#include "core/base/user_text.h"
#include "storage/index/db.h"

/** `*changed` tells whether the subject did not have it before. */
NODISCARD bool tag_add(struct db *user, int64_t subject_id, struct str tag, bool *changed,
		       struct error *err);
NODISCARD bool tag_remove(struct db *user, int64_t subject_id, struct str tag, bool *changed,
			  struct error *err);

/**
 * Another name for a tag wherever it is, on models and on sets. Where both are, one stays; a name
 * that is in use already keeps its spelling, unless it is the same tag.
 *
 * @n_changed  out: models and sets
 * @err        USAGE: nothing has that tag
 */
NODISCARD bool tags_rename(struct db *user, struct str tag, struct str name, uint64_t *n_changed,
			   struct error *err);

#endif
