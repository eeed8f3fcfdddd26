// SPDX-License-Identifier: MIT
#include "storage/user/dump.h"

#include "core/base/json_write.h"

static void put_path(struct json_writer *json, const char *key, const char *key_bytes,
		     struct str path)
{
	json_string(json, key, path);
	json_base64_if_broken(json, key_bytes, path);
}

static void put_place(struct json_writer *json, sqlite3_stmt *row, int root, int path)
{
	put_path(json, "root", "root_bytes", db_column(row, root));
	put_path(json, "path", "path_bytes", db_column(row, path));
}

static void put_number(struct json_writer *json, const char *key, sqlite3_stmt *row, int column)
{
	if (sqlite3_column_type(row, column) == SQLITE_NULL)
		json_null(json, key);
	else
		json_i64_value(json, key, sqlite3_column_int64(row, column));
}

static bool write_roots(struct db *db, struct bytes *out, struct error *err)
{
	sqlite3_stmt *rows = db_bind(db, SQL_DUMP_ROOTS, NULL, 0, err);
	while (rows && db_next(rows, err)) {
		struct json_writer json = json_writer(out);
		json_object(&json, NULL);
		json_string(&json, "type", STR("root"));
		put_path(&json, "path", "path_bytes", db_column(rows, 0));
		json_string(&json, "name", db_column(rows, 1));
		put_number(&json, "added_s", rows, 2);
		put_number(&json, "removed_s", rows, 3);
		json_object_end(&json);
		bytes_append_byte(out, '\n');
	}
	return err->code == ERROR_NONE;
}

static bool write_names(struct db *db, enum sql sql, int64_t id, struct json_writer *json,
			const char *key, struct error *err)
{
	sqlite3_stmt *rows = DB_BIND(db, sql, err, db_int(id));
	json_array(json, key);
	while (rows && db_next(rows, err))
		json_string(json, NULL, db_column(rows, 0));
	json_array_end(json);
	return err->code == ERROR_NONE;
}

static bool write_models(struct db *db, struct bytes *out, struct error *err)
{
	sqlite3_stmt *rows = db_bind(db, SQL_DUMP_SUBJECTS, NULL, 0, err);
	bool ok = rows != NULL;
	while (ok && db_next(rows, err)) {
		struct json_writer json = json_writer(out);
		json_object(&json, NULL);
		json_string(&json, "type", STR("model"));
		put_place(&json, rows, 1, 2);
		put_number(&json, "bytes", rows, 3);
		json_string(&json, "quick_hash", db_column(rows, 4));
		json_string(&json, "sha256", db_column(rows, 5));
		put_number(&json, "rating", rows, 6);
		json_bool(&json, "favourite", sqlite3_column_int(rows, 7));
		json_string(&json, "note", db_column(rows, 8));
		json_string(&json, "kind", db_column(rows, 9));
		json_string(&json, "base_model", db_column(rows, 10));
		put_number(&json, "corrected_s", rows, 11);
		ok = write_names(db, SQL_DUMP_TAGS, sqlite3_column_int64(rows, 0), &json, "tags", err);
		json_object_end(&json);
		bytes_append_byte(out, '\n');
	}
	if (!ok && rows)
		db_reset(rows);
	return err->code == ERROR_NONE;
}

static bool write_loras(struct db *db, int64_t set, struct json_writer *json, struct error *err)
{
	sqlite3_stmt *rows = DB_BIND(db, SQL_DUMP_LORAS, err, db_int(set));
	json_array(json, "loras");
	while (rows && db_next(rows, err)) {
		json_object(json, NULL);
		put_place(json, rows, 0, 1);
		json_double_value(json, "weight", sqlite3_column_double(rows, 2));
		if (sqlite3_column_type(rows, 3) == SQLITE_NULL)
			json_null(json, "weight_te");
		else
			json_double_value(json, "weight_te", sqlite3_column_double(rows, 3));
		json_object_end(json);
	}
	json_array_end(json);
	return err->code == ERROR_NONE;
}

static bool write_sets(struct db *db, struct bytes *out, struct error *err)
{
	sqlite3_stmt *rows = db_bind(db, SQL_DUMP_SETS, NULL, 0, err);
	bool ok = rows != NULL;
	while (ok && db_next(rows, err)) {
		int64_t id = sqlite3_column_int64(rows, 0);
		struct json_writer json = json_writer(out);
		json_object(&json, NULL);
		json_string(&json, "type", STR("set"));
		json_string(&json, "name", db_column(rows, 1));
		json_string(&json, "note", db_column(rows, 2));
		put_place(&json, rows, 3, 4);
		ok = write_names(db, SQL_DUMP_SET_TAGS, id, &json, "tags", err)
			&& write_loras(db, id, &json, err);
		json_object_end(&json);
		bytes_append_byte(out, '\n');
	}
	if (!ok && rows)
		db_reset(rows);
	return err->code == ERROR_NONE;
}

bool dump_write(struct db *db, struct bytes *out, struct error *err)
{
	err->code = ERROR_NONE;
	return write_roots(db, out, err) && write_models(db, out, err) && write_sets(db, out, err);
}
