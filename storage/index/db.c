// SPDX-License-Identifier: MIT
#include "storage/index/db.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "storage/index/db_copy.h"
#include "storage/index/ending.h"
#include "storage/index/fixed.h"
#include "storage/index/schema.h"

/* "LORI" and "LORU": file(1) and we ourselves know our files by them. */
enum { INDEX_APPLICATION_ID = 0x4c4f5249, USER_APPLICATION_ID = 0x4c4f5255 };

/* No value of ours comes near; a damaged file does not get to ask for more. */
enum { VALUE_BYTES_MAX = 64 << 20, BUSY_TIMEOUT_MS = 5000 };

/* Fewer, larger checkpoints: a scan writes a third faster than with SQLite's 1000 pages. */
#define SQL_WAL_CHECKPOINT "PRAGMA wal_autocheckpoint = 8000"

struct db_kind {
	const char *name;
	int application_id;
	const char *const *schema;
	const int *version;
	int oldest; /* version that is brought up to date; of index.db it is not worth more */
	const char *synchronous;
};

static const struct db_kind kinds[] = {
	[DB_INDEX] = { "index.db", INDEX_APPLICATION_ID, index_schema, &index_schema_version, 5,
		       "PRAGMA synchronous = NORMAL" },
	[DB_USER] = { "user.db", USER_APPLICATION_ID, user_schema, &user_schema_version, 1,
		      "PRAGMA synchronous = FULL" },
};

static bool error_of(sqlite3 *handle, struct error *err)
{
	int code = sqlite3_errcode(handle) & 0xff;
	if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
		return error_set(err, ERROR_FORMAT, DB_DAMAGED, "%s", sqlite3_errmsg(handle));
	if (code == SQLITE_FULL)
		return error_set(err, ERROR_INDEX, NULL, "the disk is full");
	return error_set(err, ERROR_INDEX, NULL, "%s", sqlite3_errmsg(handle));
}

bool db_error(const struct db *db, struct error *err)
{
	return error_of(db->handle, err);
}

static bool run_text(sqlite3 *handle, const char *sql, struct error *err)
{
	return sqlite3_exec(handle, sql, NULL, NULL, NULL) == SQLITE_OK || error_of(handle, err);
}

static bool ask_text(sqlite3 *handle, const char *sql, int *out, struct error *err)
{
	sqlite3_stmt *statement = NULL;
	bool ok = sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) == SQLITE_OK &&
		  sqlite3_step(statement) == SQLITE_ROW;
	if (ok)
		*out = sqlite3_column_int(statement, 0);
	else
		error_of(handle, err);
	sqlite3_finalize(statement);
	return ok;
}

/* A pragma that answers with one number. Its name and the schema's are our own. */
static bool ask_number(sqlite3 *handle, const char *schema, const char *pragma, int *out,
		       struct error *err)
{
	char sql[64];
	sqlite3_snprintf(sizeof sql, sql, "PRAGMA %s.%s", schema, pragma);
	return ask_text(handle, sql, out, err);
}

/* How many tables there are, and whatever else has a name. */
static bool ask_content(sqlite3 *handle, const char *schema, int *out, struct error *err)
{
	char sql[64];
	sqlite3_snprintf(sizeof sql, sql, "SELECT count(*) FROM %s.sqlite_master", schema);
	return ask_text(handle, sql, out, err);
}

/* Network filesystems have no shared memory that all of their clients see. */
static bool is_network(const char *data_dir)
{
	static const unsigned long types[] = {
		0x6969, 0xff534d42, 0xfe534d42, 0x517b, 0x01021997, 0x65735546
	}; /* NFS, SMB (3), 9p, FUSE */
	struct statfs fs;
	if (statfs(data_dir, &fs) != 0)
		return false;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (((unsigned long)fs.f_type & 0xffffffff) == types[i])
			return true;
	}
	return false;
}

static bool guard(sqlite3 *handle, struct error *err)
{
	sqlite3_extended_result_codes(handle, 1);
	sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX);
	if (sqlite3_busy_timeout(handle, BUSY_TIMEOUT_MS) != SQLITE_OK ||
	    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK ||
	    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) != SQLITE_OK ||
	    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL) != SQLITE_OK)
		return error_of(handle, err);
	return run_text(handle, "PRAGMA foreign_keys = ON", err) &&
	       run_text(handle, "PRAGMA cell_size_check = ON", err) &&
	       run_text(handle, "PRAGMA mmap_size = 0", err);
}

/* SQLite would make the file with the umask's mode. Nobody has it open, since it is not there. */
static bool make_private(const char *path, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	return fd >= 0 || errno == EEXIST || error_system(err, errno, "%s", path);
}

bool db_is_ready(const char *data_dir)
{
	struct arena arena = { 0 };
	bool is_ready = !ending_is_suspect(data_dir, &arena);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct stat state;
		char *path = arena_printf(&arena, "%s/%s", data_dir, kinds[i].name);
		is_ready = is_ready && stat(path, &state) == 0 && state.st_size > 0 &&
			   !ending_is_bad(path, &arena);
	}
	arena_finish(&arena);
	return is_ready;
}

static bool back_up(sqlite3 *handle, const char *data_dir, int version, struct arena *arena,
		    struct error *err)
{
	char *folder = arena_printf(arena, "%s/backups", data_dir);
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return error_system(err, errno, "%s", folder);
	char *copy = arena_printf(arena, "%s/user-version-%d-%lld.db", folder, version,
				  (long long)time(NULL));
	return db_copy(handle, copy, err) ||
	       error_context(err, "saving %s before its upgrade", copy);
}

static bool set_number(sqlite3 *handle, const char *pragma, int number, struct error *err)
{
	/* Pragmas take no bound values; the number is our own. */
	char sql[64];
	sqlite3_snprintf(sizeof sql, sql, "PRAGMA %s = %d", pragma, number);
	return run_text(handle, sql, err);
}

/* Every step and the new version in one transaction: all of it happens or nothing. */
static bool migrate(sqlite3 *handle, const struct db_kind *kind, int version, struct error *err)
{
	bool ok = run_text(handle, "BEGIN EXCLUSIVE", err) &&
		  set_number(handle, "application_id", kind->application_id, err);
	for (int i = version; ok && i < *kind->version; i++)
		ok = run_text(handle, kind->schema[i], err);
	ok = ok && set_number(handle, "user_version", *kind->version, err) &&
	     run_text(handle, "PRAGMA foreign_key_check", err) && run_text(handle, "COMMIT", err);
	if (!ok && !sqlite3_get_autocommit(handle))
		sqlite3_exec(handle, "ROLLBACK", NULL, NULL, NULL); /* `err` tells the reason */
	return ok || error_context(err, "upgrading %s", kind->name);
}

static bool first_text_is_ok(sqlite3 *handle, const char *sql, struct error *err)
{
	sqlite3_stmt *statement = NULL;
	bool ok = sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) == SQLITE_OK;
	int code = ok ? sqlite3_step(statement) : SQLITE_ERROR;
	const unsigned char *text = code == SQLITE_ROW ? sqlite3_column_text(statement, 0) : NULL;
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		ok = error_of(handle, err);
	else if (text && strcmp((const char *)text, "ok") != 0)
		ok = error_set(err, ERROR_FORMAT, DB_DAMAGED, "%s", (const char *)text);
	sqlite3_finalize(statement);
	return ok;
}

bool db_check(struct db *db, const char *schema, bool deep, struct error *err)
{
	char sql[80];
	sqlite3_snprintf(sizeof sql, sql, "PRAGMA \"%w\".%s(1)", schema,
			 deep ? "integrity_check" : "quick_check");
	if (!first_text_is_ok(db->handle, sql, err))
		return false;
	sqlite3_snprintf(sizeof sql, sql, "PRAGMA \"%w\".foreign_key_check", schema);
	return !deep || first_text_is_ok(db->handle, sql, err);
}

/*
 * Is it ours, and of which version? 0 of a file that is empty, or holds nothing and was marked by
 * nobody: its making was cut short before the first transaction, which leaves a page of SQLite's.
 */
static bool identify(sqlite3 *handle, const char *schema, const struct db_kind *kind, int *version,
		     struct error *err)
{
	int application_id, n_things;
	if (!ask_number(handle, schema, "application_id", &application_id, err) ||
	    !ask_number(handle, schema, "user_version", version, err) ||
	    !ask_content(handle, schema, &n_things, err))
		return false;
	bool is_unmade = application_id == 0 && *version == 0 && n_things == 0;
	if (application_id != kind->application_id && !is_unmade)
		return error_set(err, ERROR_UNSUPPORTED, DB_NOT_OURS,
				 "this file is not lorarium's: it is left alone");
	if (*version > *kind->version)
		return error_set(err, ERROR_UNSUPPORTED, DB_NEWER,
				 "a newer lorarium made it (version %d, this one knows %d): "
				 "use the newer one",
				 *version, *kind->version);
	return true;
}

/*
 * Only after an end that was none: a look at all of it takes longer the more history there is. user.db is
 * opened first, so both were looked at when the index is.
 */
static bool look_for_damage(sqlite3 *handle, enum db_file file, const char *data_dir,
			    struct arena *arena, struct error *err)
{
	struct db whole = { .handle = handle };
	return !ending_is_suspect(data_dir, arena) ||
	       (db_check(&whole, "main", false, err) &&
		(file == DB_USER || ending_trust(data_dir, arena, err)));
}

static bool prepare_to_write(sqlite3 *handle, enum db_file file, const char *data_dir,
			     const char *path, struct arena *arena, struct error *err)
{
	const struct db_kind *kind = &kinds[file];
	int version;
	/* First: as soon as it is read, SQLite has put in order what was left. */
	if (ending_is_bad(path, arena))
		ending_suspect(data_dir);
	if (!identify(handle, "main", kind, &version, err) ||
	    !look_for_damage(handle, file, data_dir, arena, err))
		return false;
	if (version > 0 && version < kind->oldest)
		return error_set(err, ERROR_UNSUPPORTED, DB_OLDER, "an older lorarium made it");
	const char *journal = is_network(data_dir) ? "PRAGMA journal_mode = TRUNCATE"
						   : "PRAGMA journal_mode = WAL";
	if (!run_text(handle, journal, err) || !run_text(handle, kind->synchronous, err) ||
	    !run_text(handle, SQL_WAL_CHECKPOINT, err))
		return false;
	if (version == *kind->version)
		return true;
	return (version == 0 || file == DB_INDEX ||
		back_up(handle, data_dir, version, arena, err)) &&
	       migrate(handle, kind, version, err);
}

static bool is_of_today(sqlite3 *handle, const char *schema, const struct db_kind *kind,
			struct error *err)
{
	int version;
	if (!identify(handle, schema, kind, &version, err))
		return error_context(err, "%s", kind->name);
	if (version == 0)
		return error_set(err, ERROR_INDEX, NULL, "%s is being made just now: try again",
				 kind->name);
	return version == *kind->version ||
	       error_set(
		       err, ERROR_UNSUPPORTED, DB_OLDER,
		       "an older lorarium made %s: run \"lorarium scan\" once to bring it up to date",
		       kind->name);
}

/* Opens a file only to see of which version it is. */
static bool peek(const char *place, enum db_file file, int flags, int *version)
{
	struct error ignored; /* opening it in earnest tells */
	sqlite3 *handle = NULL;
	bool ok = sqlite3_open_v2(place, &handle, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI | flags,
				  NULL) == SQLITE_OK &&
		  guard(handle, &ignored) &&
		  identify(handle, "main", &kinds[file], version, &ignored);
	sqlite3_close(handle);
	return ok;
}

/*
 * Who wrote died between the pages of a change, or is writing now. In the first case SQLite takes the
 * change back as soon as somebody looks who may write; a reader could only be refused.
 */
static void take_back(const char *data_dir, enum db_file file, const char *place)
{
	int version;
	ending_suspect(data_dir);
	(void)peek(place, file, SQLITE_OPEN_READWRITE, &version); /* that it was looked at is all */
}

/* Absent, or still without a byte or a table: another instance made it a moment ago, or died. */
static bool is_empty(const char *path, const char *place, enum db_file file)
{
	enum { PAGE_BYTES = 4096 }; /* of what is larger nothing more is asked */
	struct stat state;
	int version;
	if (stat(path, &state) != 0)
		return errno == ENOENT;
	return state.st_size == 0 ||
	       (state.st_size <= PAGE_BYTES && peek(place, file, SQLITE_OPEN_READONLY, &version) &&
		version == 0);
}

/* Nobody asks SQLite how much memory it has; counting it takes a lock at every allocation. */
static void count_no_memory(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* at worst it counts */
}

/*
 * What is opened for reading: where nothing can be written, a closed database as it lies. NULL:
 * there is none, and one in memory stands for it.
 */
static const char *reading_place(const char *data_dir, enum db_file file, const char *path,
				 struct arena *arena)
{
	/* A folder may be called "file:". */
	const char *place = path[0] == '/' ? path : arena_printf(arena, "./%s", path);
	bool is_fixed = fixed_folder(data_dir);
	if (is_fixed && !ending_is_bad(path, arena))
		place = fixed_uri(path, arena);
	else if (!is_fixed && ending_left_journal(path, arena))
		take_back(data_dir, file, place);
	return is_empty(path, place, file) ? NULL : place;
}

/* SQLite's own words for this are "unable to open database file". */
static bool explain_fixed(const char *data_dir, const char *path, struct arena *arena,
			  struct error *err)
{
	if (err->code == ERROR_INDEX && fixed_folder(data_dir) && ending_is_bad(path, arena))
		return error_set(
			err, ERROR_INDEX, NULL,
			"it was not closed, and its folder cannot be written: copy the folder "
			"to where it can");
	return false;
}

static bool open_file(const char *data_dir, enum db_file file, enum db_access access, struct db *db,
		      struct arena *arena, struct error *err)
{
	char *path = arena_printf(arena, "%s/%s", data_dir, kinds[file].name);
	const char *place = access == DB_READ ? reading_place(data_dir, file, path, arena) : path;
	int flags =
		SQLITE_OPEN_NOMUTEX | (access == DB_WRITE ? SQLITE_OPEN_READWRITE
							  : SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
	db->in_memory = !place;
	/* The name alone says "in memory": SQLITE_OPEN_MEMORY would hold for what is attached, too. */
	if (db->in_memory)
		flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI;
	if (access == DB_WRITE && !make_private(path, err))
		return false;
	if (sqlite3_open_v2(place ? place : ":memory:", &db->handle, flags, NULL) != SQLITE_OK)
		return error_of(db->handle, err) || error_context(err, "%s", path);
	bool ok =
		guard(db->handle, err) &&
		(access == DB_WRITE ? prepare_to_write(db->handle, file, data_dir, path, arena, err)
		 : db->in_memory    ? migrate(db->handle, &kinds[file], 0, err)
				    : is_of_today(db->handle, "main", &kinds[file], err));
	return ok || explain_fixed(data_dir, path, arena, err) || error_context(err, "%s", path);
}

bool db_open(const char *data_dir, enum db_file file, enum db_access access, struct db **out,
	     struct error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, count_no_memory);
	struct db *db = calloc(1, sizeof *db);
	struct arena arena = { 0 };
	if (!db)
		die_oom();
	bool ok = open_file(data_dir, file, access, db, &arena, err);
	arena_finish(&arena);
	if (ok)
		*out = db;
	else
		db_close(db);
	return ok;
}

/*
 * Migrations name no schema, so an empty user database is made beside and taken over as a whole:
 * as an image, because what a reading connection attaches is never written.
 */
static bool copy_empty_user(struct db *db, const char *data_dir, struct error *err)
{
	struct db *empty = NULL;
	if (!db_open(data_dir, DB_USER, DB_READ, &empty, err))
		return false;
	sqlite3_int64 size = 0;
	unsigned char *image = sqlite3_serialize(empty->handle, "main", &size, 0);
	db_close(empty);
	if (!image)
		die_oom();
	return sqlite3_deserialize(db->handle, "user", image, size, size,
				   SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY) ==
		       SQLITE_OK ||
	       db_error(db, err);
}

static bool attach(struct db *db, const char *place, struct error *err)
{
	sqlite3_stmt *statement = NULL;
	bool ok = sqlite3_prepare_v2(db->handle, "ATTACH ?1 AS user", -1, &statement, NULL) ==
			  SQLITE_OK &&
		  sqlite3_bind_text(statement, 1, place, -1, SQLITE_STATIC) == SQLITE_OK &&
		  sqlite3_step(statement) == SQLITE_DONE;
	if (!ok)
		db_error(db, err);
	sqlite3_finalize(statement);
	return ok;
}

bool db_attach_user(struct db *db, const char *data_dir, struct error *err)
{
	struct arena arena = { 0 };
	char *path = arena_printf(&arena, "%s/%s", data_dir, kinds[DB_USER].name);
	const char *place = reading_place(data_dir, DB_USER, path, &arena);
	bool ok = attach(db, place ? place : ":memory:", err) ||
		  explain_fixed(data_dir, path, &arena, err) || error_context(err, "%s", path);
	ok = ok && (!place ? copy_empty_user(db, data_dir, err)
			   : is_of_today(db->handle, "user", &kinds[DB_USER], err) ||
				     error_context(err, "%s", path));
	/* Beside an index in memory the user's file was opened for writing. */
	ok = ok && (!db->in_memory || run_text(db->handle, "PRAGMA query_only = ON", err));
	arena_finish(&arena);
	return ok;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	for (size_t i = 0; i < SQL_COUNT; i++)
		sqlite3_finalize(db->statements[i]);
	sqlite3_close(db->handle);
	free(db);
}

bool db_move_aside(const char *data_dir, enum db_file file, struct error *err)
{
	static const char *const tails[] = { "-wal", "-shm", "" };
	struct arena arena = { 0 };
	bool ok = true;
	/* The log first: without its log the database is older, but a log without it is nothing. */
	for (size_t i = 0; ok && i < sizeof tails / sizeof *tails; i++) {
		char *old = arena_printf(&arena, "%s/%s%s", data_dir, kinds[file].name, tails[i]);
		char *aside = arena_printf(&arena, "%s/%s.damaged%s", data_dir, kinds[file].name,
					   tails[i]);
		ok = rename(old, aside) == 0 || errno == ENOENT ||
		     error_system(err, errno, "moving %s aside", old);
	}
	arena_finish(&arena);
	return ok;
}

static bool bind_value(sqlite3_stmt *statement, int i, const struct db_value *value)
{
	switch (value->type) {
	case DB_VALUE_NULL: return sqlite3_bind_null(statement, i) == SQLITE_OK;
	case DB_VALUE_INT: return sqlite3_bind_int64(statement, i, value->integer) == SQLITE_OK;
	case DB_VALUE_REAL: return sqlite3_bind_double(statement, i, value->real) == SQLITE_OK;
	case DB_VALUE_TEXT:
		return sqlite3_bind_text64(statement, i, value->bytes.ptr, value->bytes.len,
					   SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK;
	case DB_VALUE_BLOB:
		return sqlite3_bind_blob64(statement, i, value->bytes.ptr, value->bytes.len,
					   SQLITE_STATIC) == SQLITE_OK;
	}
	return false;
}

sqlite3_stmt *db_bind(struct db *db, enum sql sql, const struct db_value *values, size_t n_values,
		      struct error *err)
{
	sqlite3_stmt **statement = &db->statements[sql];
	err->code = ERROR_NONE;
	bool ok = *statement ||
		  sqlite3_prepare_v3(db->handle, sql_texts[sql], -1, SQLITE_PREPARE_PERSISTENT,
				     statement, NULL) == SQLITE_OK;
	for (size_t i = 0; ok && i < n_values; i++)
		ok = bind_value(*statement, (int)i + 1, &values[i]);
	if (!ok)
		db_error(db, err);
	return ok ? *statement : NULL;
}

bool db_next(sqlite3_stmt *statement, struct error *err)
{
	int code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		return true;
	if (code != SQLITE_DONE)
		error_of(sqlite3_db_handle(statement), err);
	db_reset(statement);
	return false;
}

void db_reset(sqlite3_stmt *statement)
{
	/* Both repeat what the last step said, which was looked at then. */
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
}

bool db_run(struct db *db, enum sql sql, const struct db_value *values, size_t n_values,
	    struct error *err)
{
	sqlite3_stmt *statement = db_bind(db, sql, values, n_values, err);
	if (!statement)
		return false;
	while (db_next(statement, err))
		;
	return err->code == ERROR_NONE;
}

int64_t db_first_int(struct db *db, enum sql sql, const struct db_value *values, size_t n_values,
		     int64_t otherwise)
{
	struct error err = { 0 };
	sqlite3_stmt *statement = db_bind(db, sql, values, n_values, &err);
	if (!statement || !db_next(statement, &err))
		return otherwise;
	int64_t number = sqlite3_column_type(statement, 0) == SQLITE_NULL
				 ? otherwise
				 : sqlite3_column_int64(statement, 0);
	db_reset(statement);
	return number;
}

struct str db_column(sqlite3_stmt *statement, int column)
{
	if (sqlite3_column_type(statement, column) == SQLITE_NULL)
		return STR_NULL;
	const void *bytes = sqlite3_column_blob(statement, column);
	int len = sqlite3_column_bytes(statement, column);
	return bytes ? (struct str){ bytes, (size_t)len } : STR("");
}

struct str db_column_copy(sqlite3_stmt *statement, int column, struct arena *arena)
{
	struct str bytes = db_column(statement, column);
	return bytes.ptr ? arena_str(arena, bytes) : STR_NULL;
}

bool db_begin(struct db *db, struct error *err)
{
	return db_run(db, SQL_BEGIN, NULL, 0, err);
}

bool db_begin_reading(struct db *db, struct error *err)
{
	return db_run(db, SQL_BEGIN_READING, NULL, 0, err);
}

bool db_commit(struct db *db, struct error *err)
{
	return db_run(db, SQL_COMMIT, NULL, 0, err);
}

void db_rollback(struct db *db)
{
	struct error ignored; /* the failure that led here is what counts */
	if (!sqlite3_get_autocommit(db->handle) && !db_run(db, SQL_ROLLBACK, NULL, 0, &ignored))
		return;
}

uint64_t db_n_changed(const struct db *db)
{
	return (uint64_t)sqlite3_changes64(db->handle);
}
