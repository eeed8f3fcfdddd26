// SPDX-License-Identifier: MIT
/**
 * One folder to its candidates and subfolders: links, special files, half-downloaded files, models
 * that are several files.
 *
 * Opens folders, stats what looks like a model, its parts and its sidecars, and opens no file but
 * the one that tells the current revision of a Hugging Face repository. Links to folders are not
 * followed but to a component of a pipeline, one level deep, so no path has a loop;
 * WALK_DEPTH_MAX ends what a broken file system makes up.
 */
#ifndef STORAGE_SCAN_WALK_H
#define STORAGE_SCAN_WALK_H

#include "storage/scan/candidate.h"
#include "storage/scan/names.h"

#define WALK_DEPTH_MAX 128 /* folders; deeper ones are told and left alone */

/** What a walk may look at: the same for all folders of one root. */
struct walk_place {
	int root_fd;
	struct str root_path; /* as given: for what is told */
	struct name_rules rules;
	const struct str *roots;
	size_t n_roots; /* real paths of every root */
	const struct str *nested;
	size_t n_nested; /* roots below it, relative */
};

/** Who is told what a folder holds; everything passed is borrowed for the call. */
struct walk_sink {
	void *context;
	void (*candidate)(void *context, const struct candidate *candidate);
	void (*folder)(void *context, struct str path);
	/* A folder in a pipeline, before it is known what is in it: NULL when nobody minds. */
	void (*inner)(void *context, struct str path);
	void (*told)(void *context, struct str text);
};

/** One thread's buffers; zeroed is valid. */
struct walk {
	struct listing listing;
	struct arena arena;          /* of one folder */
	struct array models, others; /* struct str */
};

void walk_finish(struct walk *walk);

/**
 * Walks one folder, without what lies below it.
 *
 * @path   relative to the root, NUL-terminated; "" is the root
 * @err    the folder was not read whole: nothing may be concluded from what was not seen
 */
NODISCARD bool walk_folder(struct walk *walk, const struct walk_place *place, struct str path,
			   const struct walk_sink *sink, struct error *err);

#endif
