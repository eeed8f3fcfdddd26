// SPDX-License-Identifier: MIT
#include "storage/text_edits.h"

#include "core/base/text.h"
#include "storage/user/notes.h"
#include "storage/user/operations.h"
#include "storage/user/tags.h"

static bool is_wanted(const struct edited *edited, struct str tag, struct arena *arena)
{
	struct str folded = text_fold_copy(arena, tag);
	for (size_t i = 0; i < edited->n_tags; i++) {
		if (str_equal(folded, text_fold_copy(arena, str_trim(edited->tags[i]))))
			return true;
	}
	return false;
}

static bool list_tags(struct db *user, int64_t subject, struct arena *arena, struct array *list,
		      struct error *err)
{
	sqlite3_stmt *rows = DB_BIND(user, SQL_TAGS_OF_SUBJECT, err, db_int(subject));
	while (rows && db_next(rows, err))
		*ARRAY_PUSH(list, struct str) = db_column_copy(rows, 0, arena);
	return err->code == ERROR_NONE;
}

static bool take_unwanted(struct db *user, int64_t subject, const struct edited *edited,
			  bool *changed, struct error *err)
{
	struct arena arena = { 0 };
	struct array list = ARRAY_OF(struct str);
	bool once, ok = list_tags(user, subject, &arena, &list, err);
	for (size_t i = 0; ok && i < list.len; i++) {
		struct str tag = *ARRAY_AT(&list, struct str, i);
		if (is_wanted(edited, tag, &arena))
			continue;
		ok = tag_remove(user, subject, tag, &once, err);
		*changed |= ok && once;
	}
	array_finish(&list);
	arena_finish(&arena);
	return ok;
}

static bool add_wanted(struct db *user, int64_t subject, const struct edited *edited, bool *changed,
		       struct error *err)
{
	for (size_t i = 0; i < edited->n_tags; i++) {
		struct str tag;
		bool once;
		if (!tag_check(edited->tags[i], &tag, err) ||
		    !tag_add(user, subject, tag, &once, err))
			return false;
		*changed |= once;
	}
	return true;
}

static bool edit_one(struct db *user, int64_t subject, const struct edited *edited, bool *changed,
		     struct error *err)
{
	bool rated = false, noted = false, favoured = false;
	bool ok = take_unwanted(user, subject, edited, changed, err) &&
		  add_wanted(user, subject, edited, changed, err) &&
		  notes_rate(user, subject, edited->rating, &rated, err) &&
		  notes_put(user, subject, edited->note, &noted, err) &&
		  notes_favour(user, subject, edited->is_favourite, &favoured, err);
	*changed |= rated || noted || favoured;
	return ok;
}

static bool edit_all(struct store *store, const struct request *request, uint64_t *n_changed,
		     const struct roots *roots, struct error *err)
{
	for (size_t i = 0; i < request->as.edit.n; i++) {
		const struct edited *edited = &request->as.edit.models[i];
		bool changed = false;
		int64_t subject;
		if (!store_subject(store, roots, edited->id, &subject, err) ||
		    !edit_one(store->user, subject, edited, &changed, err))
			return error_context(err, "line %u", edited->line);
		*n_changed += changed;
	}
	return true;
}

bool text_edits_apply(struct store *store, struct request *request, struct edit_result *result,
		      struct error *err)
{
	struct roots roots;
	struct operation operation = {
		.what = STR("edit"), .words = STR(""), .is_asked = true, .at_s = store_now_s()
	};
	if (!store_roots(store, &request->arena, &roots, err) || !operation_begin(store->user, err))
		return false;
	if (!edit_all(store, request, &operation.n_changed, &roots, err)) {
		operation_rollback(store->user);
		return false;
	}
	if (!operation_commit(store->user, &operation, &result->operation, err))
		return false;
	result->n_changed = operation.n_changed;
	store_tell(store);
	return true;
}
