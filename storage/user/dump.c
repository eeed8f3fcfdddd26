// SPDX-License-Identifier: MIT
#include "storage/user/dump.h"

#include "storage/user/subjects.h"

static struct dump_place read_place(sqlite3_stmt *row, int column, struct arena *arena)
{
	return (struct dump_place){ db_column_copy(row, column, arena),
				    db_column_copy(row, column + 1, arena) };
}

static bool read_tags(sqlite3_stmt *rows, struct arena *arena, struct dump_line *line,
		      struct error *err)
{
	struct array list = ARRAY_OF(struct str);
	while (rows && db_next(rows, err))
		*ARRAY_PUSH(&list, struct str) = db_column_copy(rows, 0, arena);
	line->tags = array_to_arena(&list, arena);
	line->n_tags = list.len;
	array_finish(&list);
	return err->code == ERROR_NONE;
}

static bool read_formers(struct db *db, int64_t subject, struct arena *arena,
			 struct dump_line *line, struct error *err)
{
	struct array list = ARRAY_OF(struct dump_former);
	sqlite3_stmt *rows =
		DB_BIND(db, SQL_FORMERS_OF, err, db_int(subject), db_int(SUBJECT_FORMERS_MAX));
	while (rows && db_next(rows, err))
		*ARRAY_PUSH(&list, struct dump_former) = (struct dump_former){
			.size_bytes = (uint64_t)sqlite3_column_int64(rows, 0),
			.quick_hash = db_column_copy(rows, 1, arena),
		};
	line->formers = array_to_arena(&list, arena);
	line->n_formers = list.len;
	array_finish(&list);
	return err->code == ERROR_NONE;
}

static bool write_roots(struct db *db, struct arena *arena, struct bytes *out, struct error *err)
{
	sqlite3_stmt *rows = db_bind(db, SQL_DUMP_ROOTS, NULL, 0, err);
	while (rows && db_next(rows, err)) {
		struct dump_line line = {
			.type = DUMP_ROOT,
			.name = db_column_copy(rows, 0, arena),
			.place.root = db_column_copy(rows, 1, arena),
			.added_s = sqlite3_column_int64(rows, 2),
			.has_removed = sqlite3_column_type(rows, 3) != SQLITE_NULL,
			.removed_s = sqlite3_column_int64(rows, 3),
		};
		dump_line_write(&line, out);
	}
	return err->code == ERROR_NONE;
}

static struct dump_line read_model(sqlite3_stmt *row, struct arena *arena)
{
	return (struct dump_line){
		.type = DUMP_MODEL,
		.place = read_place(row, 1, arena),
		.size_bytes = (uint64_t)sqlite3_column_int64(row, 3),
		.quick_hash = db_column_copy(row, 4, arena),
		.sha256 = db_column_copy(row, 5, arena),
		.rating = (uint64_t)sqlite3_column_int64(row, 6),
		.is_favourite = sqlite3_column_int(row, 7) != 0,
		.note = db_column_copy(row, 8, arena),
		.kind = db_column_copy(row, 9, arena),
		.base_model = db_column_copy(row, 10, arena),
		.corrected_s = sqlite3_column_int64(row, 11),
	};
}

static bool write_models(struct db *db, struct bytes *out, struct error *err)
{
	struct arena arena = { 0 };
	sqlite3_stmt *rows = db_bind(db, SQL_DUMP_MODELS, NULL, 0, err);
	while (rows && db_next(rows, err)) {
		struct error failure = { 0 };
		arena_reset(&arena);
		struct dump_line line = read_model(rows, &arena);
		int64_t subject = sqlite3_column_int64(rows, 0);
		if (!read_tags(DB_BIND(db, SQL_TAGS_OF_SUBJECT, &failure, db_int(subject)), &arena,
			       &line, &failure) ||
		    !read_formers(db, subject, &arena, &line, &failure)) {
			db_reset(rows);
			*err = failure;
			break;
		}
		dump_line_write(&line, out);
	}
	arena_finish(&arena);
	return err->code == ERROR_NONE;
}

static bool read_checkpoint(struct db *db, int64_t id, struct arena *arena, struct dump_line *line,
			    struct error *err)
{
	sqlite3_stmt *row = DB_BIND(db, SQL_DUMP_CHECKPOINT, err, db_int(id));
	if (!row || !db_next(row, err))
		return err->code == ERROR_NONE;
	line->place = read_place(row, 0, arena);
	db_reset(row);
	return true;
}

static bool read_loras(struct db *db, int64_t id, struct arena *arena, struct dump_line *line,
		       struct error *err)
{
	struct array list = ARRAY_OF(struct dump_lora);
	sqlite3_stmt *rows = DB_BIND(db, SQL_DUMP_LORAS, err, db_int(id));
	while (rows && db_next(rows, err))
		*ARRAY_PUSH(&list, struct dump_lora) = (struct dump_lora){
			.place = read_place(rows, 0, arena),
			.has_weight = true,
			.weight = sqlite3_column_double(rows, 2),
			.has_weight_te = sqlite3_column_type(rows, 3) != SQLITE_NULL,
			.weight_te = sqlite3_column_double(rows, 3),
		};
	line->loras = array_to_arena(&list, arena);
	line->n_loras = list.len;
	array_finish(&list);
	return err->code == ERROR_NONE;
}

bool dump_set(struct db *db, int64_t id, struct str name, struct str note, struct arena *arena,
	      struct dump_line *out, struct error *err)
{
	*out = (struct dump_line){ .type = DUMP_SET, .name = name, .note = note };
	return read_tags(DB_BIND(db, SQL_SET_TAGS, err, db_int(id)), arena, out, err) &&
	       read_checkpoint(db, id, arena, out, err) && read_loras(db, id, arena, out, err);
}

static bool write_sets(struct db *db, struct arena *arena, struct bytes *out, struct error *err)
{
	sqlite3_stmt *rows = db_bind(db, SQL_SETS, NULL, 0, err);
	while (rows && db_next(rows, err)) {
		struct error failure = { 0 };
		struct dump_line line;
		if (!dump_set(db, sqlite3_column_int64(rows, 0), db_column_copy(rows, 1, arena),
			      db_column_copy(rows, 2, arena), arena, &line, &failure)) {
			db_reset(rows);
			*err = failure;
			break;
		}
		dump_line_write(&line, out);
	}
	return err->code == ERROR_NONE;
}

bool dump_write(struct db *db, struct bytes *out, struct error *err)
{
	struct arena arena = { 0 };
	struct dump_line head = { .type = DUMP_HEAD, .version = DUMP_VERSION };
	dump_line_write(&head, out);
	bool ok = write_roots(db, &arena, out, err) && write_models(db, out, err) &&
		  write_sets(db, &arena, out, err);
	arena_finish(&arena);
	return ok;
}
