// SPDX-License-Identifier: MIT
/**
 * From a wish to a plan: which files belong to the models that are meant, and where each of them
 * would go. Looks at folders, changes nothing; what speaks against a step is found by survey.
 */
#ifndef STORAGE_FILES_PLANNER_H
#define STORAGE_FILES_PLANNER_H

#include "storage/files/folder_view.h"
#include "storage/files/glance.h"
#include "storage/messages.h"
#include "storage/user/roots.h"

/** Why a copy goes. */
struct planned_spare {
	struct str kept; /* the file of the same content that stays */
	struct plan_file kept_file;
	struct str conflict; /* why it may not go; STR_NULL: it may */
};

/** A model that is meant. */
struct planned_model {
	uint32_t id;
	bool is_shards;     /* filled by the planner, as is what is there */
	struct str path;    /* absolute */
	struct str root;    /* path of its root */
	struct str target;  /* where it would go, absolute; given for ORGANISE, without
					 * extension, and for PACK, in the archive */
	struct glanced now; /* the model itself */
	const struct planned_spare *spare; /* SPARE; else NULL */
};

struct planner {
	enum plan_wish wish;
	struct str text; /* MOVE: the absolute folder; RENAME: the name */
	bool links;      /* SPARE: they become names of the file that stays */
	struct name_rules rules;
	struct planned_model *models;
	size_t n_models;
	struct arena *arena; /* owns what the plan points to */
};

/**
 * Makes the steps, a model's companions after it. Steps that would change nothing are left out.
 * @err  USAGE: the wish cannot be; SYSTEM: a folder cannot be read
 */
NODISCARD bool planner_make(struct planner *planner, struct plan *out, struct error *err);

#endif
