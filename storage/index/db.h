// SPDX-License-Identifier: MIT
/**
 * One connection to SQLite: opening with every guard on, migrating, named statements, transactions,
 * and SQLite's complaints as struct error.
 *
 * Two databases, never written in one transaction: user.db holds what people made, index.db what a
 * scan can make again. Knows no table.
 */
#ifndef STORAGE_INDEX_DB_H
#define STORAGE_INDEX_DB_H

#include <sqlite3.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "storage/index/statements.h"

enum db_file { DB_INDEX, DB_USER };

enum db_access {
	DB_READ,  /* an absent file reads as an empty one */
	DB_WRITE, /* made and migrated as needed: only under the lock */
};

struct db {
	sqlite3 *handle;
	sqlite3_stmt *statements[SQL_COUNT]; /* prepared at their first use */
	bool in_memory;                      /* stands for a file that is not there */
	sqlite3_session *session;            /* records what changes; storage/user/operations */
};

/** Slugs of db_open: what can be wrong with a file. */
#define DB_NOT_OURS "db-not-ours" /* UNSUPPORTED: another program's; never touched */
#define DB_NEWER "db-newer"       /* UNSUPPORTED: a newer lorarium's */
#define DB_OLDER "db-older"       /* UNSUPPORTED: needs a migration and access is READ */
#define DB_DAMAGED "db-damaged"   /* FORMAT */

/**
 * Opens `data_dir`/index.db or user.db.
 *
 * @access  WRITE also makes the file (0600), sets WAL, saves a copy of user.db in backups/ before
 *          a migration, and looks for damage when the last session did not end well (ending.h)
 * @err     see the slugs; INDEX or SYSTEM for what else SQLite says
 */
NODISCARD bool db_open(const char *data_dir, enum db_file file, enum db_access access,
		       struct db **out, struct error *err);
/** Do both files exist, well closed? Then who only reads need not wait for who writes. */
bool db_is_ready(const char *data_dir);
/** Lets `db` read user.db as well, under the schema name "user". */
NODISCARD bool db_attach_user(struct db *db, const char *data_dir, struct error *err);
void db_close(struct db *db);

/** Moves index.db with -wal and -shm to index.db.damaged, replacing an older one of that name. */
NODISCARD bool db_move_aside(const char *data_dir, enum db_file file, struct error *err);

/** A value to bind. Bytes stay the caller's until the statement is reset. */
struct db_value {
	enum { DB_VALUE_NULL, DB_VALUE_INT, DB_VALUE_REAL, DB_VALUE_TEXT, DB_VALUE_BLOB } type;
	int64_t integer;
	double real;
	struct str bytes;
};

static inline struct db_value db_int(int64_t integer)
{
	return (struct db_value){ .type = DB_VALUE_INT, .integer = integer };
}

static inline struct db_value db_real(double real)
{
	return (struct db_value){ .type = DB_VALUE_REAL, .real = real };
}

/** STR_NULL binds NULL. */
static inline struct db_value db_text(struct str text)
{
	return (struct db_value){ .type = text.ptr ? DB_VALUE_TEXT : DB_VALUE_NULL, .bytes = text };
}

static inline struct db_value db_blob(struct str bytes)
{
	return (struct db_value){ .type = bytes.ptr ? DB_VALUE_BLOB : DB_VALUE_NULL,
				  .bytes = bytes };
}

/** Binds ?1, ?2, ... and leaves the statement before its first row. NULL with `err`. */
sqlite3_stmt *db_bind(struct db *db, enum sql sql, const struct db_value *values, size_t n_values,
		      struct error *err);
#define DB_BIND(db, sql, err, ...)                                     \
	db_bind((db), (sql), (const struct db_value[]){ __VA_ARGS__ }, \
		sizeof((const struct db_value[]){ __VA_ARGS__ }) / sizeof(struct db_value), (err))

/** Another row? At the end, or when SQLite failed (`err` is set), the statement is reset. */
NODISCARD bool db_next(sqlite3_stmt *statement, struct error *err);
/** For who leaves before the last row. */
void db_reset(sqlite3_stmt *statement);

/** Runs a statement that gives no rows. */
NODISCARD bool db_run(struct db *db, enum sql sql, const struct db_value *values, size_t n_values,
		      struct error *err);
#define DB_RUN(db, sql, err, ...)                                     \
	db_run((db), (sql), (const struct db_value[]){ __VA_ARGS__ }, \
	       sizeof((const struct db_value[]){ __VA_ARGS__ }) / sizeof(struct db_value), (err))

/** The first column of the first row, or `otherwise` when there is none or it failed. */
int64_t db_first_int(struct db *db, enum sql sql, const struct db_value *values, size_t n_values,
		     int64_t otherwise);

/** Borrowed until the statement steps on. A blob or text of no bytes is empty, NULL is STR_NULL. */
struct str db_column(sqlite3_stmt *statement, int column);
struct str db_column_copy(sqlite3_stmt *statement, int column, struct arena *arena);

NODISCARD bool db_begin(struct db *db, struct error *err);
/** Until db_commit everything is read from one state. */
NODISCARD bool db_begin_reading(struct db *db, struct error *err);
NODISCARD bool db_commit(struct db *db, struct error *err);
/** After a failure; there is nothing left to report. */
void db_rollback(struct db *db);
/** Of the last statement that changed something. */
uint64_t db_n_changed(const struct db *db);

/** What SQLite last complained of, as ERROR_INDEX (FORMAT, DB_DAMAGED for damage). Returns false. */
bool db_error(const struct db *db, struct error *err);

/** PRAGMA quick_check or, `deep`, integrity_check and foreign_key_check. False with what is wrong. */
NODISCARD bool db_check(struct db *db, const char *schema, bool deep, struct error *err);

#endif
