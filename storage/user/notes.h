// SPDX-License-Identifier: MIT
/**
 * Notes, ratings and favourites: columns of the subject itself.
 */
#ifndef STORAGE_USER_NOTES_H
#define STORAGE_USER_NOTES_H

#include "storage/index/db.h"

#define RATING_MAX 5

/** @note  STR_NULL: none. `*changed` tells whether it is another now. @err USAGE: too long, or a NUL */
NODISCARD bool notes_put(struct db *user, int64_t subject_id, struct str note, bool *changed,
			 struct error *err);
/** @rating  0: none. @err USAGE */
NODISCARD bool notes_rate(struct db *user, int64_t subject_id, int rating, bool *changed,
			  struct error *err);
NODISCARD bool notes_favour(struct db *user, int64_t subject_id, bool is_favourite, bool *changed,
			    struct error *err);

#endif
