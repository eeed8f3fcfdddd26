// SPDX-License-Identifier: MIT
#include "storage/files/survey_tree.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/base/map.h"
#include "core/base/path.h"
#include "core/base/text.h"

/* What is copied is read, and the folders that it comes out of are written to. */
static const char *access_fault(const char *path, const struct stat *state)
{
	bool is_folder = S_ISDIR(state->st_mode);
	if (S_ISLNK(state->st_mode) ||
	    faccessat(AT_FDCWD, path, is_folder ? R_OK | W_OK | X_OK : R_OK, AT_EACCESS) == 0)
		return NULL;
	return is_folder ? "a folder that cannot be written" : "a file that cannot be read";
}

static const char *node_fault(const struct tree_node *node, struct str old, struct str new,
			      const struct target *target, struct arena *scratch)
{
	struct str path = arena_strf(scratch, "%.*s/%s", STR_ARG(new), node->path);
	if (node->link && !target->has_links)
		return "a link, which that disk cannot hold,";
	if (target_name_fault(target, path))
		return "a name that cannot be where it would go";
	return access_fault(arena_printf(scratch, "%.*s/%s", STR_ARG(old), node->path),
			    &node->state);
}

/* Two names that are one where case is folded. */
static const struct tree_node *find_fold(const struct tree *tree, struct arena *scratch)
{
	struct map names;
	map_init(&names, scratch, tree->n_nodes + 1);
	for (size_t i = 0; i < tree->n_nodes; i++) {
		struct str path = str_from(tree->nodes[i].path);
		void **place = map_place(&names, text_fold_copy(scratch, path));
		if (*place)
			return &tree->nodes[i];
		*place = &tree->nodes[i];
	}
	return NULL;
}

static const char *tell(const char *what, const char *path, struct arena *arena)
{
	return arena_printf(arena, "there is %s in it: %s", what, path);
}

static const char *find_fault(const struct tree *tree, struct str old, struct str new,
			      const struct target *target, struct arena *scratch,
			      struct arena *arena)
{
	const struct tree_node *special = tree_find_special(tree);
	const char *top = access_fault(arena_cstr(scratch, old), &tree->state);
	if (special)
		return tell(S_ISDIR(special->state.st_mode) ? "another disk" : "what is no file",
			    special->path, arena);
	for (size_t i = 0; i < tree->n_nodes; i++) {
		const char *fault = node_fault(&tree->nodes[i], old, new, target, scratch);
		if (fault)
			return tell(fault, tree->nodes[i].path, arena);
	}
	special = target->folds_case ? find_fold(tree, scratch) : NULL;
	return special ? tell("a name that differs in case alone", special->path, arena) : top;
}

const char *survey_tree(const struct tree *tree, struct str old, struct str new,
			const struct target *target, struct arena *arena)
{
	struct arena scratch = { 0 };
	const char *fault = find_fault(tree, old, new, target, &scratch, arena);
	arena_finish(&scratch);
	return fault;
}

/* What goes along is met again at its new place; all else stays where it is. */
static bool leads_elsewhere(const struct tree_node *node, struct str old, struct str new,
			    struct arena *scratch)
{
	struct stat state;
	struct str link = str_from(node->link), rest;
	const char *path = arena_printf(scratch, "%.*s/%s", STR_ARG(old), node->path);
	struct str after = arena_strf(scratch, "%.*s/%s", STR_ARG(new), node->path);
	struct str meant = path_of_link(path_folder(str_from(path)), link, scratch);
	if (str_equal(meant, old))
		meant = new;
	else if (path_is_below(meant, old, &rest))
		meant = path_join(scratch, new, rest);
	return !str_equal(meant, path_of_link(path_folder(after), link, scratch)) &&
	       stat(path, &state) == 0;
}

const char *survey_tree_links(const struct tree *tree, struct str old, struct str new,
			      struct arena *arena)
{
	struct arena scratch = { 0 };
	const char *fault = NULL;
	for (size_t i = 0; !fault && i < tree->n_nodes; i++) {
		const struct tree_node *node = &tree->nodes[i];
		if (node->link && leads_elsewhere(node, old, new, &scratch))
			fault = arena_printf(arena,
					     "a link in it would no longer lead where it does: "
					     "%s -> %s",
					     node->path, node->link);
	}
	arena_finish(&scratch);
	return fault;
}
