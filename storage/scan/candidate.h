// SPDX-License-Identifier: MIT
/**
 * Something that may be a model, as a walk or a person pointed it out: where it lies, what it is
 * called, which files are its own. Nothing of it has been opened.
 */
#ifndef STORAGE_SCAN_CANDIDATE_H
#define STORAGE_SCAN_CANDIDATE_H

#include "storage/scan/parts.h"

enum candidate_type {
	CANDIDATE_FILE,
	CANDIDATE_LINK,     /* to a file inside the roots */
	CANDIDATE_LINK_OUT, /* to something outside, or to a folder: not followed */
	CANDIDATE_LINK_DEAD,
	CANDIDATE_NOT_FILE, /* a FIFO, socket, device, a folder that is no model */
	CANDIDATE_FOLDER,   /* a pipeline or a component: several files below `path` */
	CANDIDATE_SHARDS,   /* several files beside `path`, which is the first of them */
};

struct candidate {
	enum candidate_type type;
	struct str path;         /* relative to the root, NUL-terminated; "" is the root itself */
	struct str name;         /* what the model is called */
	struct str folder_name;  /* of the folder it lies in; STR_NULL where that says nothing */
	struct str sha256;       /* where the place tells it; else STR_NULL */
	struct str target;       /* of a link that is followed: the real path; else STR_NULL */
	bool is_partial;         /* a download of it is under way */
	bool is_awaited;         /* what it lacks, if anything, may be on its way */
	struct file_state state; /* of a link's target where that is followed */
	uint64_t context;
	const struct str *companions; /* names in the same folder */
	size_t n_companions;
	const struct part *parts; /* of several files, sorted by path */
	size_t n_parts;
	const char *why_not; /* what keeps the several files from being read; or NULL */
};

/**
 * The folder that says something of what lies in it: the last one of the path, but for a snapshot its
 * repository. STR_NULL when there is none, and for a snapshot itself, whose name tells.
 *
 * @path  relative to the root
 */
struct str candidate_folder_name(struct str path, struct arena *arena);

/**
 * Fills name and folder_name from type and path.
 *
 * @absolute   the same path from the top of the disk: a snapshot of the Hugging Face hub is called
 *             after its repository
 * @is_folder  the dots in its name begin no extension
 */
void candidate_call(struct candidate *candidate, struct str absolute, bool is_folder,
		    struct arena *arena);

/** A copy that owns nothing of the original. */
void candidate_copy(const struct candidate *candidate, struct arena *arena, struct candidate *out);

/** The name that sidecars repeat, with an extension that is none of it: of a file its own, of shards what it
 * would be in one file, of a folder all of its name. */
struct str candidate_file_name(const struct candidate *candidate, struct arena *arena);

#endif
