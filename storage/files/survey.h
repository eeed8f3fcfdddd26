// SPDX-License-Identifier: MIT
/**
 * Can a plan be carried out? Looks at the disk and writes beside each step what speaks against it:
 * everything at once, before anything is touched (never-lose-data.md, section 5, "Plan").
 */
#ifndef STORAGE_FILES_SURVEY_H
#define STORAGE_FILES_SURVEY_H

#include "core/base/arena.h"
#include "core/organise/plan.h"

/** A link to a file of the library. */
struct survey_link {
	struct str path;   /* absolute */
	struct str target; /* the real path of what it leads to */
};

struct survey {
	const struct str *roots;
	size_t n_roots; /* nothing goes outside of these, but to a trash */
	struct str
		trash; /* of the home folder: what is trashed gets its place in there or in its disk's */
	const struct survey_link *links; /* that the index knows, sorted by target */
	size_t n_links;
	bool checks_sources; /* the plan is an older one: are its files as they were? */
};

/** Fills the conflicts and notes of the steps, the places in the trash, and the sums of the plan. @arena owns the texts */
void survey_plan(const struct survey *survey, struct arena *arena, struct plan *plan);

#endif
