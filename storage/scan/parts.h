// SPDX-License-Identifier: MIT
/**
 * The files of a model that is several: which names of a folder belong to one, and how they are now.
 *
 * Names and stats alone: no file is opened. A folder with model_index.json is a pipeline, its
 * components in folders of their own; one with config.json beside weights of the usual name is one
 * component. Whatever else lies there is a model or a folder like any other.
 */
#ifndef STORAGE_SCAN_PARTS_H
#define STORAGE_SCAN_PARTS_H

#include <sys/stat.h>

#include "core/formats/shards.h"
#include "storage/scan/finding.h"
#include "storage/scan/listing.h"

#define PARTS_LINK_OUT "link points outside the library; not followed"
#define PARTS_LINK_DEAD "the link leads nowhere"

enum folder_model { FOLDER_NONE, FOLDER_PIPELINE, FOLDER_COMPONENT };

/** What the folder of that listing is, by its names. */
enum folder_model folder_model_of(const struct listing *listing);

/** Is a file of that name in such a folder one of the model's own? */
bool folder_model_owns(enum folder_model folder, struct str name);

/** One file of a model. */
struct part {
	struct str path; /* relative to where the model's files lie, NUL-terminated */
	uint64_t inode;  /* of what is read: of a link's target */
	bool is_link;
	const char *why_not; /* static: a link that is not followed; NULL: it is read */
};

/**
 * Where a link leads: NULL with the target's stat, or why it is not followed, static.
 * @path  as in struct part
 */
typedef const char *(*part_follow_fn)(void *context, struct str path, struct stat *target);

/** Being collected. */
struct parts {
	struct arena *arena; /* owns what the list holds; borrowed */
	part_follow_fn follow;
	void *context;           /* of `follow` */
	struct array list;       /* struct part */
	struct array others;     /* struct str: subfolders that are no components */
	struct file_state state; /* sizes added, the latest times; the inode is the caller's */
	uint64_t words;          /* over names and states, whatever their order */
	bool is_partial;         /* a download of one of them is under way */
	const char *why_not;     /* what keeps the whole from being read, in words; or NULL */
	int sys_errno;           /* of a folder or file that could not be looked at; or 0 */
};

void parts_init(struct parts *parts, struct arena *arena, part_follow_fn follow, void *context);
void parts_finish(struct parts *parts);

/** Adds the files of a folder's model and of its components. */
void parts_add_folder(struct parts *parts, int folder_fd, const struct listing *listing,
		      enum folder_model folder);

/** Adds every part of a sharded set that the folder holds, and its index. */
void parts_add_shards(struct parts *parts, int folder_fd, const struct listing *listing,
		      const struct shard_name *shard);

/** The parts sorted by path, as struct folder wants them. */
const struct part *parts_sorted(const struct parts *parts, struct arena *arena);

#endif
