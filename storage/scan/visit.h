// SPDX-License-Identifier: MIT
/**
 * One folder while it is walked: what walk.c and walk_models.c share. For them alone.
 */
#ifndef STORAGE_SCAN_VISIT_H
#define STORAGE_SCAN_VISIT_H

#include "storage/scan/revisions.h"
#include "storage/scan/walk.h"

struct visit {
	struct walk *walk;
	const struct walk_place *place;
	const struct walk_sink *sink;
	int fd;
	struct str path;
	enum folder_model folder; /* is it a model itself? */
	struct revisions revisions;
	struct error *err; /* the first thing that could not be read */
	bool is_whole;
};

/** Path below the root, NUL-terminated, on the folder's arena. */
struct str visit_join(const struct visit *visit, struct str name);
struct str visit_absolute(const struct visit *visit, struct str path);
void visit_not_whole(struct visit *visit, int sys_errno, struct str path);

/** Trash, what the user ignores, another root: neither listed nor walked. */
bool visit_leaves_alone(const struct visit *visit, struct str name, bool is_folder);

/** What a link is, and the stat of its target where it may be followed: LINK, or why not. */
enum candidate_type visit_follow(struct visit *visit, struct str path, struct stat *target,
				 struct str *real);

/** Hands out what the models of one file, the shard sets and the folder itself are. */
void visit_take_models(struct visit *visit);

#endif
