// SPDX-License-Identifier: MIT
#include "storage/answers_export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/organise/sidecar_tell.h"
#include "storage/files/execute.h"
#include "storage/files/folder_view.h"
#include "storage/files/follow.h"

/** A model that something is told of. */
struct told_model {
	uint32_t id;
	struct str path;
	struct sidecar_words words;
};

/** A plan in the making. */
struct exporting {
	struct answers *answers;
	struct folder_view view;
	struct arena *arena;
	struct array steps; /* struct plan_step */
	uint32_t group;
};

/* Whoever took the right to write away from everybody meant it. */
static const char *fault_of(const struct stat *state)
{
	if (S_ISLNK(state->st_mode))
		return "it is a link: what it leads to is not written";
	if (!S_ISREG(state->st_mode))
		return "it is no file";
	if ((state->st_mode & 0222) == 0)
		return "it is read-only";
	return (uint64_t)state->st_size > FOLLOW_BYTES_MAX ? "it is larger than 4 MiB" : NULL;
}

static bool read_sidecar(struct str path, struct plan_step *step, struct arena *arena,
			 struct str *text, struct error *err)
{
	struct stat state;
	int fd = open(arena_cstr(arena, path),
		      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return error_system(err, errno, "it cannot be read");
	bool ok = fstat(fd, &state) == 0 && S_ISREG(state.st_mode) && follow_read(fd, arena, text);
	step->source = plan_file_of(&state);
	close(fd);
	return ok || error_set(err, ERROR_CHANGED, NULL, "it cannot be read");
}

/* False: it says all of it already, or is not there. */
static bool tell(struct plan_step *step, const struct sidecar_words *words, struct arena *arena)
{
	struct sidecar_telling telling;
	struct arena scratch = { 0 };
	struct stat state;
	struct str text;
	struct error err;
	if (lstat(arena_cstr(&scratch, step->old), &state) != 0) {
		arena_finish(&scratch);
		return false;
	}
	const char *fault = fault_of(&state);
	step->source = plan_file_of(&state);
	if (!fault &&
	    (!read_sidecar(step->old, step, &scratch, &text, &err) ||
	     !sidecar_tell(str_after_last(step->old, '/'), text, words, &scratch, &telling, &err)))
		fault = err.text;
	if (fault) {
		step->conflict = arena_str(arena, str_from(fault));
	} else if (telling.says.ptr) {
		step->says = arena_str(arena, telling.says);
		step->said = arena_str(arena, telling.said);
	}
	arena_finish(&scratch);
	return step->conflict.ptr || step->says.ptr;
}

/* Models of one stem share it; what both would say alike is said once. */
static bool is_there_already(const struct exporting *exporting, const struct plan_step *step)
{
	for (size_t i = exporting->steps.len; i-- > 0;) {
		const struct plan_step *other = ARRAY_AT(&exporting->steps, struct plan_step, i);
		if (str_equal(other->old, step->old) && other->action == PLAN_WRITE)
			return str_equal(other->says, step->says) &&
			       str_equal(other->conflict, step->conflict);
		if (!str_equal(path_folder(other->old), path_folder(step->old)))
			return false;
	}
	return false;
}

static void add(struct exporting *exporting, struct plan_step step)
{
	if (is_there_already(exporting, &step))
		return;
	step.action = PLAN_TRASH;
	if (!step.conflict.ptr) {
		struct plan_step before = step;
		before.new = before.says = before.said = STR_NULL;
		*ARRAY_PUSH(&exporting->steps, struct plan_step) = before;
	}
	step.action = PLAN_WRITE;
	*ARRAY_PUSH(&exporting->steps, struct plan_step) = step;
}

static void add_sidecar(struct exporting *exporting, const struct told_model *model,
			struct str name)
{
	struct str path = path_join(exporting->arena, path_folder(model->path), name);
	struct plan_step step = { .model = model->id,
				  .group = exporting->group,
				  .is_companion = true,
				  .old = path,
				  .new = path };
	if (sidecar_has_words(name) && tell(&step, &model->words, exporting->arena))
		add(exporting, step);
}

static bool add_model(struct exporting *exporting, const struct told_model *model,
		      struct error *err)
{
	const struct library_options *options = exporting->answers->options;
	const struct name_rules rules = { options->extensions, options->n_extensions };
	struct str name = str_after_last(model->path, '/');
	struct companions of_folder;
	if (!folder_view_read(&exporting->view, path_folder(model->path), &rules, err))
		return false;
	const struct companions *list = folder_view_find(&exporting->view, name);
	if (!list) {
		folder_view_find_folder(&exporting->view, name, exporting->arena, &of_folder);
		list = &of_folder;
	}
	exporting->group++;
	for (size_t i = 0; i < list->n; i++)
		add_sidecar(exporting, model, list->names[i]);
	return true;
}

/* Of one that has no words nothing is told, and one that is not there now has no sidecars. */
static bool read_model(struct exporting *exporting, uint32_t id, struct array *out,
		       struct error *err)
{
	struct model model;
	struct entry entry;
	struct stat state;
	err->code = ERROR_NONE;
	if (!model_rows_read_details(&exporting->answers->reader, id, exporting->arena, &model,
				     &entry, err))
		return err->code == ERROR_NONE;
	bool has_words = entry.n_tags > 0 || entry.note.len > 0 || entry.is_favourite;
	if (has_words && lstat(arena_cstr(exporting->arena, entry.path), &state) == 0)
		*ARRAY_PUSH(out, struct told_model) = (struct told_model){
			id, entry.path, { entry.tags, entry.n_tags, entry.note, entry.is_favourite }
		};
	return true;
}

static int compare_paths(const void *a, const void *b)
{
	return str_compare(((const struct told_model *)a)->path,
			   ((const struct told_model *)b)->path);
}

/* By their paths: each folder is read once. */
static bool export_models(struct exporting *exporting, const uint32_t *ids, size_t n,
			  struct error *err)
{
	struct array models = ARRAY_OF(struct told_model);
	bool ok = true;
	for (size_t i = 0; ok && i < n; i++)
		ok = read_model(exporting, ids[i], &models, err);
	if (models.len > 1)
		qsort(models.ptr, models.len, sizeof(struct told_model), compare_paths);
	for (size_t i = 0; ok && i < models.len; i++)
		ok = add_model(exporting, ARRAY_AT(&models, struct told_model, i), err);
	array_finish(&models);
	return ok;
}

bool answers_export(struct answers *answers, const uint32_t *ids, size_t n, struct arena *arena,
		    struct plan *out, struct error *err)
{
	struct exporting exporting = { .answers = answers,
				       .arena = arena,
				       .steps = ARRAY_OF(struct plan_step) };
	bool ok = export_models(&exporting, ids, n, err);
	out->steps = array_to_arena(&exporting.steps, arena);
	out->n_steps = exporting.steps.len;
	array_finish(&exporting.steps);
	folder_view_finish(&exporting.view);
	return ok;
}
