// SPDX-License-Identifier: MIT
/**
 * Before and now: what is new, changed, moved, gone. Pure: no disk, no index.
 */
#ifndef STORAGE_SCAN_CHANGES_H
#define STORAGE_SCAN_CHANGES_H

#include "core/knowledge/knowledge.h"
#include "storage/scan/finding.h"

/** What the index knows of one folder and below it: a slice of a root's sorted files. */
struct known_range {
	const struct known_file *files;
	size_t n;
};

/** The files whose path begins with `folder` and a slash; all of them for the root, "". */
struct known_range known_below(struct known_range all, struct str folder);

/** The file of that path, or NULL. @shared_len: bytes that it shares with all
 *  paths of the range, and that need not be compared */
const struct known_file *known_find(struct known_range range, struct str path, size_t shared_len);

enum change {
	CHANGE_NEW, /* no such path was known */
	CHANGE_CHANGED,
	CHANGE_SAME,
	CHANGE_BACK, /* was marked missing and is the same as ever */
};

/**
 * Compares a file with what is known of its path.
 *
 * @known          NULL for none
 * @stable_inodes  false where inode and ctime say nothing (FUSE, NFS, vfat)
 */
enum change change_of(const struct known_file *known, const struct file_state *now,
		      uint64_t context, bool stable_inodes);

/** A file that appeared, or one that is no longer where it was. */
struct stray {
	struct str path;
	struct file_state state;
	bool was_missing; /* before as well: it may have gone where another file went from since */
	size_t match;     /* out: index into the other list, or SIZE_MAX */
};

/**
 * Matches what disappeared with what appeared by inode, size and mtime.
 *
 * Only what is unambiguous: no second file on either side has the same three, and the extension
 * stayed. Of several that are gone, the one that was there until now. (The ctime is left out: a
 * rename changes it.)
 */
void changes_match_moves(struct stray *gone, size_t n_gone, struct stray *arrived, size_t n_arrived,
			 struct arena *arena);

/**
 * The mass-change brake: that many at once look like a disk that is not there.
 * @n_present  files of the root that were not marked missing before
 */
bool changes_is_mass(size_t n_present, size_t n_gone);

/** What the names of a file that moved say of it. */
enum names_change {
	NAMES_SAY_SAME,   /* as before: nothing need be read or concluded again */
	NAMES_SAY_FOLDER, /* the folder says something else, or did */
	NAMES_SAY_OTHER,  /* it is called otherwise itself */
};
/** A folder's name counts only where the knowledge makes anything of it. */
enum names_change changes_of_names(const struct knowledge *knowledge, struct str path_before,
				   struct str path_now);

#endif
