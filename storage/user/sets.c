// SPDX-License-Identifier: MIT
#include "storage/user/sets.h"

#include "core/base/path.h"
#include "core/base/text.h"
#include "storage/user/tags.h"

static struct set_part read_part(sqlite3_stmt *row, struct arena *arena)
{
	return (struct set_part){
		.subject = sqlite3_column_int64(row, 0),
		.path = path_join(arena, db_column(row, 1), db_column(row, 2)),
		.id = (uint32_t)sqlite3_column_int64(row, 3),
	};
}

static bool read_checkpoint(struct db *db, int64_t id, struct arena *arena, struct set_info *set,
			    struct error *err)
{
	sqlite3_stmt *row = DB_BIND(db, SQL_SET_CHECKPOINT_OF, err, db_int(id));
	if (!row || !db_next(row, err))
		return err->code == ERROR_NONE;
	set->has_checkpoint = true;
	set->checkpoint = read_part(row, arena);
	db_reset(row);
	return true;
}

static bool read_loras(struct db *db, int64_t id, struct arena *arena, struct set_info *set,
		       struct error *err)
{
	struct array list = ARRAY_OF(struct set_part);
	sqlite3_stmt *rows = DB_BIND(db, SQL_SET_LORAS, err, db_int(id));
	while (rows && db_next(rows, err)) {
		struct set_part part = read_part(rows, arena);
		part.weights.weight = sqlite3_column_double(rows, 4);
		part.weights.has_weight_te = sqlite3_column_type(rows, 5) != SQLITE_NULL;
		part.weights.weight_te = sqlite3_column_double(rows, 5);
		*ARRAY_PUSH(&list, struct set_part) = part;
	}
	set->n_loras = list.len;
	set->loras = array_to_arena(&list, arena);
	array_finish(&list);
	return err->code == ERROR_NONE;
}

static bool read_tags(struct db *db, int64_t id, struct arena *arena, struct set_info *set,
		      struct error *err)
{
	struct array list = ARRAY_OF(struct str);
	sqlite3_stmt *rows = DB_BIND(db, SQL_SET_TAGS, err, db_int(id));
	while (rows && db_next(rows, err))
		*ARRAY_PUSH(&list, struct str) = db_column_copy(rows, 0, arena);
	set->n_tags = list.len;
	set->tags = array_to_arena(&list, arena);
	array_finish(&list);
	return err->code == ERROR_NONE;
}

bool sets_list(struct db *db, struct arena *arena, const struct set_info **sets, size_t *n_sets,
	       struct error *err)
{
	struct array list = ARRAY_OF(struct set_info), ids = ARRAY_OF(int64_t);
	sqlite3_stmt *rows = db_bind(db, SQL_SETS, NULL, 0, err);
	while (rows && db_next(rows, err)) {
		*ARRAY_PUSH(&ids, int64_t) = sqlite3_column_int64(rows, 0);
		*ARRAY_PUSH(&list, struct set_info) = (struct set_info){
			.name = db_column_copy(rows, 1, arena),
			.note = db_column_copy(rows, 2, arena),
		};
	}
	bool ok = err->code == ERROR_NONE;
	for (size_t i = 0; ok && i < list.len; i++) {
		struct set_info *set = ARRAY_AT(&list, struct set_info, i);
		int64_t id = *ARRAY_AT(&ids, int64_t, i);
		ok = read_checkpoint(db, id, arena, set, err) &&
		     read_loras(db, id, arena, set, err) && read_tags(db, id, arena, set, err);
	}
	*n_sets = list.len;
	*sets = array_to_arena(&list, arena);
	array_finish(&list);
	array_finish(&ids);
	return ok;
}

int64_t sets_find(struct db *user, struct str name)
{
	struct arena arena = { 0 };
	struct db_value folded = db_text(text_fold_copy(&arena, str_trim(name)));
	int64_t id = db_first_int(user, SQL_SET_FIND, &folded, 1, 0);
	arena_finish(&arena);
	return id;
}

static bool check_name(struct db *user, struct str raw, int64_t except, struct str *name,
		       struct error *err)
{
	if (!name_check("set", raw, name, err))
		return false;
	int64_t other = sets_find(user, *name);
	if (other && other != except)
		return error_set(err, ERROR_USAGE, SET_IS_THERE,
				 "%.*s: there is a set of that name", STR_ARG(*name));
	return true;
}

bool sets_add(struct db *user, struct str raw, int64_t *id, struct error *err)
{
	struct arena arena = { 0 };
	struct str name;
	bool ok = check_name(user, raw, 0, &name, err) &&
		  DB_RUN(user, SQL_SET_ADD, err, db_text(text_fold_copy(&arena, name)),
			 db_text(name));
	if (ok)
		*id = sqlite3_last_insert_rowid(user->handle);
	arena_finish(&arena);
	return ok;
}

bool sets_rename(struct db *user, int64_t id, struct str raw, struct error *err)
{
	struct arena arena = { 0 };
	struct str name;
	bool ok = check_name(user, raw, id, &name, err) &&
		  DB_RUN(user, SQL_SET_RENAME, err, db_int(id),
			 db_text(text_fold_copy(&arena, name)), db_text(name));
	arena_finish(&arena);
	return ok;
}

bool sets_delete(struct db *user, int64_t id, struct error *err)
{
	return DB_RUN(user, SQL_SET_DELETE, err, db_int(id));
}

bool sets_copy(struct db *user, int64_t from, int64_t into, struct error *err)
{
	return DB_RUN(user, SQL_SET_COPY, err, db_int(from), db_int(into)) &&
	       DB_RUN(user, SQL_SET_LORAS_COPY, err, db_int(from), db_int(into)) &&
	       DB_RUN(user, SQL_SET_TAGS_COPY, err, db_int(from), db_int(into));
}

static bool note_change(struct db *user, bool ok, bool *changed)
{
	*changed |= ok && db_n_changed(user) > 0;
	return ok;
}

bool sets_note(struct db *user, int64_t id, struct str note, bool *changed, struct error *err)
{
	return note_check(note, err) &&
	       note_change(user, DB_RUN(user, SQL_SET_NOTE, err, db_int(id), db_text(note)),
			   changed);
}

bool sets_choose(struct db *user, int64_t id, int64_t checkpoint, bool *changed, struct error *err)
{
	struct db_value subject = checkpoint ? db_int(checkpoint) : db_text(STR_NULL);
	return note_change(user, DB_RUN(user, SQL_SET_CHECKPOINT, err, db_int(id), subject),
			   changed);
}

bool sets_put(struct db *user, int64_t id, int64_t subject, const struct set_weights *weights,
	      bool *changed, struct error *err)
{
	struct db_value weight_te =
		weights->has_weight_te ? db_real(weights->weight_te) : db_text(STR_NULL);
	return note_change(user,
			   DB_RUN(user, SQL_SET_LORA_PUT, err, db_int(id), db_int(subject),
				  db_real(weights->weight), weight_te),
			   changed);
}

bool sets_take(struct db *user, int64_t id, int64_t subject, bool *changed, struct error *err)
{
	return note_change(user, DB_RUN(user, SQL_SET_LORA_TAKE, err, db_int(id), db_int(subject)),
			   changed) &&
	       note_change(user,
			   DB_RUN(user, SQL_SET_CHECKPOINT_TAKE, err, db_int(id), db_int(subject)),
			   changed);
}

bool sets_empty(struct db *user, int64_t id, struct error *err)
{
	return DB_RUN(user, SQL_SET_EMPTY, err, db_int(id));
}

bool sets_tag(struct db *user, int64_t id, struct str raw, bool *changed, struct error *err)
{
	struct arena arena = { 0 };
	struct str tag;
	bool ok = tag_check(raw, &tag, err) &&
		  note_change(user,
			      DB_RUN(user, SQL_SET_TAG_ADD, err, db_int(id),
				     db_text(text_fold_copy(&arena, tag)), db_text(tag)),
			      changed);
	arena_finish(&arena);
	return ok;
}

bool sets_untag(struct db *user, int64_t id, struct str tag, bool *changed, struct error *err)
{
	struct arena arena = { 0 };
	bool ok = note_change(user,
			      DB_RUN(user, SQL_SET_TAG_REMOVE, err, db_int(id),
				     db_text(text_fold_copy(&arena, str_trim(tag)))),
			      changed);
	arena_finish(&arena);
	return ok;
}
