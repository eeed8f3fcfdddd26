// SPDX-License-Identifier: MIT
/**
 * Which copies need not be: of each content one file stays, chosen by rules. Looks at the files, for
 * what is not as it was hashed is named, and changes nothing.
 */
#ifndef STORAGE_ANSWERS_SPARE_H
#define STORAGE_ANSWERS_SPARE_H

#include "core/organise/keep.h"
#include "storage/answers.h"
#include "storage/files/planner.h"

struct spare_wish {
	struct str query;       /* only what matches is a copy; empty: all */
	struct str rules;       /* may be empty where something is kept */
	const struct str *kept; /* paths that stay, whatever the rules say */
	size_t n_kept;
	bool links; /* the copies become names of the file that stays */
};

/**
 * Appends the copies that need not be, of struct planned_model. Their order is of no matter.
 * @arena  owns the texts
 * @err    USAGE: a mistake in the rules or in the query
 */
NODISCARD bool answers_spare(struct answers *answers, const struct spare_wish *wish,
			     struct arena *arena, struct array *out, struct error *err);

#endif
