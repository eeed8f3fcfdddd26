// SPDX-License-Identifier: MIT
#include "storage/user/operations.h"

/* What people made. Roots are not among it: a folder that comes or goes is no edit, but for one that a
 * person says is elsewhere now. */
static const char *const recorded_tables[] = {
	"subject", "tag", "correction", "model_set", "set_lora", "set_tag",
};

static bool fail(const struct db *user, int code, struct error *err)
{
	if (code == SQLITE_NOMEM)
		die_oom();
	return db_error(user, err);
}

static void stop_recording(struct db *user)
{
	if (user->session)
		sqlite3session_delete(user->session);
	user->session = NULL;
}

static bool start_recording(struct db *user, struct error *err)
{
	int code = sqlite3session_create(user->handle, "main", &user->session);
	for (size_t i = 0;
	     code == SQLITE_OK && i < sizeof recorded_tables / sizeof *recorded_tables; i++)
		code = sqlite3session_attach(user->session, recorded_tables[i]);
	return code == SQLITE_OK || fail(user, code, err);
}

bool operation_begin(struct db *user, struct error *err)
{
	if (!db_begin(user, err))
		return false;
	if (start_recording(user, err))
		return true;
	operation_rollback(user);
	return false;
}

void operation_rollback(struct db *user)
{
	stop_recording(user);
	db_rollback(user);
}

bool operation_record_roots(struct db *user, struct error *err)
{
	int code = sqlite3session_attach(user->session, "root");
	return code == SQLITE_OK || fail(user, code, err);
}

void operation_pause(struct db *user, bool is_paused)
{
	if (user->session)
		sqlite3session_enable(user->session, !is_paused);
}

int64_t operation_number(struct db *user)
{
	return db_first_int(user, SQL_OPERATION_NUMBER, NULL, 0, 1);
}

/* SQLite's changeset; to be freed by sqlite3_free. */
static bool take_record(struct db *user, void **bytes, size_t *len, struct error *err)
{
	int n = 0;
	int code = sqlite3session_changeset(user->session, &n, bytes);
	*len = (size_t)n;
	stop_recording(user);
	return code == SQLITE_OK || fail(user, code, err);
}

static struct db_value record_value(const void *bytes, size_t len)
{
	return db_blob(len > 0 ? (struct str){ bytes, len } : STR_NULL);
}

static bool add(struct db *user, const struct operation *operation, const void *bytes, size_t len,
		int64_t *id, struct error *err)
{
	*id = operation_number(user);
	return DB_RUN(user, SQL_OPERATION_ADD, err, db_int(*id), db_int(operation->at_s),
		      db_text(operation->what), db_text(operation->words),
		      db_int(operation->is_asked), db_int((int64_t)operation->n_changed),
		      record_value(bytes, len));
}

bool operation_commit(struct db *user, const struct operation *operation, int64_t *id,
		      struct error *err)
{
	int64_t given = 0;
	void *bytes = NULL;
	size_t len = 0;
	bool ok = take_record(user, &bytes, &len, err) &&
		  (len == 0 || add(user, operation, bytes, len, &given, err)) &&
		  db_commit(user, err);
	sqlite3_free(bytes);
	if (!ok)
		operation_rollback(user);
	if (id)
		*id = ok ? given : 0;
	return ok;
}

bool operation_settle(struct db *user, int64_t id, struct error *err)
{
	void *bytes = NULL;
	size_t len = 0;
	bool ok = take_record(user, &bytes, &len, err) &&
		  DB_RUN(user, SQL_OPERATION_SETTLE, err, db_int(id), record_value(bytes, len)) &&
		  db_commit(user, err);
	sqlite3_free(bytes);
	if (!ok)
		operation_rollback(user);
	return ok;
}

static int64_t limit_of(struct operation_window window)
{
	return window.n > 0 ? (int64_t)window.n : -1;
}

static bool list_operations(struct db *user, int64_t id, struct operation_window window,
			    struct arena *arena, struct array *list, struct error *err)
{
	err->code = ERROR_NONE;
	sqlite3_stmt *rows = DB_BIND(user, SQL_OPERATIONS, err, db_int(id),
				     db_int((int64_t)window.first), db_int(limit_of(window)));
	while (rows && db_next(rows, err))
		*ARRAY_PUSH(list, struct operation) = (struct operation){
			.id = sqlite3_column_int64(rows, 0),
			.at_s = sqlite3_column_int64(rows, 1),
			.what = db_column_copy(rows, 2, arena),
			.words = db_column_copy(rows, 3, arena),
			.is_asked = sqlite3_column_int(rows, 4),
			.reverts = sqlite3_column_int64(rows, 5),
			.state = db_column_copy(rows, 6, arena),
			.n_changed = (uint64_t)sqlite3_column_int64(rows, 7),
			.stands = sqlite3_column_int(rows, 9)   ? OPERATION_STANDS_PARTLY
				  : sqlite3_column_int(rows, 8) ? OPERATION_UNDONE
								: OPERATION_STANDS,
			.n_steps = (uint64_t)sqlite3_column_int64(rows, 10),
			.n_undo = (uint64_t)sqlite3_column_int64(rows, 11),
		};
	return err->code == ERROR_NONE;
}

bool operations_list(struct db *user, struct operation_window window, struct arena *arena,
		     struct array *list, struct error *err)
{
	return list_operations(user, 0, window, arena, list, err);
}

bool operations_find(struct db *user, int64_t id, struct arena *arena, struct array *list,
		     struct error *err)
{
	return list_operations(user, id, (struct operation_window){ 0, 1 }, arena, list, err);
}

size_t operations_count(struct db *user)
{
	return (size_t)db_first_int(user, SQL_OPERATIONS_COUNT, NULL, 0, 0);
}

bool operation_steps(struct db *user, int64_t id, struct operation_window window,
		     struct arena *arena, struct array *steps, struct error *err)
{
	err->code = ERROR_NONE;
	sqlite3_stmt *rows = DB_BIND(user, SQL_OPERATION_STEPS, err, db_int(id),
				     db_int((int64_t)window.first), db_int(limit_of(window)));
	while (rows && db_next(rows, err))
		*ARRAY_PUSH(steps, struct operation_step) = (struct operation_step){
			.action = plan_action_find(db_column_copy(rows, 0, arena)),
			.is_companion = sqlite3_column_int(rows, 1),
			.old = db_column_copy(rows, 2, arena),
			.new = db_column_copy(rows, 3, arena),
			.state = db_column_copy(rows, 4, arena),
		};
	return err->code == ERROR_NONE;
}

bool operations_trashed(struct db *user, struct arena *arena, struct array *list, struct error *err)
{
	err->code = ERROR_NONE;
	sqlite3_stmt *rows = db_bind(user, SQL_STEPS_TRASHED, NULL, 0, err);
	while (rows && db_next(rows, err))
		*ARRAY_PUSH(list, struct operation_trashed) = (struct operation_trashed){
			.operation = sqlite3_column_int64(rows, 0),
			.group = (uint32_t)sqlite3_column_int64(rows, 1),
			.is_companion = sqlite3_column_int(rows, 2),
			.old = db_column_copy(rows, 3, arena),
			.new = db_column_copy(rows, 4, arena),
		};
	return err->code == ERROR_NONE;
}

int64_t operation_next(struct db *user, enum operation_way way)
{
	return db_first_int(user,
			    way == OPERATION_UNDO ? SQL_OPERATION_TO_UNDO : SQL_OPERATION_TO_REDO,
			    NULL, 0, 0);
}

/*
 * What is gone already need not be deleted. All else that is not as the record left it is another
 * change, which must not be lost.
 */
static int on_conflict(void *context, int conflict, sqlite3_changeset_iter *change)
{
	const char *table;
	int n_columns, what = 0, is_indirect;
	(void)context;
	if (sqlite3changeset_op(change, &table, &n_columns, &what, &is_indirect) != SQLITE_OK)
		return SQLITE_CHANGESET_ABORT;
	if (conflict == SQLITE_CHANGESET_NOTFOUND && what == SQLITE_DELETE)
		return SQLITE_CHANGESET_OMIT;
	return SQLITE_CHANGESET_ABORT;
}

static bool fail_changed(struct error *err)
{
	return error_set(err, ERROR_CHANGED, NULL, "what it changed was changed again since");
}

static bool apply(struct db *user, const void *bytes, int len, struct error *err)
{
	int code =
		sqlite3changeset_apply(user->handle, len, (void *)bytes, NULL, on_conflict, NULL);
	if (code == SQLITE_ABORT)
		return fail_changed(err);
	return code == SQLITE_OK || fail(user, code, err);
}

static bool apply_way(struct db *user, struct str record, enum operation_way way, struct error *err)
{
	if (way == OPERATION_REDO)
		return apply(user, record.ptr, (int)record.len, err);
	void *inverse = NULL;
	int n = 0;
	int code = sqlite3changeset_invert((int)record.len, record.ptr, &n, &inverse);
	bool ok = code == SQLITE_OK ? apply(user, inverse, n, err) : fail(user, code, err);
	sqlite3_free(inverse);
	return ok;
}

static bool load_record(struct db *user, int64_t id, struct arena *arena, struct str *record,
			struct error *err)
{
	err->code = ERROR_NONE;
	sqlite3_stmt *row = DB_BIND(user, SQL_OPERATION_RECORD, err, db_int(id));
	if (row && db_next(row, err)) {
		*record = db_column_copy(row, 1, arena);
		db_reset(row);
	}
	return err->code == ERROR_NONE;
}

bool operation_take_back(struct db *user, int64_t id, struct error *err)
{
	struct arena arena = { 0 };
	struct str record = STR_NULL;
	bool ok = load_record(user, id, &arena, &record, err) &&
		  (record.len == 0 || apply_way(user, record, OPERATION_UNDO, err));
	arena_finish(&arena);
	return ok;
}

/* The record is copied: nothing may be read while it is applied. */
static bool load(struct db *user, int64_t id, enum operation_way way, struct arena *arena,
		 struct str *record, struct error *err)
{
	err->code = ERROR_NONE;
	sqlite3_stmt *row = DB_BIND(user, SQL_OPERATION_RECORD, err, db_int(id));
	if (!row || !db_next(row, err))
		return err->code == ERROR_NONE
			       ? error_set(err, ERROR_USAGE, NULL, "there is no operation %lld",
					   (long long)id)
			       : false;
	bool is_undone = sqlite3_column_int(row, 0);
	*record = db_column_copy(row, 1, arena);
	db_reset(row);
	if (is_undone == (way == OPERATION_REDO))
		return true;
	return error_set(err, ERROR_USAGE, NULL,
			 is_undone ? "operation %lld is undone already"
				   : "operation %lld was not undone",
			 (long long)id);
}

/*
 * Does something hang on a row that has just gone? Then somebody attached it since: while SQLite
 * would take it along, as for a row that a person deletes, the keys are off and it stays behind.
 */
static bool check_attached(struct db *user, struct error *err)
{
	err->code = ERROR_NONE;
	sqlite3_stmt *orphans = db_bind(user, SQL_FOREIGN_KEYS_CHECK, NULL, 0, err);
	if (!orphans || !db_next(orphans, err))
		return err->code == ERROR_NONE;
	db_reset(orphans);
	return fail_changed(err);
}

static bool revert(struct db *user, int64_t id, enum operation_way way, struct arena *arena,
		   struct error *err)
{
	struct str record = STR_NULL;
	struct db_value undone = { 0 };
	if (!load(user, id, way, arena, &record, err))
		return false;
	if (way == OPERATION_UNDO)
		undone = db_int(operation_number(user));
	return (record.len == 0 ||
		(apply_way(user, record, way, err) && check_attached(user, err))) &&
	       DB_RUN(user, SQL_OPERATION_UNDONE, err, db_int(id), undone, db_int(0));
}

bool operation_revert(struct db *user, int64_t id, enum operation_way way,
		      const struct operation_asked *asked, struct error *err)
{
	struct arena arena = { 0 };
	struct error ignored;
	bool ok = db_run(user, SQL_FOREIGN_KEYS_OFF, NULL, 0, err) && db_begin(user, err) &&
		  revert(user, id, way, &arena, err) &&
		  (!asked || asked->may(asked->context, err)) && db_commit(user, err);
	if (!ok)
		db_rollback(user);
	if (!db_run(user, SQL_FOREIGN_KEYS_ON, NULL, 0, ok ? err : &ignored))
		ok = false;
	arena_finish(&arena);
	return ok;
}
