// SPDX-License-Identifier: MIT
#include "storage/index/facts_rows.h"

#include "storage/scan/layout.h"

/* By the key that the bytes have, not by one that came along: a layout is shared by many models. */
bool facts_rows_put_layout(struct db *db, struct str squeezed, struct error *err)
{
	struct arena scratch = { 0 };
	struct error broken;
	struct str key;
	/* Bytes that are no layout are nobody's: whoever names it has none then. */
	bool ok = !layout_key_of_squeezed(squeezed, &scratch, &key, &broken) ||
		  DB_RUN(db, SQL_LAYOUT_ADD, err, db_blob(key), db_blob(squeezed));
	arena_finish(&scratch);
	return ok;
}

bool facts_rows_put(struct db *db, uint32_t model_id, struct str flat, bool *is_kept,
		    struct error *err)
{
	struct error broken;
	struct str key;
	struct db_value layout = { 0 };
	*is_kept = flat.ptr && facts_layout(flat, &key, is_kept, &broken) && *is_kept;
	if (*is_kept && key.ptr) {
		struct db_value value = db_blob(key);
		layout = db_int(db_first_int(db, SQL_LAYOUT_FIND, &value, 1, 0));
		*is_kept = layout.integer != 0;
	}
	if (!*is_kept)
		return DB_RUN(db, SQL_FACTS_REMOVE, err, db_int(model_id));
	return DB_RUN(db, SQL_FACTS_PUT, err, db_int(model_id), layout, db_blob(flat));
}

bool facts_rows_layout(struct db *db, int64_t layout_id, struct arena *arena,
		       struct tensor_table *out, bool *found, struct error *err)
{
	struct arena scratch = { 0 };
	struct error broken;
	sqlite3_stmt *row = DB_BIND(db, SQL_LAYOUT, err, db_int(layout_id));
	*found = false;
	if (!row || !db_next(row, err))
		return err->code == ERROR_NONE;
	struct str flat = db_column_copy(row, 0, &scratch);
	db_reset(row);
	*found = layout_decode(flat, arena, out, &broken);
	arena_finish(&scratch);
	return true;
}

bool facts_rows_key(struct db *db, int64_t layout_id, struct arena *arena, struct str *key,
		    struct error *err)
{
	sqlite3_stmt *row = DB_BIND(db, SQL_LAYOUT_KEY, err, db_int(layout_id));
	*key = STR("");
	if (row && db_next(row, err)) {
		*key = db_column_copy(row, 0, arena);
		db_reset(row);
	}
	return err->code == ERROR_NONE;
}

bool facts_rows_table(struct db *db, uint32_t model_id, struct arena *arena,
		      struct tensor_table *out, bool *found, struct error *err)
{
	struct db_value id = db_int(model_id);
	int64_t layout_id = db_first_int(db, SQL_FACTS_LAYOUT, &id, 1, 0);
	*found = false;
	err->code = ERROR_NONE;
	return !layout_id || facts_rows_layout(db, layout_id, arena, out, found, err);
}
