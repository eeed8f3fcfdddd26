// SPDX-License-Identifier: MIT
/**
 * A folder whose files come to lie on another disk: copied whole under a temporary name, and what is
 * in both places taken away in one of them, file by file. Nothing in here decides which.
 */
#ifndef STORAGE_FILES_PLACE_TREE_H
#define STORAGE_FILES_PLACE_TREE_H

#include "storage/files/place.h"
#include "storage/files/tree.h"

/**
 * Copies a folder: each file as by place_copy, links as links, folders with their modes, times and
 * attributes; all of it is on the disk, but for the temporary name itself.
 *
 * @source  descriptor of the folder
 * @part    the temporary name; must be free. After a failure what is there stays: place_tree_remove
 * @arena   owns `tree`
 * @tree    out: the source as it was read
 * @hex     out: as of tree_hash
 * @err     SYSTEM; LIMIT; CHANGED when the source changed meanwhile; UNSUPPORTED: it holds what cannot
 *          be copied; CANCELLED
 */
NODISCARD bool place_tree_copy(int source, int folder, const char *part,
			       const struct place_watch *watch, struct arena *arena,
			       struct tree *tree, char hex[SHA256_HEX + 1], struct error *err);

/** The same hash of a folder that is there: every byte is read. @err SYSTEM, LIMIT, CANCELLED */
NODISCARD bool place_tree_hash(int fd, const struct place_watch *watch, char hex[SHA256_HEX + 1],
			       struct error *err);

/** A folder that goes, and its twin. What is not in the twin never goes. */
struct place_tree_removal {
	int folder;       /* where the folder that goes has */
	const char *name; /* this name */
	int twin_folder;  /* and its twin */
	const char *twin; /* this one */
	/* The folder as it was when it was copied into the twin: what is so no more stays. NULL: what has
	   not the bytes of the twin stays. */
	const struct tree *as_read;
	bool is_part; /* it is a copy under a temporary name, maybe half a one: its bytes do not count */
	const struct place_watch *watch;
};

/**
 * Removes what may go, then the folders that became empty, on the disk but for the last name. Anything
 * else stays, whatever it is; one that stays does not keep the others.
 *
 * @return  false with the first reason why something stays
 * @err     CHANGED, SYSTEM, CANCELLED
 */
NODISCARD bool place_tree_remove(const struct place_tree_removal *removal, struct error *err);

#endif
