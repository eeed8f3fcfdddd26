// SPDX-License-Identifier: MIT
#include "storage/files/survey.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/map.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "storage/files/execute.h"
#include "storage/files/glance.h"
#include "storage/files/survey_links.h"
#include "storage/files/survey_tree.h"
#include "storage/files/target.h"
#include "storage/files/trash.h"

/* What stays free: 1 % of what is copied, and this. */
#define RESERVE_BYTES ((uint64_t)64 << 20)

struct surveying {
	const struct survey *survey;
	struct arena *arena; /* of the plan */
	struct arena scratch;
	struct map folders;   /* path -> struct target */
	struct map freed;     /* path that a step takes away -> that struct plan_step */
	struct map names;     /* target, folded where that counts -> struct plan_step */
	struct places places; /* of the roots */
	struct glance sources, targets;
	struct plan *plan;
};

static void object(struct surveying *surveying, struct plan_step *step, const char *why)
{
	if (!step->conflict.ptr)
		step->conflict = arena_str(surveying->arena, str_from(why));
}

static struct target *folder_at(struct surveying *surveying, struct str path)
{
	void **place = map_place(&surveying->folders, path);
	if (!*place) {
		*place = ARENA_NEW(&surveying->scratch, struct target);
		target_look(path, surveying->survey->roots, surveying->survey->n_roots,
			    &surveying->scratch, *place);
	}
	return *place;
}

static bool is_in_a_root(const struct surveying *surveying, struct str path)
{
	return places_root_of(&surveying->places, path) != SIZE_MAX;
}

/** The trash of the folder that was looked at last. */
struct trash_of_folder {
	struct str folder;
	struct trash trash;
	bool has_trash;
	struct error err; /* why not */
};

static void name_in_trash(struct surveying *surveying, struct trash_of_folder *last,
			  struct plan_step *step)
{
	if (!last->folder.ptr || !str_equal(last->folder, path_folder(step->old))) {
		last->folder = path_folder(step->old);
		last->has_trash = trash_find(step->old, surveying->survey->trash, surveying->arena,
					     &last->trash, &last->err);
	}
	step->new = STR("");
	if (last->has_trash)
		step->new =
			trash_path(&last->trash, str_after_last(step->old, '/'), surveying->arena);
	else
		object(surveying, step, last->err.text);
}

/* It may lie anywhere, and stays: all that counts is that it is the one that was listed. */
static void look_at_archive(struct surveying *surveying, struct plan_step *step)
{
	struct stat state;
	struct target *folder = folder_at(surveying, path_folder(step->new));
	if (stat(arena_cstr(&surveying->scratch, step->old), &state) != 0) {
		object(surveying, step,
		       errno == ENOENT ? "the archive is not there" : strerror(errno));
		return;
	}
	struct plan_file now = plan_file_of(&state);
	if (!S_ISREG(state.st_mode) || now.ino != step->source.ino ||
	    now.mtime_ns != step->source.mtime_ns)
		object(surveying, step, "the archive changed since the plan was made");
	step->source.dev = (uint64_t)folder->device;
}

static bool goes_to_other_disk(struct surveying *surveying, const struct plan_step *step)
{
	const struct target *folder = folder_at(surveying, path_folder(step->new));
	return folder->sys == 0 && (uint64_t)folder->device != step->source.dev;
}

/* Where it moves by its name alone, all that counts is how much it is, and where its links lead. */
static void look_into_folder(struct surveying *surveying, struct plan_step *step)
{
	struct arena arena = { 0 };
	struct tree tree;
	struct error err;
	bool is_copied = step->action == PLAN_MOVE && goes_to_other_disk(surveying, step);
	const char *why = NULL;
	if (tree_read_path(arena_cstr(&arena, step->old), &arena, &tree, &err)) {
		step->source = tree_plan_file(&tree);
		if (step->action == PLAN_MOVE)
			why = survey_tree_links(&tree, step->old, step->new, surveying->arena);
		if (is_copied && !why)
			why = survey_tree(&tree, step->old, step->new,
					  folder_at(surveying, path_folder(step->new)),
					  surveying->arena);
	} else if (is_copied) {
		why = err.text;
	}
	if (why)
		object(surveying, step, why);
	arena_finish(&arena);
}

static void look_around_source(struct surveying *surveying, struct plan_step *step)
{
	if (step->action != PLAN_COPY && step->action != PLAN_LINK &&
	    !folder_at(surveying, path_folder(step->old))->is_writable)
		object(surveying, step, "its folder cannot be written");
	if (step->action != PLAN_RESTORE && !is_in_a_root(surveying, step->old))
		object(surveying, step, "it lies in no root");
}

static void look_at_source(struct surveying *surveying, struct plan_step *step)
{
	if (step->action == PLAN_EXTRACT) {
		look_at_archive(surveying, step);
		return;
	}
	struct stat state;
	if (step->is_seen && !surveying->survey->checks_sources) {
		look_around_source(surveying, step);
		return;
	}
	if (!glance_at(&surveying->sources, step->old, &state)) {
		object(surveying, step, errno == ENOENT ? "it is not there" : strerror(errno));
		return;
	}
	if (surveying->survey->checks_sources && !plan_file_is(step, &state))
		object(surveying, step, "it changed since the plan was made");
	step->source = plan_file_of(&state);
	if (S_ISDIR(state.st_mode))
		look_into_folder(surveying, step);
	bool stays_in_folder = str_equal(path_folder(step->old), path_folder(step->new));
	bool may_lead_on = step->action == PLAN_TRASH || step->action == PLAN_RESTORE;
	if (S_ISLNK(state.st_mode) && !may_lead_on && !stays_in_folder)
		object(surveying, step,
		       "it is a link, which would lead nowhere from another folder");
	else if (!S_ISLNK(state.st_mode) && !S_ISREG(state.st_mode) && !S_ISDIR(state.st_mode))
		object(surveying, step, "it is no file");
	look_around_source(surveying, step);
}

/* The file itself may be met under another case. */
static bool is_taken(struct surveying *surveying, const struct plan_step *step)
{
	struct stat state;
	const struct plan_step *before = map_find(&surveying->freed, step->new);
	if (!folder_at(surveying, path_folder(step->new))->is_there ||
	    !glance_at(&surveying->targets, step->new, &state) ||
	    (before && before->group == step->group))
		return false;
	return !(step->action == PLAN_MOVE && plan_file_is(step, &state) &&
		 str_equal_nocase(step->old, step->new));
}

static bool is_inside_source(const struct plan_step *step)
{
	return step->is_folder &&
	       step->new.len > step->old.len &&str_has_prefix(step->new, step->old) &&
	       step->new.ptr[step->old.len] == '/';
}

static void look_at_target(struct surveying *surveying, struct plan_step *step)
{
	struct target *folder = folder_at(surveying, path_folder(step->new));
	const char *fault = target_name_fault(folder, step->new);
	if (fault)
		object(surveying, step, fault);
	if (!is_in_a_root(surveying, step->new))
		object(surveying, step, "it would leave the roots");
	if (is_inside_source(step))
		object(surveying, step, "it would lie inside of itself");
	if (folder->sys != 0)
		object(surveying, step, strerror(folder->sys));
	else if (!folder->is_writable)
		object(surveying, step, "the folder it would go to cannot be written");
	if (is_taken(surveying, step))
		object(surveying, step, "there is a file of that name already");
}

/* What names are told apart by. */
static struct str name_key(struct surveying *surveying, struct str path, bool folds)
{
	return folds || folder_at(surveying, path_folder(path))->folds_case
		       ? text_fold_copy(&surveying->scratch, path)
		       : path;
}

/* Between groups there are no chains: a name is free only when its group comes before, and was done. */
static void look_at_twins(struct surveying *surveying, struct plan_step *step)
{
	/* What strangers packed is to look the same on every disk. */
	bool folds = step->action == PLAN_EXTRACT;
	void **place = map_place(&surveying->names, name_key(surveying, step->new, folds));
	struct plan_step *first = *place;
	if (!first) {
		*place = step;
		return;
	}
	object(surveying, step, "another one would go to the same name");
	object(surveying, first, "another one would go to the same name");
}

/* Sums that somebody's archive tells never come round. */
static void add_bytes(uint64_t *sum, uint64_t more)
{
	*sum = more > UINT64_MAX / 4 - *sum ? UINT64_MAX / 4 : *sum + more;
}

static void add_up(struct surveying *surveying, struct plan_step *step)
{
	struct plan *plan = surveying->plan;
	if (step->action == PLAN_LINK)
		return;                 /* another name takes no room */
	if (step->action != PLAN_WRITE) /* the old one counts */
		add_bytes(&plan->bytes, step->source.size_bytes);
	if (step->action == PLAN_TRASH || step->action == PLAN_RESTORE)
		return;
	struct target *folder = folder_at(surveying, path_folder(step->new));
	if (folder->sys != 0 || (step->action == PLAN_MOVE && !goes_to_other_disk(surveying, step)))
		return;
	if (step->is_folder && step->action == PLAN_COPY)
		object(surveying, step, "a folder is moved, and not copied");
	if (step->action != PLAN_WRITE)
		add_bytes(&plan->bytes_copied, step->source.size_bytes);
	/* Folders of one disk share its room: what is wanted is counted at the first of them. */
	add_bytes(&folder->wanted_bytes, step->source.size_bytes);
}

static uint64_t wanted_on(const struct surveying *surveying, dev_t device)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < surveying->plan->n_steps; i++) {
		struct target *folder =
			map_find(&surveying->folders, path_folder(surveying->plan->steps[i].new));
		if (!folder || folder->device != device)
			continue;
		add_bytes(&sum, folder->wanted_bytes);
		folder->wanted_bytes = 0;
	}
	return sum;
}

static void look_at_room(struct surveying *surveying)
{
	for (size_t i = 0; i < surveying->plan->n_steps; i++) {
		struct plan_step *step = &surveying->plan->steps[i];
		struct target *folder = map_find(&surveying->folders, path_folder(step->new));
		if (!folder || folder->wanted_bytes == 0)
			continue;
		uint64_t wanted = wanted_on(surveying, folder->device);
		if (surveying->plan->free_bytes == 0 ||
		    folder->free_bytes < surveying->plan->free_bytes)
			surveying->plan->free_bytes = folder->free_bytes;
		if (wanted + wanted / 100 + RESERVE_BYTES > folder->free_bytes)
			object(surveying, step, "there is not enough room for all of it");
	}
}

/* vfat and exfat know one name a file; everybody else's links end where the device does. */
static void look_at_link(struct surveying *surveying, struct plan_step *step)
{
	struct target *folder = folder_at(surveying, path_folder(step->new));
	if (folder->sys == 0 && (uint64_t)folder->device != step->source.dev)
		object(surveying, step, "it lies on another disk, where no link can lead");
	else if (!folder->has_links)
		object(surveying, step, "its disk knows no links");
}

/* Nothing is copied out of a trash: others put there what was on any disk. */
static void look_at_way_back(struct surveying *surveying, struct plan_step *step)
{
	struct target *folder = folder_at(surveying, path_folder(step->new));
	if (!step->conflict.ptr && (uint64_t)folder->device != step->source.dev)
		object(surveying, step,
		       "it was on another disk than this trash is on: move it back by hand");
}

/* Nothing may take away the file for whose sake another one goes. */
static void look_at_kept(struct surveying *surveying, struct plan_step *step)
{
	struct stat state;
	struct str kept = step->action == PLAN_LINK ? step->old : step->other;
	if (kept.len == 0)
		return;
	if (map_find(&surveying->freed, kept))
		object(surveying, step, "the copy that is to stay would go as well");
	else if (!is_in_a_root(surveying, kept))
		object(surveying, step, "the copy that is to stay lies in no root");
	else if (!glance_at(&surveying->targets, kept, &state))
		object(surveying, step, "the copy that is to stay is not there");
	else if (!S_ISREG(state.st_mode) || (uint64_t)state.st_size != step->source.size_bytes)
		object(surveying, step, "the copy that is to stay is another file");
}

/* What takes something away is known by now. */
static void look_at_copies(struct surveying *surveying)
{
	for (size_t i = 0; i < surveying->plan->n_steps; i++) {
		struct plan_step *step = &surveying->plan->steps[i];
		if (step->action == PLAN_TRASH || step->action == PLAN_LINK)
			look_at_kept(surveying, step);
	}
}

/* Nothing takes its place. */
static bool leaves_its_name(struct surveying *surveying, const struct plan_step *step)
{
	return (step->action == PLAN_MOVE || step->action == PLAN_TRASH) &&
	       !map_find(&surveying->names, name_key(surveying, step->old, false));
}

/* The same path, for who comes by no link: below a root there are none. */
static struct str in_real_root(struct surveying *surveying, struct str path, struct str root,
			       struct str real)
{
	struct str below;
	(void)path_is_below(path, root, &below); /* it does */
	return path_join(&surveying->scratch, real, below);
}

/* What the plan does is known by now. */
static void look_at_links(struct surveying *surveying)
{
	const struct survey *survey = surveying->survey;
	if (survey->n_links == 0)
		return;
	const struct str *real = survey_links_roots(survey, &surveying->scratch);
	for (size_t i = 0; i < surveying->plan->n_steps; i++) {
		struct plan_step *step = &surveying->plan->steps[i];
		size_t root = places_root_of(&surveying->places, step->old);
		if (root == SIZE_MAX || !real[root].ptr || !leaves_its_name(surveying, step))
			continue;
		struct str old =
			in_real_root(surveying, step->old, survey->roots[root], real[root]);
		step->note =
			survey_links_note(survey, step, old, &surveying->freed, surveying->arena);
	}
}

void survey_plan(const struct survey *survey, struct arena *arena, struct plan *plan)
{
	struct trash_of_folder last = { 0 };
	struct surveying surveying = { .survey = survey, .arena = arena, .plan = plan };
	map_init(&surveying.folders, &surveying.scratch, 64);
	map_init(&surveying.freed, &surveying.scratch, plan->n_steps + 1);
	map_init(&surveying.names, &surveying.scratch, plan->n_steps + 1);
	places_init(&surveying.places, survey->roots, survey->n_roots);
	plan->bytes = plan->bytes_copied = plan->free_bytes = 0;
	plan->n_conflicts = plan->n_notes = 0;
	for (size_t i = 0; i < plan->n_steps; i++) {
		struct plan_step *step = &plan->steps[i];
		if (step->action == PLAN_EXTRACT && step->conflict.ptr)
			continue; /* what cannot come out goes nowhere */
		if (step->action == PLAN_TRASH)
			name_in_trash(&surveying, &last, step);
		look_at_source(&surveying, step);
		if (step->action != PLAN_TRASH) {
			look_at_target(&surveying, step);
			look_at_twins(&surveying, step);
		}
		if (step->action == PLAN_LINK)
			look_at_link(&surveying, step);
		if (step->action == PLAN_RESTORE)
			look_at_way_back(&surveying, step);
		if (step->action == PLAN_TRASH || step->action == PLAN_MOVE)
			*map_place(&surveying.freed, step->old) = step;
		add_up(&surveying, step);
	}
	look_at_copies(&surveying);
	look_at_room(&surveying);
	look_at_links(&surveying);
	for (size_t i = 0; i < plan->n_steps; i++) {
		plan->n_conflicts += plan->steps[i].conflict.ptr != NULL;
		plan->n_notes += plan->steps[i].note.ptr != NULL;
	}
	glance_finish(&surveying.sources);
	glance_finish(&surveying.targets);
	places_finish(&surveying.places);
	arena_finish(&surveying.scratch);
}
