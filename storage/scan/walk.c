// SPDX-License-Identifier: MIT
#include "storage/scan/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/path.h"
#include "storage/scan/beneath.h"
#include "storage/scan/visit.h"

void walk_finish(struct walk *walk)
{
	listing_finish(&walk->listing);
	arena_finish(&walk->arena);
	array_finish(&walk->models);
	array_finish(&walk->others);
}

struct str visit_join(const struct visit *visit, struct str name)
{
	struct arena *arena = &visit->walk->arena;
	size_t before = visit->path.len ? visit->path.len + 1 : 0;
	char *path = arena_try_bytes(arena, before + name.len + 1);
	if (!path)
		die_oom();
	memcpy(path, visit->path.ptr, visit->path.len);
	if (before)
		path[before - 1] = '/';
	memcpy(path + before, name.ptr, name.len + 1);
	return (struct str){ path, before + name.len };
}

struct str visit_absolute(const struct visit *visit, struct str path)
{
	return path_join(&visit->walk->arena, visit->place->root_path, path);
}

void visit_not_whole(struct visit *visit, int sys_errno, struct str path)
{
	if (visit->is_whole)
		error_system(visit->err, sys_errno, "%s", visit_absolute(visit, path).ptr);
	visit->is_whole = false;
}

/** Real path of what a link leads to, or NULL with errno. */
static const char *real_target(const struct visit *visit, struct str path)
{
	char real[PATH_MAX];
	if (!realpath(visit_absolute(visit, path).ptr, real))
		return NULL;
	return arena_cstr(&visit->walk->arena, str_from(real));
}

static bool is_within(struct str path, struct str folder)
{
	return str_has_prefix(path, folder) &&
	       (path.len == folder.len || path.ptr[folder.len] == '/' ||
		str_equal(folder, STR("/")));
}

static bool is_in_roots(const struct walk_place *place, const char *real)
{
	for (size_t i = 0; i < place->n_roots; i++)
		if (is_within(str_from(real), place->roots[i]))
			return true;
	return false;
}

static bool is_nested_root(const struct walk_place *place, struct str path)
{
	for (size_t i = 0; i < place->n_nested; i++)
		if (str_equal(place->nested[i], path))
			return true;
	return false;
}

/** A folder link is not followed: inside the roots the folder is walked where it is. */
static void take_folder_link(struct visit *visit, struct str path, const char *real)
{
	if (real && !is_in_roots(visit->place, real))
		visit->sink->told(visit->sink->context,
				  arena_strf(&visit->walk->arena,
					     "%s leads to %s, outside the library: not followed; "
					     "add that folder as a root to see what it holds",
					     visit_absolute(visit, path).ptr, real));
}

static unsigned char type_of(const struct stat *st)
{
	return S_ISREG(st->st_mode)   ? DT_REG
	       : S_ISDIR(st->st_mode) ? DT_DIR
	       : S_ISLNK(st->st_mode) ? DT_LNK
				      : DT_FIFO;
}

/** Asks the disk where the listing did not say; DT_UNKNOWN when it is gone again. */
static unsigned char settle_type(struct visit *visit, const struct listed *listed)
{
	struct stat st;
	if (listed->type != DT_UNKNOWN)
		return listed->type;
	if (fstatat(visit->fd, listed->name.ptr, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return type_of(&st);
	if (errno != ENOENT)
		visit_not_whole(visit, errno, visit_join(visit, listed->name));
	return DT_UNKNOWN;
}

/** A link that is no model's: only folders matter. */
static void take_other_link(struct visit *visit, struct str name)
{
	struct stat st;
	if (fstatat(visit->fd, name.ptr, &st, 0) == 0 && S_ISDIR(st.st_mode)) {
		struct str path = visit_join(visit, name);
		take_folder_link(visit, path, real_target(visit, path));
	}
}

bool visit_leaves_alone(const struct visit *visit, struct str name, bool is_folder)
{
	const struct walk_place *place = visit->place;
	if (!is_folder && place->rules.n_ignore == 0)
		return false;
	struct str path = visit_join(visit, name);
	return name_is_ignored(&place->rules, path.ptr) ||
	       (is_folder && (name_is_skipped_folder(path) || is_nested_root(place, path)));
}

/** The blobs of the same repository belong to what links to them, wherever the root begins. */
static bool is_own_blob(const struct visit *visit, const char *real)
{
	struct hub_place place;
	const char *folder = real_target(visit, visit->path);
	return folder && hub_place_parse(str_from(folder), &place) &&
	       hub_is_blob(place.repository, str_from(real));
}

enum candidate_type visit_follow(struct visit *visit, struct str path, struct stat *target,
				 struct str *real)
{
	const char *place = real_target(visit, path);
	if (!place || stat(place, target))
		return CANDIDATE_LINK_DEAD;
	*real = str_from(place);
	return is_in_roots(visit->place, place) || is_own_blob(visit, place) ? CANDIDATE_LINK
									     : CANDIDATE_LINK_OUT;
}

/** Sorts a name into models, others and folders. */
static void take_name(struct visit *visit, const struct listed *listed)
{
	struct walk *walk = visit->walk;
	bool is_model = name_is_model(&visit->place->rules, listed->name) &&
			!folder_model_owns(visit->folder, listed->name);
	unsigned char type = settle_type(visit, listed);
	if (type == DT_UNKNOWN || ((is_model || type == DT_DIR) &&
				   visit_leaves_alone(visit, listed->name, type == DT_DIR)))
		return;
	if (type == DT_DIR && visit->folder != FOLDER_PIPELINE)
		visit->sink->folder(visit->sink->context, visit_join(visit, listed->name));
	else if (type == DT_DIR && visit->sink->inner)
		visit->sink->inner(visit->sink->context, visit_join(visit, listed->name));
	else if (type == DT_LNK && !is_model)
		take_other_link(visit, listed->name);
	if (is_model)
		*ARRAY_PUSH(&walk->models, struct str) = listed->name;
	else if (type == DT_REG)
		*ARRAY_PUSH(&walk->others, struct str) = listed->name;
}

static void start(struct walk *walk)
{
	arena_reset(&walk->arena);
	walk->models.element_bytes = walk->others.element_bytes = sizeof(struct str);
	array_clear(&walk->models);
	array_clear(&walk->others);
}

static void walk_open_folder(struct visit *visit)
{
	struct listing *listing = &visit->walk->listing;
	struct error err;
	if (!listing_read(listing, visit->fd, &err))
		visit_not_whole(visit, err.sys, visit->path);
	visit->folder = folder_model_of(listing);
	for (size_t i = 0; i < listing->names.len; i++)
		take_name(visit, ARRAY_AT(&listing->names, struct listed, i));
	revisions_init(&visit->revisions, visit->place->root_fd, visit->path, &visit->walk->arena);
	visit_take_models(visit);
	revisions_finish(&visit->revisions);
}

bool walk_folder(struct walk *walk, const struct walk_place *place, struct str path,
		 const struct walk_sink *sink, struct error *err)
{
	start(walk);
	struct visit visit = {
		.walk = walk,
		.place = place,
		.sink = sink,
		.path = path,
		.err = err,
		.fd = beneath_open(place->root_fd, path.ptr, O_RDONLY | O_DIRECTORY),
		.is_whole = true,
	};
	if (visit.fd < 0) {
		visit_not_whole(&visit, errno, path);
		return false;
	}
	walk_open_folder(&visit);
	close(visit.fd);
	return visit.is_whole;
}
