// SPDX-License-Identifier: MIT
#include "storage/scan/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/scan/beneath.h"
#include "storage/scan/companions.h"
#include "storage/scan/states.h"

/** One folder while it is walked. */
struct visit {
	struct walk *walk;
	const struct walk_place *place;
	const struct walk_sink *sink;
	int fd;
	struct str path;
	struct error *err;		/* the first thing that could not be read */
	bool is_whole;
};

void walk_finish(struct walk *walk)
{
	listing_finish(&walk->listing);
	arena_finish(&walk->arena);
	array_finish(&walk->models);
	array_finish(&walk->others);
}

/** Path below the root, NUL-terminated, on the folder's arena. */
static struct str join(const struct visit *visit, struct str name)
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

static const char *absolute(const struct visit *visit, struct str path)
{
	return arena_printf(&visit->walk->arena, "%.*s/%s", STR_ARG(visit->place->root_path),
			    path.ptr);
}

static void not_whole(struct visit *visit, int sys_errno, struct str path)
{
	if (visit->is_whole)
		error_system(visit->err, sys_errno, "%s", absolute(visit, path));
	visit->is_whole = false;
}

/** Real path of what a link leads to, or NULL with errno. */
static const char *real_target(const struct visit *visit, struct str path)
{
	char real[PATH_MAX];
	if (!realpath(absolute(visit, path), real))
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
					     absolute(visit, path), real));
}

static unsigned char type_of(const struct stat *st)
{
	return S_ISREG(st->st_mode) ? DT_REG : S_ISDIR(st->st_mode) ? DT_DIR
	     : S_ISLNK(st->st_mode) ? DT_LNK : DT_FIFO;
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
		not_whole(visit, errno, join(visit, listed->name));
	return DT_UNKNOWN;
}

/** A link that is no model's: only folders matter. */
static void take_other_link(struct visit *visit, struct str name)
{
	struct stat st;
	if (fstatat(visit->fd, name.ptr, &st, 0) == 0 && S_ISDIR(st.st_mode)) {
		struct str path = join(visit, name);
		take_folder_link(visit, path, real_target(visit, path));
	}
}

/** Trash, what the user ignores, another root: neither listed nor walked. */
static bool is_left_alone(const struct visit *visit, struct str name, bool is_folder)
{
	const struct walk_place *place = visit->place;
	if (!is_folder && place->rules.n_ignore == 0)
		return false;
	struct str path = join(visit, name);
	return name_is_ignored(&place->rules, path.ptr) ||
	       (is_folder && (name_is_skipped_folder(path) || is_nested_root(place, path)));
}

/** Sorts a name into models, others and folders. */
static void take_name(struct visit *visit, const struct listed *listed)
{
	struct walk *walk = visit->walk;
	bool is_model = name_is_model(&visit->place->rules, listed->name);
	unsigned char type = settle_type(visit, listed);
	if (type == DT_UNKNOWN ||
	    ((is_model || type == DT_DIR) && is_left_alone(visit, listed->name, type == DT_DIR)))
		return;
	if (type == DT_DIR)
		visit->sink->folder(visit->sink->context, join(visit, listed->name));
	else if (type == DT_LNK && !is_model)
		take_other_link(visit, listed->name);
	if (is_model)
		*ARRAY_PUSH(&walk->models, struct str) = listed->name;
	else if (type == DT_REG)
		*ARRAY_PUSH(&walk->others, struct str) = listed->name;
}

/** What a link that is named like a model is; fills the state of the target or of the link. */
static enum candidate_type follow_link(struct visit *visit, struct str path, struct stat *st)
{
	const char *name = name_of_path(path).ptr;
	struct stat target;
	const char *real = real_target(visit, path);
	if (!real && errno == ELOOP)
		return CANDIDATE_LINK_OUT;
	if (!real || fstatat(visit->fd, name, &target, 0))
		return CANDIDATE_LINK_DEAD;
	if (S_ISDIR(target.st_mode))
		take_folder_link(visit, path, real);
	if (S_ISDIR(target.st_mode) || !is_in_roots(visit->place, real))
		return CANDIDATE_LINK_OUT;
	*st = target;
	return S_ISREG(target.st_mode) ? CANDIDATE_LINK : CANDIDATE_NOT_FILE;
}

/** A hash over the companions that does not depend on their order. */
static uint64_t context_of(const struct visit *visit, struct str model,
			   const struct companions *companions)
{
	uint64_t context = companions->is_partial ? str_hash(STR(".part")) : 0;
	for (size_t i = 0; i < companions->n; i++) {
		struct str name = companions->names[i];
		struct file_state state = { 0 };
		struct stat st;
		/* Only what is read can change the answer; of the others the name is enough. */
		if (companion_sidecar(model, name) != SIZE_MAX &&
		    fstatat(visit->fd, name.ptr, &st, AT_SYMLINK_NOFOLLOW) == 0)
			state = state_of(&st);
		context += state_word(name, &state);
	}
	return context;
}

/** What lies in a folder or waits in a FIFO is not the model's: only its being there counts. */
static struct file_state state_of_candidate(enum candidate_type type, const struct stat *st)
{
	struct file_state only_there = { .inode = st->st_ino };
	return type == CANDIDATE_NOT_FILE ? only_there : state_of(st);
}

static void take_model(struct visit *visit, struct str name, const struct companions *companions)
{
	struct stat st;
	if (fstatat(visit->fd, name.ptr, &st, AT_SYMLINK_NOFOLLOW)) {
		if (errno != ENOENT)
			not_whole(visit, errno, join(visit, name));
		return;
	}
	struct candidate candidate = {
		.type = S_ISREG(st.st_mode) ? CANDIDATE_FILE : CANDIDATE_NOT_FILE,
		.path = join(visit, name),
		.is_partial = companions->is_partial,
		.context = context_of(visit, name, companions),
		.companions = companions->names,
		.n_companions = companions->n,
	};
	if (S_ISLNK(st.st_mode))
		candidate.type = follow_link(visit, candidate.path, &st);
	candidate.state = state_of_candidate(candidate.type, &st);
	visit->sink->candidate(visit->sink->context, &candidate);
}

static void take_models(struct visit *visit)
{
	struct walk *walk = visit->walk;
	size_t n = walk->models.len;
	const struct str *models = walk->models.ptr;
	struct companions *companions = ARENA_NEW_N(&walk->arena, struct companions, n);
	companions_find(models, n, walk->others.ptr, walk->others.len, &walk->arena, companions);
	for (size_t i = 0; i < n; i++)
		take_model(visit, models[i], &companions[i]);
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
		not_whole(visit, err.sys, visit->path);
	for (size_t i = 0; i < listing->names.len; i++)
		take_name(visit, ARRAY_AT(&listing->names, struct listed, i));
	take_models(visit);
}

bool walk_folder(struct walk *walk, const struct walk_place *place, struct str path,
		 const struct walk_sink *sink, struct error *err)
{
	start(walk);
	struct visit visit = {
		.walk = walk, .place = place, .sink = sink, .path = path, .err = err,
		.fd = beneath_open(place->root_fd, path.ptr, O_RDONLY | O_DIRECTORY),
		.is_whole = true,
	};
	if (visit.fd < 0) {
		not_whole(&visit, errno, path);
		return false;
	}
	walk_open_folder(&visit);
	close(visit.fd);
	return visit.is_whole;
}
