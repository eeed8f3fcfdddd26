// SPDX-License-Identifier: MIT
/**
 * What lies in a folder, all the way down, as it is now. Reads names, states and where links lead, and
 * opens no file.
 *
 * What others put there may be anything: links are not followed, other disks not entered, and
 * TREE_NODES_MAX ends what has no end.
 */
#ifndef STORAGE_FILES_TREE_H
#define STORAGE_FILES_TREE_H

#include <sys/stat.h>

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/organise/plan.h"

#define TREE_NODES_MAX 100000 /* a model of several files has some hundred */

struct tree_node {
	const char *path; /* below the folder */
	struct stat state;
	const char *link;         /* where it leads; NULL: it is none */
	char hex[SHA256_HEX + 1]; /* of a file's bytes, once somebody has read them; else empty */
};

struct tree {
	struct stat state; /* of the folder itself */
	struct tree_node *nodes;
	size_t n_nodes;      /* folders before what they hold; names of one folder in order */
	uint64_t size_bytes; /* of all files */
	int64_t newest_ns;   /* the youngest of their times; 0 where there are none */
};

/** @fd  of the folder. On `arena`. @err  SYSTEM, LIMIT */
NODISCARD bool tree_read(int fd, struct arena *arena, struct tree *out, struct error *err);
/** The same of a path that is a folder and no link. */
NODISCARD bool tree_read_path(const char *path, struct arena *arena, struct tree *out,
			      struct error *err);

/** The first that cannot be copied, being neither file nor folder nor link, or on another disk; NULL. */
const struct tree_node *tree_find_special(const struct tree *tree);
/** Is it the same file as it was read, unchanged? */
bool tree_node_is(const struct tree_node *node, const struct stat *state);
/** Is all of it as it was? Folders may have got other times. */
bool tree_is_same(const struct tree *a, const struct tree *b);
/** What a plan keeps of the folder: its inode, and size and time of what is in it. */
struct plan_file tree_plan_file(const struct tree *tree);
/** SHA-256 of the names and of what lies under them; every file's `hex` is known. */
void tree_hash(const struct tree *tree, char hex[SHA256_HEX + 1]);

#endif
