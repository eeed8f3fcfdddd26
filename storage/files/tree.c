// SPDX-License-Identifier: MIT
#include "storage/files/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "storage/scan/beneath.h"
#include "storage/scan/listing.h"

/** A tree while it is read. Nodes are read in the order in which they are listed. */
struct tree_reading {
	int top;
	struct arena *arena;
	struct listing listing;
	struct array nodes; /* struct tree_node */
	struct tree *tree;
};

static int compare_names(const void *a, const void *b)
{
	return str_compare(((const struct listed *)a)->name, ((const struct listed *)b)->name);
}

static bool read_link(int folder, const char *name, struct arena *arena, const char **link,
		      struct error *err)
{
	char target[PATH_MAX];
	ssize_t len = readlinkat(folder, name, target, sizeof target);
	if (len < 0 || len == sizeof target)
		return error_system(err, len < 0 ? errno : ENAMETOOLONG, "%s", name);
	*link = arena_cstr(arena, (struct str){ target, (size_t)len });
	return true;
}

static int64_t time_ns(const struct stat *state)
{
	return (int64_t)state->st_mtim.tv_sec * 1000000000 + state->st_mtim.tv_nsec;
}

static void count(struct tree *tree, const struct stat *state)
{
	if (!S_ISREG(state->st_mode))
		return;
	tree->size_bytes += (uint64_t)state->st_size;
	if (tree->newest_ns == 0 || time_ns(state) > tree->newest_ns)
		tree->newest_ns = time_ns(state);
}

static bool read_node(struct tree_reading *reading, int folder, const char *above, const char *name,
		      struct error *err)
{
	struct tree_node node = { 0 };
	if (reading->nodes.len == TREE_NODES_MAX)
		return error_set(err, ERROR_LIMIT, NULL, "more than %d files in one folder",
				 TREE_NODES_MAX);
	node.path = *above ? arena_printf(reading->arena, "%s/%s", above, name)
			   : arena_cstr(reading->arena, str_from(name));
	if (fstatat(folder, name, &node.state, AT_SYMLINK_NOFOLLOW) != 0)
		return error_system(err, errno, "%s", node.path);
	if (S_ISLNK(node.state.st_mode) &&
	    !read_link(folder, name, reading->arena, &node.link, err))
		return false;
	count(reading->tree, &node.state);
	*ARRAY_PUSH(&reading->nodes, struct tree_node) = node;
	return true;
}

static bool read_names(struct tree_reading *reading, int folder, const char *path,
		       struct error *err)
{
	struct array *names = &reading->listing.names;
	if (!listing_read(&reading->listing, folder, err))
		return false;
	if (names->len > 1)
		qsort(names->ptr, names->len, sizeof(struct listed), compare_names);
	for (size_t i = 0; i < names->len; i++)
		if (!read_node(reading, folder, path, ARRAY_AT(names, struct listed, i)->name.ptr,
			       err))
			return false;
	return true;
}

static bool read_folder(struct tree_reading *reading, const char *path, struct error *err)
{
	int folder = beneath_open(reading->top, path, O_RDONLY | O_DIRECTORY);
	if (folder < 0)
		return error_system(err, errno, "%s", path);
	bool ok = read_names(reading, folder, path, err);
	close(folder);
	return ok;
}

static bool is_elsewhere(const struct tree *tree, const struct tree_node *node)
{
	return node->state.st_dev != tree->state.st_dev;
}

static bool read_all(struct tree_reading *reading, struct error *err)
{
	bool ok = read_folder(reading, "", err);
	for (size_t i = 0; ok && i < reading->nodes.len; i++) {
		struct tree_node node = *ARRAY_AT(&reading->nodes, struct tree_node, i);
		if (S_ISDIR(node.state.st_mode) && !is_elsewhere(reading->tree, &node))
			ok = read_folder(reading, node.path, err);
	}
	return ok;
}

bool tree_read(int fd, struct arena *arena, struct tree *out, struct error *err)
{
	struct tree_reading reading = {
		.top = fd,
		.arena = arena,
		.nodes = ARRAY_OF(struct tree_node),
		.tree = out,
	};
	*out = (struct tree){ 0 };
	bool ok = fstat(fd, &out->state) == 0 || error_system(err, errno, "looking");
	ok = ok && read_all(&reading, err);
	out->nodes = array_to_arena(&reading.nodes, arena);
	out->n_nodes = reading.nodes.len;
	array_finish(&reading.nodes);
	listing_finish(&reading.listing);
	return ok;
}

bool tree_read_path(const char *path, struct arena *arena, struct tree *out, struct error *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return error_system(err, errno, "%s", path);
	bool ok = tree_read(fd, arena, out, err);
	close(fd);
	return ok;
}

const struct tree_node *tree_find_special(const struct tree *tree)
{
	for (size_t i = 0; i < tree->n_nodes; i++) {
		mode_t mode = tree->nodes[i].state.st_mode;
		if ((!S_ISREG(mode) && !S_ISDIR(mode) && !S_ISLNK(mode)) ||
		    is_elsewhere(tree, &tree->nodes[i]))
			return &tree->nodes[i];
	}
	return NULL;
}

/* A file of several names changes by the loss of one, which may be our doing. */
static bool has_changed(const struct stat *then, const struct stat *now)
{
	return then->st_nlink == 1 && (then->st_ctim.tv_sec != now->st_ctim.tv_sec ||
				       then->st_ctim.tv_nsec != now->st_ctim.tv_nsec);
}

bool tree_node_is(const struct tree_node *node, const struct stat *state)
{
	const struct stat *then = &node->state;
	return then->st_dev == state->st_dev && then->st_ino == state->st_ino &&
	       (then->st_mode & S_IFMT) == (state->st_mode & S_IFMT) &&
	       (S_ISDIR(then->st_mode) ||
		(then->st_size == state->st_size && time_ns(then) == time_ns(state) &&
		 !has_changed(then, state)));
}

bool tree_is_same(const struct tree *a, const struct tree *b)
{
	if (a->n_nodes != b->n_nodes)
		return false;
	for (size_t i = 0; i < a->n_nodes; i++)
		if (strcmp(a->nodes[i].path, b->nodes[i].path) != 0 ||
		    !tree_node_is(&a->nodes[i], &b->nodes[i].state))
			return false;
	return true;
}

struct plan_file tree_plan_file(const struct tree *tree)
{
	return (struct plan_file){
		.dev = (uint64_t)tree->state.st_dev,
		.ino = (uint64_t)tree->state.st_ino,
		.size_bytes = tree->size_bytes,
		.mtime_ns = tree->newest_ns,
	};
}

void tree_hash(const struct tree *tree, char hex[SHA256_HEX + 1])
{
	struct sha256 *sha = sha256_create();
	for (size_t i = 0; i < tree->n_nodes; i++) {
		const struct tree_node *node = &tree->nodes[i];
		mode_t mode = node->state.st_mode;
		const char *kind = S_ISREG(mode)   ? "f"
				   : S_ISDIR(mode) ? "d"
				   : node->link    ? "l"
						   : "?";
		const char *what = node->link ? node->link : node->hex;
		/* Each with its NUL, so that nothing runs together. */
		sha256_add(sha, kind, 1);
		sha256_add(sha, node->path, strlen(node->path) + 1);
		sha256_add(sha, what, strlen(what) + 1);
	}
	sha256_hex(sha, hex);
}
