// SPDX-License-Identifier: MIT
#include "storage/files/place_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "storage/files/place_part.h"
#include "storage/scan/beneath.h"

/* The folder that a node lies in. */
static int open_above(int top, const char *path, const char **name)
{
	char folder[PATH_MAX] = "";
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;
	*name = slash ? slash + 1 : path;
	if (len >= sizeof folder) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(folder, path, len);
	return beneath_open(top, folder, O_RDONLY | O_DIRECTORY);
}

/* Some file systems have nothing to bring to the disk for a folder. */
static bool sync_folder(int fd, const char *path, struct error *err)
{
	return fsync(fd) == 0 || errno == EINVAL || error_system(err, errno, "%s", path);
}

/** A tree on its way. */
struct copying {
	int source, target;
	const struct place_watch *watch;
	struct tree *tree;
};

static bool fail_changed(struct error *err, const char *path)
{
	return error_set(err, ERROR_CHANGED, NULL, "%s: it changed while it was copied", path);
}

static bool copy_file(const struct copying *copying, struct tree_node *node, int folder,
		      const char *name, struct error *err)
{
	struct stat now;
	int fd = beneath_open(copying->source, node->path, O_RDONLY);
	if (fd < 0)
		return error_system(err, errno, "%s", node->path);
	bool ok =
		(fstat(fd, &now) == 0 && tree_node_is(node, &now)) || fail_changed(err, node->path);
	if (ok && !place_copy(fd, folder, name, copying->watch, node->hex, err))
		ok = error_context(err, "%s", node->path);
	close(fd);
	return ok;
}

static bool copy_link(const struct tree_node *node, int folder, const char *name, struct error *err)
{
	struct timespec times[] = { node->state.st_atim, node->state.st_mtim };
	if (symlinkat(node->link, folder, name) != 0)
		return error_system(err, errno, "%s", node->path);
	/* A time that cannot be set is no reason to keep a link from its place. */
	(void)utimensat(folder, name, times, AT_SYMLINK_NOFOLLOW);
	return true;
}

static bool copy_node(const struct copying *copying, struct tree_node *node, struct error *err)
{
	const char *name;
	int folder = open_above(copying->target, node->path, &name);
	if (folder < 0)
		return error_system(err, errno, "%s", node->path);
	bool ok = node->link ? copy_link(node, folder, name, err)
		  : S_ISDIR(node->state.st_mode)
			  ? mkdirat(folder, name, 0700) == 0 ||
				    error_system(err, errno, "%s", node->path)
			  : copy_file(copying, node, folder, name, err);
	close(folder);
	return ok;
}

/* When everything is in it: whatever comes later would change its time. */
static bool end_folder(const struct copying *copying, const char *path, const struct stat *state,
		       struct error *err)
{
	int from = beneath_open(copying->source, path, O_RDONLY | O_DIRECTORY);
	int to = from < 0 ? -1 : beneath_open(copying->target, path, O_RDONLY | O_DIRECTORY);
	bool ok = to >= 0 || error_system(err, errno, "%s", path);
	ok = ok && place_outside(from, to, state, err) && sync_folder(to, path, err);
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return ok;
}

/* What came, went or changed while others were copied is not in the copy. */
static bool is_still_same(const struct copying *copying, struct error *err)
{
	struct arena arena = { 0 };
	struct tree now;
	bool ok = tree_read(copying->source, &arena, &now, err) &&
		  (tree_is_same(copying->tree, &now) || fail_changed(err, "the folder"));
	arena_finish(&arena);
	return ok;
}

static bool copy_nodes(const struct copying *copying, struct error *err)
{
	struct tree *tree = copying->tree;
	bool ok = true;
	for (size_t i = 0; ok && i < tree->n_nodes; i++)
		ok = copy_node(copying, &tree->nodes[i], err);
	for (size_t i = tree->n_nodes; ok && i-- > 0;)
		if (S_ISDIR(tree->nodes[i].state.st_mode))
			ok = end_folder(copying, tree->nodes[i].path, &tree->nodes[i].state, err);
	return ok && end_folder(copying, "", &tree->state, err) && is_still_same(copying, err);
}

static bool is_plain(const struct tree *tree, struct error *err)
{
	const struct tree_node *special = tree_find_special(tree);
	return !special ||
	       error_set(err, ERROR_UNSUPPORTED, NULL, "%s: it is no file", special->path);
}

bool place_tree_copy(int source, int folder, const char *part, const struct place_watch *watch,
		     struct arena *arena, struct tree *tree, char hex[SHA256_HEX + 1],
		     struct error *err)
{
	struct copying copying = { source, -1, watch, tree };
	if (!tree_read(source, arena, tree, err) || !is_plain(tree, err))
		return false;
	if (mkdirat(folder, part, 0700) != 0)
		return error_system(err, errno, "%s", part);
	copying.target = beneath_open(folder, part, O_RDONLY | O_DIRECTORY);
	if (copying.target < 0)
		return error_system(err, errno, "%s", part);
	bool ok = copy_nodes(&copying, err);
	close(copying.target);
	if (ok)
		tree_hash(tree, hex);
	return ok;
}

static bool hash_file(int top, struct tree_node *node, const struct place_watch *watch,
		      struct error *err)
{
	int fd = beneath_open(top, node->path, O_RDONLY);
	if (fd < 0)
		return error_system(err, errno, "%s", node->path);
	bool ok = place_hash(fd, watch, node->hex, err);
	close(fd);
	return ok;
}

bool place_tree_hash(int fd, const struct place_watch *watch, char hex[SHA256_HEX + 1],
		     struct error *err)
{
	struct arena arena = { 0 };
	struct tree tree;
	bool ok = tree_read(fd, &arena, &tree, err);
	for (size_t i = 0; ok && i < tree.n_nodes; i++)
		if (S_ISREG(tree.nodes[i].state.st_mode))
			ok = hash_file(fd, &tree.nodes[i], watch, err);
	if (ok)
		tree_hash(&tree, hex);
	arena_finish(&arena);
	return ok;
}

/** A removal under way: the first reason why something stays is kept. */
struct removing {
	const struct place_tree_removal *removal;
	const struct tree *tree; /* what may go */
	int top, twin;           /* the folder that goes, and its twin */
	struct error *err;
	bool stays;
};

static struct error *failure(struct removing *removing, struct error *other)
{
	struct error *err = removing->stays ? other : removing->err;
	removing->stays = true;
	return err;
}

static void keep(struct removing *removing, const char *path, const char *why)
{
	struct error ignored; /* only the first is told */
	error_set(failure(removing, &ignored), ERROR_CHANGED, NULL, "%s: %s", path, why);
}

static void fail(struct removing *removing, const char *path, int sys)
{
	struct error ignored;
	error_system(failure(removing, &ignored), sys, "%s", path);
}

static bool is_as_long(int twin, const struct tree_node *node)
{
	struct stat state;
	return fstat(twin, &state) == 0 && S_ISREG(state.st_mode) &&
	       state.st_size == node->state.st_size;
}

static bool has_bytes_of(const struct removing *removing, const struct tree_node *node, int twin)
{
	struct error ignored; /* what cannot be compared stays */
	int file = beneath_open(removing->top, node->path, O_RDONLY);
	if (file < 0)
		return false;
	bool ok = place_is_equal(file, twin, removing->removal->watch, &ignored);
	close(file);
	return ok;
}

static bool has_twin(const struct removing *removing, const struct tree_node *node)
{
	int twin = beneath_open(removing->twin, node->path, O_RDONLY);
	if (twin < 0)
		return false;
	bool ok = is_as_long(twin, node) &&
		  (removing->removal->as_read || has_bytes_of(removing, node, twin));
	close(twin);
	return ok;
}

static bool leads_there(int folder, const char *name, const char *link)
{
	char target[PATH_MAX];
	ssize_t len = readlinkat(folder, name, target, sizeof target);
	return len >= 0 && (size_t)len == strlen(link) && memcmp(target, link, (size_t)len) == 0;
}

static bool link_has_twin(const struct removing *removing, const struct tree_node *node)
{
	const char *name;
	int folder = open_above(removing->twin, node->path, &name);
	bool ok = folder >= 0 && leads_there(folder, name, node->link);
	if (folder >= 0)
		close(folder);
	return ok;
}

static bool may_go(const struct removing *removing, const struct tree_node *node, int folder,
		   const char *name, const struct stat *now)
{
	const struct place_tree_removal *removal = removing->removal;
	if ((now->st_mode & S_IFMT) != (node->state.st_mode & S_IFMT))
		return false;
	if (removal->is_part)
		return true;
	if (node->link)
		return leads_there(folder, name, node->link) && link_has_twin(removing, node);
	return (!removal->as_read || tree_node_is(node, now)) && has_twin(removing, node);
}

static void remove_file(struct removing *removing, const struct tree_node *node, int folder,
			const char *name)
{
	struct stat now;
	struct error err;
	if (fstatat(folder, name, &now, AT_SYMLINK_NOFOLLOW) != 0) {
		if (errno != ENOENT)
			fail(removing, node->path, errno);
		return;
	}
	if (!may_go(removing, node, folder, name, &now))
		keep(removing, node->path, "it is another by now, so it stays");
	else if (!place_unlink(folder, name, &err))
		fail(removing, node->path, err.sys);
}

/* A second try, where the first fails for no reason that lasts. */
static int remove_empty(int folder, const char *name)
{
	for (int i = 0; i < 2; i++) {
		if (unlinkat(folder, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
			return 0;
		if (errno == ENOTEMPTY || errno == EEXIST)
			break;
	}
	return errno;
}

static bool sync_at(int top, const char *path, struct error *err)
{
	int fd = beneath_open(top, path, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return errno == ENOENT || error_system(err, errno, "%s", path);
	bool ok = sync_folder(fd, path, err);
	close(fd);
	return ok;
}

/* What went out of it first: after a power cut it is not there again without having been missed. */
static void remove_folder(struct removing *removing, const char *path, int folder, const char *name)
{
	struct error err;
	int sys = sync_at(removing->top, path, &err) ? remove_empty(folder, name) : err.sys;
	if (sys == ENOTEMPTY || sys == EEXIST)
		keep(removing, name, "something else is in it, so it stays");
	else if (sys != 0)
		fail(removing, name, sys);
}

static void remove_node(struct removing *removing, const struct tree_node *node)
{
	const char *name;
	int folder = open_above(removing->top, node->path, &name);
	if (folder < 0) {
		if (errno != ENOENT)
			fail(removing, node->path, errno);
		return;
	}
	if (S_ISDIR(node->state.st_mode))
		remove_folder(removing, node->path, folder, name);
	else
		remove_file(removing, node, folder, name);
	close(folder);
}

static void remove_all(struct removing *removing)
{
	for (size_t i = removing->tree->n_nodes; i-- > 0;)
		remove_node(removing, &removing->tree->nodes[i]);
	remove_folder(removing, "", removing->removal->folder, removing->removal->name);
}

static bool remove_with_twin(struct removing *removing, int twin)
{
	struct arena arena = { 0 };
	struct tree tree;
	removing->twin = twin;
	removing->tree = removing->removal->as_read;
	if (!removing->tree && tree_read(twin, &arena, &tree, removing->err))
		removing->tree = &tree;
	bool is_read = removing->tree != NULL;
	if (is_read)
		remove_all(removing);
	arena_finish(&arena);
	return is_read && !removing->stays;
}

bool place_tree_remove(const struct place_tree_removal *removal, struct error *err)
{
	struct removing removing = { .removal = removal, .err = err };
	removing.top = beneath_open(removal->folder, removal->name, O_RDONLY | O_DIRECTORY);
	if (removing.top < 0)
		return errno == ENOENT || error_system(err, errno, "%s", removal->name);
	int twin = beneath_open(removal->twin_folder, removal->twin, O_RDONLY | O_DIRECTORY);
	bool ok = twin >= 0 ? remove_with_twin(&removing, twin)
			    : error_system(err, errno, "%s", removal->twin);
	if (twin >= 0)
		close(twin);
	close(removing.top);
	return ok;
}
