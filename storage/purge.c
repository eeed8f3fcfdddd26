// SPDX-License-Identifier: MIT
#include "storage/purge.h"

#include "storage/user/operations.h"
#include "storage/user/subjects.h"

enum { DAY_S = 24 * 60 * 60 };

struct missing {
	uint32_t id;
	int64_t root_id;
	struct str path;
};

static bool list_missing(struct store *store, const struct selection *models, struct arena *arena,
			 struct array *list, struct error *err)
{
	err->code = ERROR_NONE;
	for (size_t i = 0; i < models->n_ids; i++) {
		sqlite3_stmt *row =
			DB_BIND(store->index, SQL_MODEL_IF_MISSING, err, db_int(models->ids[i]));
		if (!row || !db_next(row, err)) {
			if (err->code != ERROR_NONE)
				return false;
			continue;
		}
		*ARRAY_PUSH(list, struct missing) = (struct missing){
			models->ids[i],
			sqlite3_column_int64(row, 0),
			db_column_copy(row, 1, arena),
		};
		db_reset(row);
	}
	return true;
}

static bool put_away(struct store *store, const struct array *list, struct error *err)
{
	for (size_t i = 0; i < list->len; i++) {
		const struct missing *model = ARRAY_AT(list, struct missing, i);
		int64_t subject = subject_find(store->user, model->root_id, model->path);
		if (subject && !DB_RUN(store->user, SQL_SUBJECT_PURGE, err, db_int(subject),
				       db_int(store_now_s())))
			return false;
	}
	return true;
}

static bool purge_user(struct store *store, const struct array *list, struct edit_result *result,
		       struct error *err)
{
	struct operation operation = { .what = STR("purge"),
				       .words = STR(""),
				       .is_asked = true,
				       .at_s = store_now_s(),
				       .n_changed = list->len };
	if (!operation_begin(store->user, err))
		return false;
	if (!put_away(store, list, err)) {
		operation_rollback(store->user);
		return false;
	}
	return operation_commit(store->user, &operation, &result->operation, err);
}

static bool purge_index(struct store *store, const struct array *list, struct error *err)
{
	bool ok = store_begin(store, err);
	for (size_t i = 0; ok && i < list->len; i++) {
		uint32_t id = ARRAY_AT(list, struct missing, i)->id;
		*ARRAY_PUSH(&store->changed, uint32_t) = id;
		ok = models_forget(&store->models, id, err);
	}
	if (!ok)
		store_rollback(store);
	return ok && store_commit(store, err);
}

/* user.db first: where the index cannot follow, the models are still missing and still in it. */
bool purge_models(struct store *store, struct request *request, struct edit_result *result,
		  struct error *err)
{
	struct array list = ARRAY_OF(struct missing);
	bool ok = list_missing(store, &request->as.purge.models, &request->arena, &list, err) &&
		  (list.len == 0 ||
		   (purge_user(store, &list, result, err) && purge_index(store, &list, err)));
	result->n_changed = list.len;
	array_finish(&list);
	return ok;
}

static bool list_expired(struct store *store, int64_t now_s, struct arena *arena,
			 struct array *list, struct error *err)
{
	err->code = ERROR_NONE;
	sqlite3_stmt *rows = DB_BIND(store->user, SQL_SUBJECTS_PURGED, err,
				     db_int(now_s - (int64_t)PURGE_KEPT_DAYS * DAY_S));
	while (rows && db_next(rows, err))
		*ARRAY_PUSH(list, struct missing) = (struct missing){
			.id = (uint32_t)sqlite3_column_int64(rows, 0),
			.root_id = sqlite3_column_int64(rows, 1),
			.path = db_column_copy(rows, 2, arena),
		};
	return err->code == ERROR_NONE;
}

/* Its file may have come back to its place. */
static bool expire(struct store *store, const struct missing *subject, struct error *err)
{
	struct db_value place[] = { db_int(subject->root_id), db_blob(subject->path) };
	bool is_back = db_first_int(store->index, SQL_SEEN_FIND, place, 2, 0) != 0;
	return DB_RUN(store->user, is_back ? SQL_SUBJECT_KEEP : SQL_SUBJECT_REMOVE, err,
		      db_int(subject->id));
}

bool purge_expire(struct store *store, int64_t now_s, struct error *err)
{
	struct arena arena = { 0 };
	struct array list = ARRAY_OF(struct missing);
	bool ok = list_expired(store, now_s, &arena, &list, err);
	bool has_any = ok && list.len > 0;
	if (has_any)
		ok = db_begin(store->user, err);
	for (size_t i = 0; ok && i < list.len; i++)
		ok = expire(store, ARRAY_AT(&list, struct missing, i), err);
	if (has_any && !(ok && db_commit(store->user, err))) {
		db_rollback(store->user);
		ok = false;
	}
	array_finish(&list);
	arena_finish(&arena);
	return ok;
}
