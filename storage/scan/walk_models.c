// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/formats/weights.h"
#include "storage/scan/beneath.h"
#include "storage/scan/companions.h"
#include "storage/scan/shard_sets.h"
#include "storage/scan/states.h"
#include "storage/scan/visit.h"

static void hand_out(struct visit *visit, const struct candidate *candidate)
{
	if (!revisions_show(&visit->revisions, candidate, &visit->walk->arena))
		visit->sink->candidate(visit->sink->context, candidate);
}

/* Models of one file. */

/** What a link that is named like a model is; fills the state of the target or of the link. */
static enum candidate_type follow_link(struct visit *visit, struct candidate *candidate,
				       struct stat *st)
{
	struct stat target;
	struct str real;
	enum candidate_type type = visit_follow(visit, candidate->path, &target, &real);
	if (type != CANDIDATE_LINK || S_ISDIR(target.st_mode))
		return type == CANDIDATE_LINK ? CANDIDATE_LINK_OUT : type;
	*st = target;
	candidate->target = real;
	candidate->sha256 = hub_sha256(real);
	return S_ISREG(target.st_mode) ? CANDIDATE_LINK : CANDIDATE_NOT_FILE;
}

/** A hash over the companions that does not depend on their order. */
static uint64_t context_of(int folder_fd, struct str model, const struct companions *companions)
{
	uint64_t context = companions->is_partial ? str_hash(STR(".part")) : 0;
	struct str preview = companion_preview(model, companions->names, companions->n);
	for (size_t i = 0; i < companions->n; i++) {
		struct str name = companions->names[i];
		struct file_state state = { 0 };
		struct stat st;
		/* Only what is read can change the answer; of the others the name is enough. */
		if ((companion_sidecar(model, name) != SIZE_MAX || name.ptr == preview.ptr) &&
		    fstatat(folder_fd, name.ptr, &st, AT_SYMLINK_NOFOLLOW) == 0)
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

/** A folder that is named like a file, and is a model all the same: it is met when it is walked. */
static bool is_model_folder(const struct visit *visit, struct str name)
{
	struct listing listing = { 0 };
	struct error err;
	int fd = openat(visit->fd, name.ptr, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	bool is_model = fd >= 0 && listing_read(&listing, fd, &err) &&
			folder_model_of(&listing) != FOLDER_NONE;
	listing_finish(&listing);
	if (fd >= 0)
		close(fd);
	return is_model;
}

static void take_model(struct visit *visit, struct str name, const struct companions *companions)
{
	struct stat st;
	if (fstatat(visit->fd, name.ptr, &st, AT_SYMLINK_NOFOLLOW)) {
		if (errno != ENOENT)
			visit_not_whole(visit, errno, visit_join(visit, name));
		return;
	}
	if (S_ISDIR(st.st_mode) && is_model_folder(visit, name))
		return;
	struct candidate candidate = {
		.type = S_ISREG(st.st_mode) ? CANDIDATE_FILE : CANDIDATE_NOT_FILE,
		.path = visit_join(visit, name),
		.is_partial = companions->is_partial,
		.context = context_of(visit->fd, name, companions),
		.companions = companions->names,
		.n_companions = companions->n,
	};
	if (S_ISLNK(st.st_mode))
		candidate.type = follow_link(visit, &candidate, &st);
	candidate.state = state_of_candidate(candidate.type, &st);
	candidate_call(&candidate, visit_absolute(visit, candidate.path), S_ISDIR(st.st_mode),
		       &visit->walk->arena);
	hand_out(visit, &candidate);
}

/* Models of several files. */

static const char *follow_part(void *context, struct str path, struct stat *target)
{
	struct visit *visit = context;
	struct str real;
	enum candidate_type type = visit_follow(visit, visit_join(visit, path), target, &real);
	return type == CANDIDATE_LINK        ? NULL
	       : type == CANDIDATE_LINK_DEAD ? PARTS_LINK_DEAD
					     : PARTS_LINK_OUT;
}

static void take_parts(struct visit *visit, struct candidate *candidate, const struct parts *parts,
		       uint64_t inode)
{
	if (parts->sys_errno)
		visit_not_whole(visit, parts->sys_errno, candidate->path);
	candidate->parts = parts_sorted(parts, &visit->walk->arena);
	candidate->n_parts = parts->list.len;
	candidate->why_not = parts->why_not;
	candidate->is_partial |= parts->is_partial;
	candidate->state = parts->state;
	candidate->state.inode = inode;
	candidate->is_awaited = hub_is_fetching(visit_absolute(visit, candidate->path));
	candidate->context += parts->words + (parts->is_partial ? str_hash(STR(".part")) : 0) +
			      (candidate->is_awaited ? str_hash(STR(".incomplete")) : 0);
	candidate_call(candidate, visit_absolute(visit, candidate->path),
		       candidate->type == CANDIDATE_FOLDER, &visit->walk->arena);
	hand_out(visit, candidate);
}

static const struct part *find_part(const struct parts *parts, struct str name)
{
	for (size_t i = 0; i < parts->list.len; i++) {
		const struct part *part = ARRAY_AT(&parts->list, struct part, i);
		if (str_equal(part->path, name))
			return part;
	}
	return NULL;
}

static int compare_names(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/** Its other parts go where it goes, so they are companions as well. */
static void add_companions(struct candidate *candidate, const struct parts *parts,
			   const struct companions *companions, struct arena *arena)
{
	struct str first = name_of_path(candidate->path);
	struct str *names = ARENA_NEW_N(arena, struct str, companions->n + parts->list.len);
	size_t n = 0;
	for (size_t i = 0; i < parts->list.len; i++) {
		struct str name = ARRAY_AT(&parts->list, struct part, i)->path;
		if (!str_equal(name, first))
			names[n++] = name;
	}
	for (size_t i = 0; i < companions->n; i++)
		names[n++] = companions->names[i];
	qsort(names, n, sizeof *names, compare_names);
	candidate->companions = names;
	candidate->n_companions = n;
}

static void take_shards(struct visit *visit, const struct shard_set_first *set, struct str model,
			const struct companions *companions)
{
	struct arena *arena = &visit->walk->arena;
	struct parts parts;
	parts_init(&parts, arena, follow_part, visit);
	parts_add_shards(&parts, visit->fd, &visit->walk->listing, &set->name);
	const struct part *first = find_part(&parts, set->file);
	struct candidate candidate = {
		.type = CANDIDATE_SHARDS,
		.path = visit_join(visit, set->file),
		.is_partial = companions->is_partial,
		.context = context_of(visit->fd, model, companions),
	};
	add_companions(&candidate, &parts, companions, arena);
	if (first)
		take_parts(visit, &candidate, &parts, first->inode);
	parts_finish(&parts);
}

static bool has_weights(const struct parts *parts)
{
	for (size_t i = 0; i < parts->list.len; i++)
		if (weights_is_name(name_of_path(ARRAY_AT(&parts->list, struct part, i)->path)))
			return true;
	return false;
}

/** The names of a folder, models and others, as far as they are files. */
static void sort_names(const struct visit *visit, const struct listing *listing,
		       struct array *models, struct array *others)
{
	for (size_t i = 0; i < listing->names.len; i++) {
		const struct listed *listed = ARRAY_AT(&listing->names, struct listed, i);
		bool is_model = name_is_model(&visit->place->rules, listed->name);
		if (listed->type == DT_REG || (is_model && listed->type != DT_DIR))
			*ARRAY_PUSH(is_model ? models : others, struct str) = listed->name;
	}
}

/** What lies beside a folder is in the one above, which is listed for that: pipelines are few. */
static void find_beside(struct visit *visit, int above_fd, struct candidate *candidate)
{
	struct arena *arena = &visit->walk->arena;
	struct array models = ARRAY_OF(struct str), others = ARRAY_OF(struct str);
	struct listing listing = { 0 };
	struct companions companions;
	struct error err;
	if (!listing_read(&listing, above_fd, &err))
		visit_not_whole(visit, err.sys, candidate->path);
	sort_names(visit, &listing, &models, &others);
	companions_find_folder(name_of_path(candidate->path), models.ptr, models.len, others.ptr,
			       others.len, arena, &companions);
	struct str *names = ARENA_NEW_N(arena, struct str, companions.n + 1);
	for (size_t i = 0; i < companions.n; i++)
		names[i] = arena_str(arena, companions.names[i]);
	companions.names = names;
	candidate->companions = names;
	candidate->n_companions = companions.n;
	candidate->context =
		context_of(above_fd, candidate_file_name(candidate, arena), &companions);
	array_finish(&models);
	array_finish(&others);
	listing_finish(&listing);
}

/** Of a root nobody looks above. */
static void take_beside(struct visit *visit, struct candidate *candidate)
{
	struct str path = candidate->path, name = name_of_path(path);
	size_t len = path.len - name.len;
	if (!path.len)
		return;
	const char *above = arena_cstr(&visit->walk->arena, str_slice(path, 0, len ? len - 1 : 0));
	int fd = beneath_open(visit->place->root_fd, above, O_RDONLY | O_DIRECTORY);
	if (fd < 0) {
		visit_not_whole(visit, errno, path);
		return;
	}
	find_beside(visit, fd, candidate);
	close(fd);
}

/** Without weights it is what other programs keep of a model they never loaded. */
static void take_folder(struct visit *visit)
{
	struct parts parts;
	struct stat st;
	struct candidate candidate = { .type = CANDIDATE_FOLDER, .path = visit->path };
	parts_init(&parts, &visit->walk->arena, follow_part, visit);
	parts_add_folder(&parts, visit->fd, &visit->walk->listing, visit->folder);
	for (size_t i = 0; i < parts.others.len; i++) {
		struct str name = *ARRAY_AT(&parts.others, struct str, i);
		if (!visit_leaves_alone(visit, name, true))
			visit->sink->folder(visit->sink->context, visit_join(visit, name));
	}
	if ((has_weights(&parts) || parts.why_not) && fstat(visit->fd, &st) == 0) {
		take_beside(visit, &candidate);
		take_parts(visit, &candidate, &parts, st.st_ino);
	}
	parts_finish(&parts);
}

/** What companions know the models by: a set as if it were one file. */
static struct str *names_of(const struct array *models, const struct array *sets,
			    struct arena *arena)
{
	struct str *names = ARENA_NEW_N(arena, struct str, models->len + sets->len);
	for (size_t i = 0; i < models->len; i++)
		names[i] = *ARRAY_AT(models, struct str, i);
	for (size_t i = 0; i < sets->len; i++)
		names[models->len + i] = shard_name_of_whole(
			&ARRAY_AT(sets, struct shard_set_first, i)->name, arena);
	return names;
}

static void take_listed(struct visit *visit, const struct array *sets)
{
	struct walk *walk = visit->walk;
	size_t n_models = walk->models.len, n = n_models + sets->len;
	struct str *names = names_of(&walk->models, sets, &walk->arena);
	struct companions *companions = ARENA_NEW_N(&walk->arena, struct companions, n);
	companions_find(names, n, walk->others.ptr, walk->others.len, &walk->arena, companions);
	for (size_t i = 0; i < n_models; i++)
		take_model(visit, names[i], &companions[i]);
	for (size_t i = 0; i < sets->len; i++)
		take_shards(visit, ARRAY_AT(sets, struct shard_set_first, i), names[n_models + i],
			    &companions[n_models + i]);
}

void visit_take_models(struct visit *visit)
{
	struct array sets = ARRAY_OF(struct shard_set_first);
	if (visit->folder != FOLDER_NONE)
		take_folder(visit);
	shard_sets_find(&visit->walk->models, &visit->walk->arena, &sets);
	take_listed(visit, &sets);
	array_finish(&sets);
}
