// SPDX-License-Identifier: MIT
#include "storage/answers.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/organise/template.h"
#include "storage/answers_export.h"
#include "storage/answers_unpack.h"
#include "storage/answers_spare.h"
#include "storage/files/survey.h"
#include "storage/filing.h"
#include "storage/store.h"

/** A plan that is being asked for. */
struct asking {
	struct answers *answers;
	const struct request *request;
	struct event *event;
	struct arena *arena; /* of the event */
	struct planner planner;
	struct filing filing; /* ORGANISE */
};

static bool add_model(struct asking *asking, uint32_t id, struct error *err)
{
	struct planner *planner = &asking->planner;
	struct planned_model *out = &planner->models[planner->n_models];
	struct model_brief brief;
	err->code = ERROR_NONE;
	if (!model_rows_read_brief(&asking->answers->reader, id, asking->arena, &brief, err))
		return err->code == ERROR_NONE;
	const struct root *root = roots_find_named(&asking->answers->roots, brief.root);
	*out = (struct planned_model){ .id = id,
				       .path = brief.path,
				       .root = root ? root->path : STR("") };
	if (planner->wish == WISH_ORGANISE && !filing_target(&asking->filing, id, &brief, out->root,
							     asking->arena, &out->target, err))
		return false;
	if (planner->wish == WISH_PACK)
		out->target = arena_str(asking->arena,
					str_slice(out->path, out->root.len, out->path.len));
	planner->n_models++;
	return true;
}

static bool are_of_one_root(const struct planner *planner)
{
	for (size_t i = 1; i < planner->n_models; i++)
		if (!str_equal(planner->models[i].root, planner->models[0].root))
			return false;
	return true;
}

/* In an archive, models of several roots lie in folders of the roots' names: these differ. */
static void name_roots(struct asking *asking)
{
	struct planner *planner = &asking->planner;
	bool is_one = are_of_one_root(planner);
	for (size_t i = 0; !is_one && i < planner->n_models; i++) {
		struct planned_model *model = &planner->models[i];
		const struct root *root = roots_find_named(&asking->answers->roots, model->root);
		if (root)
			model->target = arena_strf(asking->arena, "/%.*s%.*s", STR_ARG(root->name),
						   STR_ARG(model->target));
	}
}

static bool choose(struct asking *asking, const uint32_t **ids, size_t *n, struct error *err)
{
	const struct selection *models = &asking->request->as.plan.models;
	*ids = models->ids;
	*n = models->n_ids;
	return !models->query.ptr ||
	       answers_select(asking->answers, models->query, asking->arena, ids, n, err);
}

static bool add_spares(struct asking *asking, struct error *err)
{
	const struct spare_wish wish = { .query = asking->request->as.plan.models.query,
					 .rules = asking->planner.text,
					 .links = asking->planner.links,
					 .kept = asking->request->as.plan.paths,
					 .n_kept = asking->request->as.plan.n_paths };
	struct array spares = ARRAY_OF(struct planned_model);
	bool ok = answers_spare(asking->answers, &wish, asking->arena, &spares, err);
	asking->planner.models = array_to_arena(&spares, asking->arena);
	asking->planner.n_models = spares.len;
	array_finish(&spares);
	return ok;
}

static int compare_ids(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
	return (left > right) - (left < right);
}

/* As their rows lie on the disk, so that no page is read twice: a plan has an order of its own. */
static const uint32_t *sorted(const uint32_t *ids, size_t n, struct arena *arena)
{
	uint32_t *copy = ARENA_NEW_N(arena, uint32_t, n + 1);
	memcpy(copy, ids, n * sizeof *copy);
	qsort(copy, n, sizeof *copy, compare_ids);
	return copy;
}

static bool add_models(struct asking *asking, struct error *err)
{
	if (asking->planner.wish == WISH_SPARE)
		return add_spares(asking, err);
	const uint32_t *ids;
	size_t n;
	if (!choose(asking, &ids, &n, err))
		return false;
	if (n > 0)
		ids = sorted(ids, n, asking->arena);
	asking->planner.models = ARENA_NEW_N(asking->arena, struct planned_model, n + 1);
	filing_init(&asking->filing, &asking->answers->reader, asking->planner.text);
	bool ok = true;
	for (size_t i = 0; ok && i < n; i++)
		ok = add_model(asking, ids[i], err);
	filing_finish(&asking->filing);
	return ok;
}

static const struct str *root_paths(const struct asking *asking)
{
	const struct roots *roots = &asking->answers->roots;
	struct str *paths = ARENA_NEW_N(asking->arena, struct str, roots->n + 1);
	for (size_t i = 0; i < roots->n; i++)
		paths[i] = roots->list[i].path;
	return paths;
}

/* A folder that models are to go to: in a root, and that root is there. */
static bool check_folder(const struct roots *roots, struct str folder, struct error *err)
{
	bool is_inside = false;
	for (size_t i = 0; i < roots->n; i++) {
		struct str rest = folder;
		if (!str_cut_prefix(&rest, roots->list[i].path) ||
		    (rest.len > 0 && rest.ptr[0] != '/'))
			continue;
		if (root_is_away(&roots->list[i], err))
			return false;
		is_inside = true;
	}
	return is_inside ||
	       error_set(err, ERROR_USAGE, NULL, "%.*s: this folder lies in no root; see root add",
			 STR_ARG(folder));
}

/* The index may know links of a root that is none any more. */
static bool load_links(struct asking *asking, struct survey *survey, struct error *err)
{
	const struct roots *roots = &asking->answers->roots;
	struct array links = ARRAY_OF(struct survey_link);
	err->code = ERROR_NONE;
	sqlite3_stmt *row = db_bind(asking->answers->db, SQL_SEEN_LINKS, NULL, 0, err);
	while (row && db_next(row, err)) {
		int64_t root_id = sqlite3_column_int64(row, 0);
		if (!roots_find(roots, root_id))
			continue;
		*ARRAY_PUSH(&links, struct survey_link) = (struct survey_link){
			.path = model_rows_path(&asking->answers->reader, root_id,
						db_column(row, 1), asking->arena),
			.target = db_column_copy(row, 2, asking->arena),
		};
	}
	survey->links = array_to_arena(&links, asking->arena);
	survey->n_links = links.len;
	array_finish(&links);
	return err->code == ERROR_NONE;
}

static bool check_wish(const struct asking *asking, struct error *err)
{
	const struct planner *planner = &asking->planner;
	if (planner->wish == WISH_ORGANISE)
		return template_check(planner->text, err);
	return planner->wish != WISH_MOVE ||
	       check_folder(&asking->answers->roots, planner->text, err);
}

static struct str wish_word(enum plan_wish wish)
{
	static const char *const words[] = {
		[WISH_ORGANISE] = "organise",
		[WISH_MOVE] = "move",
		[WISH_RENAME] = "rename",
		[WISH_TRASH] = "trash",
		[WISH_SPARE] = "duplicates",
		[WISH_PACK] = "set pack",
		[WISH_UNPACK] = "set unpack",
		[WISH_IMPORT] = "import",
		[WISH_CHECK] = "apply",
		[WISH_EXPORT] = "export",
		[WISH_RESTORE] = "trash --restore",
	};
	return str_from(words[wish]);
}

static struct str words_of(const struct asking *asking)
{
	const struct planner *planner = &asking->planner;
	if (planner->wish == WISH_SPARE)
		return arena_strf(asking->arena, "--keep %.*s%s", STR_ARG(planner->text),
				  planner->links ? " --link" : "");
	if (planner->wish == WISH_IMPORT || planner->wish == WISH_UNPACK)
		return arena_str(asking->arena, asking->request->as.plan.archive);
	return planner->text.len > 0
		       ? planner->text
		       : arena_str(asking->arena, asking->request->as.plan.models.query);
}

/* What a folder could not be opened for, where its root is not there at all. */
static bool blame_root(const struct asking *asking, struct error *err)
{
	const struct planner *planner = &asking->planner;
	for (size_t i = 0; err->code == ERROR_SYSTEM && i < planner->n_models; i++) {
		struct str path = planner->models[i].path;
		if (access(arena_cstr(asking->arena, path), F_OK) != 0 &&
		    roots_are_away(&asking->answers->roots, path, err))
			error_context(err, "%.*s", STR_ARG(path));
	}
	return false;
}

static bool export(struct asking *asking, struct plan *plan, struct error *err)
{
	const uint32_t *ids;
	size_t n;
	return choose(asking, &ids, &n, err) &&
	       answers_export(asking->answers, ids, n, asking->arena, plan, err);
}

static bool make_plan(struct asking *asking, const struct survey *survey, struct plan *plan,
		      struct error *err)
{
	struct import_wish import = { .folder = asking->planner.text,
				      .roots = survey->roots,
				      .n_roots = survey->n_roots };
	import.archive = arena_str(asking->arena, asking->request->as.plan.archive);
	if (asking->planner.wish == WISH_IMPORT)
		return answers_import(asking->answers, &import, asking->arena, plan, err);
	if (asking->planner.wish == WISH_EXPORT)
		return export(asking, plan, err);
	if (asking->planner.wish == WISH_RESTORE)
		return answers_restore(asking->answers, asking->request->as.plan.paths,
				       asking->request->as.plan.n_paths, asking->arena, plan, err);
	if (asking->planner.wish == WISH_UNPACK)
		return answers_unpack(asking->answers, &import, asking->arena,
				      &(struct unpack_plan){ plan, &asking->event->as.plan.set,
							     &asking->event->as.plan.folder },
				      err);
	if (!check_wish(asking, err) || !add_models(asking, err))
		return false;
	if (asking->planner.wish == WISH_PACK)
		name_roots(asking);
	return planner_make(&asking->planner, plan, err) || blame_root(asking, err);
}

static void survey_now(const struct survey *survey, struct event *event, struct plan *plan)
{
	plan->surveyed_ms = store_monotonic_ms();
	survey_plan(survey, &event->arena, plan);
}

bool answers_plan(struct answers *answers, const struct request *request, struct event *event,
		  struct error *err)
{
	const struct library_options *options = answers->options;
	struct asking asking = {
		.answers = answers, .request = request, .event = event, .arena = &event->arena,
		.planner = {
			.wish = request->as.plan.wish, .arena = &event->arena,
			.text = arena_str(&event->arena, request->as.plan.text),
			.links = request->as.plan.links,
			.rules = { .extensions = options->extensions,
				   .n_extensions = options->n_extensions },
		},
	};
	struct survey survey = {
		.roots = root_paths(&asking),
		.n_roots = answers->roots.n,
		.trash = str_from(options->trash_dir ? options->trash_dir : "/"),
		.checks_sources = asking.planner.wish == WISH_CHECK,
	};
	if (!load_links(&asking, &survey, err))
		return false;
	struct plan *plan = &event->as.plan.plan;
	if (asking.planner.wish == WISH_CHECK) {
		plan_copy(&request->as.plan.plan, &event->arena, plan);
		survey_now(&survey, event, plan);
		return true;
	}
	plan->what = wish_word(asking.planner.wish);
	plan->words = words_of(&asking);
	if (!make_plan(&asking, &survey, plan, err))
		return false;
	if (asking.planner.wish != WISH_PACK)
		survey_now(&survey, event, plan);
	return true;
}
