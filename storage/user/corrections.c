// SPDX-License-Identifier: MIT
#include "storage/user/corrections.h"

struct correction corrections_read(sqlite3_stmt *row, int kind, int base_model, struct arena *arena)
{
	struct str word = db_column(row, kind);
	struct correction correction = {
		.kind = word.ptr ? kind_find(word) : KIND_COUNT,
		.base_model = db_column_copy(row, base_model, arena),
	};
	/* A kind that this version does not know counts as none. */
	correction.has_kind = correction.kind != KIND_COUNT;
	if (!correction.has_kind)
		correction.kind = KIND_UNKNOWN;
	return correction;
}

struct db_value corrections_kind(const struct correction *correction)
{
	return db_text(correction->has_kind ? str_from(kind_word(correction->kind)) : STR_NULL);
}

struct db_value corrections_base(const struct correction *correction)
{
	return db_text(correction->base_model);
}

static bool read_one(sqlite3_stmt *row, struct arena *arena, struct correction *out,
		     struct error *err)
{
	*out = (struct correction){ 0 };
	if (!row || !db_next(row, err))
		return err->code == ERROR_NONE;
	*out = corrections_read(row, 0, 1, arena);
	db_reset(row);
	return true;
}

bool corrections_find(struct db *user, int64_t root_id, struct str path, struct arena *arena,
		      struct correction *out, struct error *err)
{
	return read_one(DB_BIND(user, SQL_CORRECTION_AT, err, db_int(root_id), db_blob(path)),
			arena, out, err);
}

static bool put(struct db *user, int64_t subject_id, const struct correction *correction,
		int64_t now_s, struct error *err)
{
	if (correction_is_empty(correction))
		return DB_RUN(user, SQL_CORRECTION_REMOVE, err, db_int(subject_id));
	return DB_RUN(user, SQL_CORRECTION_PUT, err, db_int(subject_id),
		      corrections_kind(correction), corrections_base(correction), db_int(now_s));
}

bool corrections_change(struct db *user, int64_t subject_id, const struct correction_change *change,
			int64_t now_s, bool *changed, struct error *err)
{
	struct arena arena = { 0 };
	struct correction old;
	bool ok = read_one(DB_BIND(user, SQL_CORRECTION_OF, err, db_int(subject_id)), &arena, &old,
			   err);
	struct correction new = change->clears || !ok ? (struct correction){ 0 } : old;
	if (change->set.has_kind) {
		new.has_kind = true;
		new.kind = change->set.kind;
	}
	if (change->set.base_model.ptr)
		new.base_model = change->set.base_model;
	*changed = ok && !correction_equal(&old, &new);
	ok = ok && (!*changed || put(user, subject_id, &new, now_s, err));
	arena_finish(&arena);
	return ok;
}

bool corrections_list(struct db *user, struct arena *arena, struct array *list, struct error *err)
{
	sqlite3_stmt *rows = db_bind(user, SQL_CORRECTIONS, NULL, 0, err);
	while (rows && db_next(rows, err)) {
		*ARRAY_PUSH(list, struct placed_correction) = (struct placed_correction){
			.root_id = sqlite3_column_int64(rows, 0),
			.path = db_column_copy(rows, 1, arena),
			.correction = corrections_read(rows, 2, 3, arena),
		};
	}
	return err->code == ERROR_NONE;
}
