// SPDX-License-Identifier: MIT
#include "storage/files/planner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/path.h"
#include "core/formats/shards.h"
#include "storage/files/execute.h"
#include "storage/files/glance.h"

/** A plan in the making. */
struct making {
	struct planner *planner;
	struct folder_view view;
	struct glance glance;
	struct map meant; /* path -> struct planned_model */
	struct plan_step *steps;
	size_t n_steps, cap; /* made; there is room for */
	uint32_t group;
};

static struct str extension_of(struct str name)
{
	struct str stem = name_stem(name);
	return str_slice(name, stem.len, name.len);
}

/* A name that was given with the extension is meant without. */
static struct str new_stem(const struct planner *planner, struct str extension)
{
	struct str stem = planner->text;
	if (extension.len > 0 && stem.len > extension.len)
		(void)str_cut_suffix(&stem, extension);
	return stem;
}

/* Where the model's own file or folder would go; its path when it would stay. */
static struct str target_of(const struct planner *planner, const struct planned_model *model)
{
	struct arena *arena = planner->arena;
	struct str name = str_after_last(model->path, '/');
	struct str extension = model->now.is_folder ? STR("") : extension_of(name);
	switch (planner->wish) {
	case WISH_MOVE: return path_join(arena, planner->text, name);
	case WISH_RENAME: {
		struct str stem = new_stem(planner, extension);
		return path_join(arena, path_folder(model->path),
				 arena_strf(arena, "%.*s%.*s", STR_ARG(stem), STR_ARG(extension)));
	}
	case WISH_ORGANISE:
		if (model->is_shards) /* its index names the parts */
			return path_join(arena, path_folder(model->target), name);
		return arena_strf(arena, "%.*s%.*s", STR_ARG(model->target), STR_ARG(extension));
	case WISH_PACK: return model->target;
	case WISH_TRASH:
	case WISH_RESTORE:
	case WISH_SPARE:
	case WISH_IMPORT:
	case WISH_EXPORT:
	case WISH_UNPACK:
	case WISH_CHECK: break;
	}
	return STR_NULL;
}

/* Where the plan is going to have them: most models are one file, so they are moved at most once or twice. */
static void make_room(struct making *making)
{
	size_t cap = making->cap ? making->cap * 2 : making->planner->n_models + 16, size_bytes;
	struct plan_step *steps = NULL;
	if (size_mul(cap, sizeof *steps, &size_bytes))
		steps = arena_try_room(making->planner->arena, size_bytes);
	if (!steps)
		die_oom();
	if (making->n_steps)
		memcpy(steps, making->steps, making->n_steps * sizeof *steps);
	making->steps = steps;
	making->cap = cap;
}

static void add_step(struct making *making, struct plan_step step)
{
	step.group = making->group;
	if (making->n_steps == making->cap)
		make_room(making);
	making->steps[making->n_steps++] = step;
}

static bool trashes(const struct making *making)
{
	return making->planner->wish == WISH_TRASH || making->planner->wish == WISH_SPARE;
}

static enum plan_action action_of(const struct making *making)
{
	return trashes(making)                      ? PLAN_TRASH
	       : making->planner->wish == WISH_PACK ? PLAN_COPY
						    : PLAN_MOVE;
}

/* A file that is gone gets a step all the same: the survey says why it cannot be done. */
static struct plan_step step_of(const struct making *making, const struct planned_model *model,
				struct str old, struct str new, const struct glanced *now)
{
	return (struct plan_step){
		.model = model->id,
		.action = action_of(making),
		.is_folder = now->is_folder,
		.is_seen = now->is_plain,
		.old = old,
		.new = new,
		.source = now->file,
		.conflict = now->is_there ? STR_NULL : STR("it is not there"),
	};
}

static struct plan_step step_for(struct making *making, const struct planned_model *model,
				 struct str old, struct str new)
{
	struct glanced now = { .path = old };
	glance_into(&making->glance, &now);
	return step_of(making, model, old, new, &now);
}

/* Of the model itself, which was looked at for its target. */
static struct plan_step own_step(const struct making *making, const struct planned_model *model,
				 struct str new)
{
	return step_of(making, model, model->path, new, &model->now);
}

static const struct planned_model *find_meant(const struct making *making, struct str folder,
					      struct str name)
{
	struct arena scratch = { 0 };
	const struct planned_model *found =
		map_find(&making->meant, path_join(&scratch, folder, name));
	arena_finish(&scratch);
	return found;
}

/** Who else needs a sidecar, and where they go. */
struct sharing {
	bool is_shared;                    /* with one that is not meant: it stays for that one */
	const struct planned_model *later; /* one that is meant: the last of these; or NULL */
};

static struct sharing who_shares(const struct making *making, const struct planned_model *model)
{
	struct sharing sharing = { 0 };
	struct str folder = path_folder(model->path), name = str_after_last(model->path, '/'),
		   sibling;
	for (size_t i = 0; (sibling = folder_view_sibling(&making->view, name, i)).ptr; i++) {
		const struct planned_model *other = find_meant(making, folder, sibling);
		if (!other)
			sharing.is_shared = true;
		else if (str_compare(other->path, model->path) > 0)
			sharing.later = other;
	}
	return sharing;
}

/* What follows the stem in its name stays as it is. */
static struct str companion_target(const struct making *making, const struct planned_model *model,
				   struct str companion)
{
	struct arena *arena = making->planner->arena;
	struct str name = str_after_last(model->path, '/');
	struct str new_name = str_after_last(model->target, '/'), rest = companion;
	if (str_cut_prefix(&rest, name))
		companion = arena_strf(arena, "%.*s%.*s", STR_ARG(new_name), STR_ARG(rest));
	else if (str_cut_prefix(&rest, name_stem(name)))
		companion =
			arena_strf(arena, "%.*s%.*s", STR_ARG(name_stem(new_name)), STR_ARG(rest));
	return path_join(arena, path_folder(model->target), companion);
}

/* One that is of no other model goes along; one that others need is copied, or left to the last. */
static void add_companion(struct making *making, const struct planned_model *model,
			  struct str companion, const struct sharing *sharing)
{
	bool is_trash = trashes(making);
	bool is_of_name = str_has_prefix(companion, str_after_last(model->path, '/'));
	struct str old = path_join(making->planner->arena, path_folder(model->path), companion);
	struct str new = is_trash ? STR_NULL : companion_target(making, model, companion);
	bool is_needed = !is_of_name && (sharing->is_shared || sharing->later);
	if ((is_needed &&
	     (is_trash || (!sharing->is_shared &&
			   str_equal(companion_target(making, sharing->later, companion), new)))) ||
	    (new.ptr &&str_equal(old, new)))
		return;
	struct plan_step step = step_for(making, model, old, new);
	step.is_companion = true;
	if (is_needed)
		step.action = PLAN_COPY;
	add_step(making, step);
}

static bool add_companions(struct making *making, const struct planned_model *model,
			   struct error *err)
{
	if (!folder_view_read(&making->view, path_folder(model->path), &making->planner->rules,
			      err))
		return false;
	const struct companions *list =
		folder_view_find(&making->view, str_after_last(model->path, '/'));
	if (!list || list->n == 0)
		return true;
	struct sharing sharing = who_shares(making, model);
	for (size_t i = 0; i < list->n; i++)
		add_companion(making, model, list->names[i], &sharing);
	return true;
}

/* Nobody shares what belongs to a folder. */
static bool add_beside_folder(struct making *making, const struct planned_model *model,
			      struct error *err)
{
	const struct sharing nobody = { 0 };
	struct companions list;
	if (!folder_view_read(&making->view, path_folder(model->path), &making->planner->rules,
			      err))
		return false;
	folder_view_find_folder(&making->view, str_after_last(model->path, '/'),
				making->planner->arena, &list);
	for (size_t i = 0; i < list.n; i++)
		add_companion(making, model, list.names[i], &nobody);
	return true;
}

/* The other parts of a sharded set and its index: they keep their names. */
static bool add_parts(struct making *making, const struct planned_model *model,
		      const struct shard_name *shard, struct error *err)
{
	struct str folder = path_folder(model->path);
	if (!folder_view_read(&making->view, folder, &making->planner->rules, err))
		return false;
	for (size_t i = 0; i < making->view.n_models; i++) {
		struct shard_name other;
		struct str name = making->view.models[i];
		if (str_equal(name, str_after_last(model->path, '/')) ||
		    !shard_name_parse(name, &other) || !shard_name_is_same_set(shard, &other))
			continue;
		struct str new = model->target.ptr ? path_join(making->planner->arena,
							       path_folder(model->target), name)
						   : STR_NULL;
		add_step(making, step_for(making, model,
					  path_join(making->planner->arena, folder, name), new));
	}
	return true;
}

static void add_index(struct making *making, const struct planned_model *model,
		      const struct shard_name *shard)
{
	struct arena *arena = making->planner->arena;
	struct stat state;
	struct str name =
		arena_strf(arena, "%.*s.index.json", STR_ARG(shard_name_of_whole(shard, arena)));
	struct str old = path_join(arena, path_folder(model->path), name);
	if (!glance_at(&making->glance, old, &state))
		return;
	struct str new =
		model->target.ptr ? path_join(arena, path_folder(model->target), name) : STR_NULL;
	add_step(making, step_for(making, model, old, new));
}

/* All targets are known before sidecars are given out: those that share one may both be meant. */
static void find_targets(struct making *making)
{
	struct planner *planner = making->planner;
	struct planned_model *models = planner->models;
	for (size_t i = 0; i < planner->n_models; i++)
		models[i].now = (struct glanced){ .path = models[i].path };
	if (planner->n_models > 0)
		glance_into_all(&models[0].now, sizeof *models, planner->n_models);
	for (size_t i = 0; i < planner->n_models; i++) {
		struct planned_model *model = &models[i];
		struct shard_name shard;
		model->is_shards = !model->now.is_folder &&
				   shard_name_parse(str_after_last(model->path, '/'), &shard);
		model->target = target_of(planner, model);
		*map_place(&making->meant, model->path) = model;
	}
}

/* One that is there already moves as it is; a new one nobody wants like that. */
static bool has_controls(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.ptr[i] < 0x20 || name.ptr[i] == 0x7f)
			return true;
	return false;
}

static bool check_rename(const struct planner *planner, struct error *err)
{
	struct str name = planner->text;
	if (planner->wish != WISH_RENAME)
		return true;
	if (planner->n_models != 1)
		return error_set(err, ERROR_USAGE, NULL, "one model is renamed at a time");
	if (planner->models[0].is_shards)
		return error_set(
			err, ERROR_USAGE, NULL,
			"a model of several files keeps its name: its index names its parts");
	if (name.len == 0 || str_find_byte(name, '/') >= 0 || str_equal(name, STR(".")) ||
	    str_equal(name, STR("..")) || has_controls(name))
		return error_set(err, ERROR_USAGE, NULL, "\"%.*s\": this cannot be a name",
				 STR_ARG(name));
	return true;
}

/* What belongs to a copy goes with it, but not where its name stays. */
static bool add_spare(struct making *making, const struct planned_model *model, struct error *err)
{
	const struct planned_spare *spare = model->spare;
	bool links = making->planner->links;
	struct plan_step step = own_step(making, model, STR_NULL);
	if (!step.conflict.ptr)
		step.conflict = spare->conflict;
	step.other = links ? STR_NULL : spare->kept;
	add_step(making, step);
	if (!links)
		return add_companions(making, model, err);
	add_step(making, (struct plan_step){
				 .model = model->id,
				 .action = PLAN_LINK,
				 .old = spare->kept,
				 .new = model->path,
				 .source = spare->kept_file,
			 });
	return true;
}

static bool add_model(struct making *making, struct planned_model *model, struct error *err)
{
	struct shard_name shard;
	making->group++;
	if (making->planner->wish == WISH_SPARE)
		return add_spare(making, model, err);
	if (model->target.ptr && str_equal(model->target, model->path))
		return true;
	add_step(making, own_step(making, model, model->target));
	if (model->now.is_folder)
		return add_beside_folder(making, model, err);
	if (model->is_shards && shard_name_parse(str_after_last(model->path, '/'), &shard)) {
		add_index(making, model, &shard);
		if (!add_parts(making, model, &shard, err))
			return false;
	}
	return add_companions(making, model, err);
}

static int compare_paths(const void *a, const void *b)
{
	return str_compare(((const struct planned_model *)a)->path,
			   ((const struct planned_model *)b)->path);
}

bool planner_make(struct planner *planner, struct plan *out, struct error *err)
{
	struct arena scratch = { 0 };
	struct making making = { .planner = planner };
	bool ok;
	if (planner->n_models > 1)
		qsort(planner->models, planner->n_models, sizeof *planner->models, compare_paths);
	map_init(&making.meant, &scratch, planner->n_models + 1);
	find_targets(&making);
	ok = check_rename(planner, err);
	for (size_t i = 0; ok && i < planner->n_models; i++)
		ok = add_model(&making, &planner->models[i], err);
	out->steps = making.steps;
	out->n_steps = making.n_steps;
	folder_view_finish(&making.view);
	glance_finish(&making.glance);
	arena_finish(&scratch);
	return ok;
}
