// SPDX-License-Identifier: MIT
#include "storage/user/tags.h"

#include "core/base/text.h"

/* The spelling that the tag has elsewhere, else the one given. */
static bool find_spelling(struct db *user, struct str folded, struct str tag, struct arena *arena,
			  struct str *name, struct error *err)
{
	sqlite3_stmt *row = DB_BIND(user, SQL_TAG_SPELLING, err, db_text(folded));
	*name = tag;
	if (row && db_next(row, err)) {
		*name = db_column_copy(row, 0, arena);
		db_reset(row);
	}
	return err->code == ERROR_NONE;
}

bool tag_add(struct db *user, int64_t subject_id, struct str tag, bool *changed, struct error *err)
{
	struct arena arena = { 0 };
	struct str folded = text_fold_copy(&arena, tag), name;
	bool ok =
		find_spelling(user, folded, tag, &arena, &name, err) &&
		DB_RUN(user, SQL_TAG_ADD, err, db_int(subject_id), db_text(folded), db_text(name));
	*changed = ok && db_n_changed(user) > 0;
	arena_finish(&arena);
	return ok;
}

bool tag_remove(struct db *user, int64_t subject_id, struct str tag, bool *changed,
		struct error *err)
{
	struct arena arena = { 0 };
	bool ok = DB_RUN(user, SQL_TAG_REMOVE, err, db_int(subject_id),
			 db_text(text_fold_copy(&arena, tag)));
	*changed = ok && db_n_changed(user) > 0;
	arena_finish(&arena);
	return ok;
}

static bool run_counted(struct db *user, enum sql sql, const struct db_value *values, size_t n,
			uint64_t *n_changed, struct error *err)
{
	if (!db_run(user, sql, values, n, err))
		return false;
	*n_changed += db_n_changed(user);
	return true;
}

/* Only the letters' case: each row is told anew. */
static bool respell(struct db *user, struct str folded, struct str name, uint64_t *n_changed,
		    struct error *err)
{
	const struct db_value values[] = { db_text(folded), db_text(name) };
	return run_counted(user, SQL_TAG_RESPELL, values, 2, n_changed, err) &&
	       run_counted(user, SQL_SET_TAG_RESPELL, values, 2, n_changed, err);
}

/* Who has both has only one to lose: the count is of those that lose the old one. */
static bool replace(struct db *user, struct str old, struct str new, struct str name,
		    uint64_t *n_changed, struct error *err)
{
	const struct db_value values[] = { db_text(old), db_text(new), db_text(name) };
	return db_run(user, SQL_TAG_ALSO, values, 3, err) &&
	       db_run(user, SQL_SET_TAG_ALSO, values, 3, err) &&
	       run_counted(user, SQL_TAG_FORGET, values, 1, n_changed, err) &&
	       run_counted(user, SQL_SET_TAG_FORGET, values, 1, n_changed, err);
}

bool tags_rename(struct db *user, struct str tag, struct str name, uint64_t *n_changed,
		 struct error *err)
{
	struct arena arena = { 0 };
	struct str old = text_fold_copy(&arena, tag), new = text_fold_copy(&arena, name), spelling;
	struct db_value folded = db_text(old);
	*n_changed = 0;
	bool ok = db_first_int(user, SQL_TAG_ANY, &folded, 1, 0) > 0 ||
		  error_set(err, ERROR_USAGE, NULL, "%.*s: there is no such tag", STR_ARG(tag));
	if (ok && str_equal(old, new))
		ok = respell(user, old, name, n_changed, err);
	else if (ok)
		ok = find_spelling(user, new, name, &arena, &spelling, err) &&
		     replace(user, old, new, spelling, n_changed, err);
	arena_finish(&arena);
	return ok;
}
