// SPDX-License-Identifier: MIT
#include "storage/answers.h"

#include <time.h>

#include "storage/index/groups.h"

static bool load_roots(struct answers *answers, struct error *err)
{
	arena_reset(&answers->roots_arena);
	return roots_load(answers->db, answers->db, &answers->roots_arena, &answers->roots, err);
}

bool answers_open(struct answers *answers, const struct library_options *options, struct error *err)
{
	*answers = (struct answers){ .options = options };
	classes_init(&answers->classes);
	shelf_init(&answers->shelf);
	answers->reader = (struct row_reader){ .classes = &answers->classes,
					       .roots = &answers->roots,
					       .knowledge = options->knowledge,
					       .readers = options->readers };
	search_init(&answers->search, &answers->reader, &answers->shelf);
	if (!db_open(options->data_dir, DB_INDEX, DB_READ, &answers->db, err) ||
	    !db_attach_user(answers->db, options->data_dir, err))
		return false;
	answers->reader.db = answers->db;
	answers->fittings = fittings_create(answers->db, &answers->classes, options->knowledge);
	answers->reader.fittings = answers->fittings;
	return load_roots(answers, err) && classes_load(&answers->classes, answers->db, err);
}

void answers_close(struct answers *answers)
{
	search_finish(&answers->search);
	fittings_destroy(answers->fittings);
	shelf_finish(&answers->shelf);
	classes_finish(&answers->classes);
	arena_finish(&answers->roots_arena);
	db_close(answers->db);
}

bool answers_load(struct answers *answers, size_t n, struct error *err)
{
	struct shelf *shelf = &answers->shelf;
	bool done = false;
	bool ok = (shelf->load || shelf_load_begin(shelf, answers->db, err)) &&
		  shelf_load_some(shelf, n, &done, err);
	/* Classes after models, so that there is no model whose class is not known. */
	ok = ok && (!done || classes_load(&answers->classes, answers->db, err));
	if (!ok)
		shelf_clear(shelf);
	answers->is_loaded = ok && done;
	return ok;
}

bool answers_is_preparing(const struct answers *answers)
{
	return answers->search.columns.rows != NULL;
}

/* From one state of the databases, whose locks are taken once and not once a row. */
static bool update_loaded(struct answers *answers, const uint32_t *ids, size_t n_ids,
			  struct error *err)
{
	struct error ignored;
	if (!db_begin_reading(answers->db, err))
		return false;
	bool ok = shelf_update(&answers->shelf, answers->db, ids, n_ids, err) &&
		  search_update(&answers->search, ids, n_ids, err) &&
		  classes_load(&answers->classes, answers->db, err);
	if (!db_commit(answers->db, ok ? err : &ignored)) {
		db_rollback(answers->db);
		ok = false;
	}
	return ok;
}

bool answers_refresh(struct answers *answers, const uint32_t *ids, size_t n_ids, bool everything,
		     struct error *err)
{
	/* A reading that is under way keeps the whole connection at the state before this change. */
	if (answers_is_preparing(answers))
		columns_forget(&answers->search.columns);
	if (everything)
		fittings_forget(answers->fittings);
	bool ok = load_roots(answers, err);
	if (ok && answers->is_loaded && !everything) {
		ok = update_loaded(answers, ids, n_ids, err);
		if (ok)
			return true;
	}
	answers->is_loaded = false;
	shelf_clear(&answers->shelf);
	search_forget(&answers->search);
	return ok;
}

bool answers_is_loading(const struct answers *answers)
{
	return answers->shelf.load != NULL;
}

bool answers_is_prepared(const struct answers *answers)
{
	return answers->search.columns.is_whole;
}

bool answers_prepare(struct answers *answers, size_t n, struct error *err)
{
	return columns_read_some(&answers->search.columns, &answers->shelf, answers->db, n, err);
}

/* The checkpoint in force; NULL when none is chosen or it is gone. */
static bool find_checkpoint(struct answers *answers, uint32_t id, struct arena *arena,
			    const struct fitting **out, struct error *err)
{
	struct fitting *fitting = ARENA_NEW(arena, struct fitting);
	err->code = ERROR_NONE;
	*out = id && fittings_find(answers->fittings, id, arena, fitting, err) ? fitting : NULL;
	return err->code == ERROR_NONE;
}

bool answers_is_whole(struct answers *answers, struct error *err)
{
	return !fittings_failed(answers->fittings, err);
}

bool answers_has_quick(const struct request *request)
{
	return request->type == REQUEST_QUERY && str_trim(request->as.query.text).len == 0 &&
	       request->as.query.sort == SORT_NAME && !request->as.query.descending &&
	       request->as.query.first == 0 && request->as.query.n_rows > 0 &&
	       (request->as.query.filter == FILTER_ALL || !request->as.query.checkpoint);
}

bool answers_quick(struct answers *answers, const struct request *request, struct event *event,
		   struct error *err)
{
	const struct fitting *checkpoint;
	event->as.result.n = (uint64_t)db_first_int(answers->db, SQL_CENSUS, NULL, 0, 0);
	event->as.result.n_library = event->as.result.n;
	return find_checkpoint(answers, request->as.query.checkpoint, &event->arena, &checkpoint,
			       err) &&
	       model_rows_first(&answers->reader, request->as.query.n_rows, checkpoint,
				&event->arena, &event->as.result.rows, &event->as.result.n_rows,
				err);
}

bool answers_match(struct answers *answers, struct str text, struct arena *arena,
		   struct bitmap *slots, struct query_mistake *mistake, struct error *err)
{
	err->code = ERROR_NONE;
	const struct query_node *tree =
		query_parse(text, answers->options->knowledge, time(NULL), arena, mistake);
	return tree && search_run(&answers->search, tree, arena, slots, mistake, err);
}

static bool fill_window(struct answers *answers, const struct request *request,
			const struct fitting *checkpoint, struct event *event, struct error *err)
{
	size_t n = (size_t)event->as.result.n, first = request->as.query.first;
	first = first < n ? first : n;
	size_t n_rows = request->as.query.n_rows < n - first ? request->as.query.n_rows : n - first;
	event->as.result.first = first;
	event->as.result.n_rows = n_rows;
	return model_rows_read(&answers->reader, event->as.result.ids + first, n_rows, checkpoint,
			       &event->arena, &event->as.result.rows, err);
}

bool answers_query(struct answers *answers, const struct request *request, struct event *event,
		   struct error *err)
{
	struct arena scratch = { 0 };
	struct query_mistake mistake;
	struct bitmap slots;
	const struct fitting *checkpoint;
	size_t n = 0;
	bool ok = answers_match(answers, request->as.query.text, &scratch, &slots, &mistake, err);
	if (!ok && mistake.column > 0) {
		event->as.result.mistake_column = mistake.column;
		event->as.result.mistake = arena_str(&event->arena, str_from(mistake.text));
		arena_finish(&scratch);
		return true;
	}
	ok = ok &&
	     find_checkpoint(answers, request->as.query.checkpoint, &scratch, &checkpoint, err);
	ok = ok &&
	     search_filter(&answers->search, checkpoint, request->as.query.filter, &slots, err);
	if (ok) {
		ok = search_ids(&answers->search, &slots, request->as.query.sort,
				request->as.query.descending, &event->arena, &event->as.result.ids,
				&n, err);
		event->as.result.n = n;
		event->as.result.n_library =
			(uint64_t)db_first_int(answers->db, SQL_CENSUS, NULL, 0, 0);
	}
	ok = ok && fill_window(answers, request, checkpoint, event, err);
	arena_finish(&scratch);
	return ok;
}

bool answers_has_part(const struct answers *answers, const struct request *request)
{
	struct arena scratch = { 0 };
	struct query_mistake mistake;
	const struct query_node *tree =
		query_parse(request->as.query.text, answers->options->knowledge, time(NULL),
			    &scratch, &mistake);
	bool is_in_order = request->as.query.sort == SORT_NAME && !request->as.query.descending &&
			   request->as.query.first == 0 && request->as.query.n_rows > 0;
	bool has_part = tree && is_in_order && !search_needs_columns(tree);
	arena_finish(&scratch);
	return has_part;
}

bool answers_part(struct answers *answers, const struct request *request, struct event *event,
		  bool *is_full, struct error *err)
{
	/* What is remembered is of the part: before of a shorter one, afterwards of this one. */
	search_forget(&answers->search);
	bool ok = answers_query(answers, request, event, err);
	search_forget(&answers->search);
	event->as.result.ids = NULL;
	event->as.result.is_part = true;
	*is_full = ok && event->as.result.n_rows > 0 &&
		   event->as.result.n_rows == request->as.query.n_rows;
	return ok;
}

static bool count_census(struct answers *answers, uint64_t *counts, size_t n, struct error *err)
{
	sqlite3_stmt *rows = db_bind(answers->db, SQL_CENSUS_OF_CLASSES, NULL, 0, err);
	while (rows && db_next(rows, err)) {
		uint64_t id = (uint64_t)sqlite3_column_int64(rows, 0);
		if (id < n)
			counts[id] = (uint64_t)sqlite3_column_int64(rows, 1);
	}
	return err->code == ERROR_NONE;
}

static void count_slots(const struct answers *answers, const struct bitmap *slots, uint64_t *counts,
			size_t n)
{
	const uint32_t *classes = answers->shelf.classes.ptr;
	for (size_t slot = bitmap_next(slots, 0); slot < slots->n_bits;
	     slot = bitmap_next(slots, slot + 1)) {
		if (classes[slot] < n)
			counts[classes[slot]]++;
	}
}

bool answers_groups(struct answers *answers, const struct request *request, struct event *event,
		    struct error *err)
{
	struct arena scratch = { 0 };
	struct query_mistake mistake = { 0 };
	struct bitmap slots;
	struct str text = str_trim(request->as.groups.text);
	bool ok = classes_load(&answers->classes, answers->db, err);
	size_t n = answers->classes.list.len + 1;
	uint64_t *counts = ARENA_NEW_N(&scratch, uint64_t, n);
	if (ok && text.len == 0) {
		ok = count_census(answers, counts, n, err);
	} else if (ok) {
		ok = answers_match(answers, text, &scratch, &slots, &mistake, err);
		if (ok)
			count_slots(answers, &slots, counts, n);
	}
	if (mistake.column > 0) {
		event->as.groups.mistake_column = mistake.column;
		event->as.groups.mistake = arena_str(&event->arena, str_from(mistake.text));
		ok = true;
	} else if (ok) {
		for (size_t i = 0; i < n; i++)
			event->as.groups.n_models += counts[i];
		groups_build(answers->options->knowledge, &answers->classes, counts, n,
			     &event->arena, &event->as.groups.groups, &event->as.groups.n);
	}
	arena_finish(&scratch);
	return ok;
}

bool answers_select(struct answers *answers, struct str query, struct arena *arena,
		    const uint32_t **ids, size_t *n_ids, struct error *err)
{
	struct arena scratch = { 0 };
	struct query_mistake mistake;
	struct bitmap slots;
	bool ok = answers_match(answers, query, &scratch, &slots, &mistake, err);
	if (!ok && mistake.column > 0)
		error_set(err, ERROR_USAGE, NULL, "the query, column %zu: %s", mistake.column,
			  mistake.text);
	ok = ok && answers_is_whole(answers, err) &&
	     search_ids(&answers->search, &slots, SORT_NAME, false, arena, ids, n_ids, err);
	arena_finish(&scratch);
	return ok;
}

bool answers_rows(struct answers *answers, const struct request *request, struct event *event,
		  struct error *err)
{
	const struct fitting *checkpoint;
	event->as.rows.n = request->as.rows.n;
	return find_checkpoint(answers, request->as.rows.checkpoint, &event->arena, &checkpoint,
			       err) &&
	       model_rows_read(&answers->reader, request->as.rows.ids, request->as.rows.n,
			       checkpoint, &event->arena, &event->as.rows.rows, err);
}

bool answers_details(struct answers *answers, const struct request *request, struct event *event,
		     struct error *err)
{
	const struct fitting *checkpoint;
	struct model *model = &event->as.details.model;
	err->code = ERROR_NONE;
	event->as.details.found =
		model_rows_read_details(&answers->reader, request->as.details.id, &event->arena,
					model, &event->as.details.entry, err);
	if (err->code != ERROR_NONE || !find_checkpoint(answers, request->as.details.checkpoint,
							&event->arena, &checkpoint, err))
		return false;
	if (event->as.details.found && request->as.details.wants_name)
		answers_name(answers, model, &event->as.details.entry, &event->arena,
			     &event->as.details.as);
	return !event->as.details.found || !checkpoint || model->kind != KIND_LORA ||
	       answers_fit_details(answers, checkpoint, event, err);
}

bool answers_tags(struct answers *answers, struct event *event, struct error *err)
{
	struct array list = ARRAY_OF(struct tag_count);
	sqlite3_stmt *rows = db_bind(answers->db, SQL_TAG_COUNTS, NULL, 0, err);
	while (rows && db_next(rows, err)) {
		*ARRAY_PUSH(&list, struct tag_count) = (struct tag_count){
			.tag = db_column_copy(rows, 0, &event->arena),
			.n_models = (uint64_t)sqlite3_column_int64(rows, 1),
		};
	}
	event->as.tags.n = list.len;
	event->as.tags.tags = array_to_arena(&list, &event->arena);
	array_finish(&list);
	return err->code == ERROR_NONE;
}

bool answers_roots(struct answers *answers, struct event *event, struct error *err)
{
	struct roots roots;
	if (!roots_load(answers->db, answers->db, &event->arena, &roots, err))
		return false;
	struct root_info *list = ARENA_NEW_N(&event->arena, struct root_info, roots.n + 1);
	for (size_t i = 0; i < roots.n; i++) {
		const struct root *root = &roots.list[i];
		struct db_value id = db_int(root->id);
		struct error away;
		list[i] = (struct root_info){
			.id = root->id,
			.name = root->name,
			.path = root->path,
			.is_online = root->is_online,
			.away = root_is_away(root, &away)
					? arena_str(&event->arena, str_from(away.text))
					: STR_NULL,
			.last_scan_s = root->last_scan_s,
			.n_models =
				(uint64_t)db_first_int(answers->db, SQL_CENSUS_OF_ROOT, &id, 1, 0),
		};
	}
	event->as.roots.roots = list;
	event->as.roots.n = roots.n;
	return true;
}

bool answers_find(struct answers *answers, const struct request *request, struct event *event,
		  struct error *err)
{
	struct found found;
	struct str text = request->as.find.text;
	if (!(request->as.find.is_alias ? model_rows_find_alias : model_rows_find)(
		    &answers->reader, text, &event->arena, &found, err))
		return false;
	event->as.found.ids = found.ids;
	event->as.found.paths = found.paths;
	event->as.found.n = found.n;
	return true;
}
