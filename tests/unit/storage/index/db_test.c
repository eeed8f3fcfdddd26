// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "storage/index/db.h"
#include "storage/index/ending.h"
#include "storage/index/schema.h"
#include "tests/support/sample_disk.h"

struct fixture {
	struct arena arena;
	const char *dir;
};

static int setup(void **state)
{
	static struct fixture fixture;
	fixture = (struct fixture){ 0 };
	fixture.dir = sample_disk_make(&fixture.arena);
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	sample_disk_remove(fixture->dir);
	arena_finish(&fixture->arena);
	return 0;
}

static const char *file(struct fixture *fixture, const char *name)
{
	return arena_printf(&fixture->arena, "%s/%s", fixture->dir, name);
}

static bool opens(struct fixture *fixture, enum db_file which, enum db_access access,
		  struct error *err)
{
	struct db *db = NULL;
	bool ok = db_open(fixture->dir, which, access, &db, err);
	if (ok)
		db_close(db);
	return ok;
}

static void run(struct fixture *fixture, const char *name, const char *sql)
{
	sqlite3 *handle;
	assert_int_equal(sqlite3_open(file(fixture, name), &handle), SQLITE_OK);
	assert_int_equal(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
}

static void scribble(struct fixture *fixture, const char *name, long at, size_t len)
{
	char junk[4096];
	memset(junk, 0x5a, sizeof junk);
	int fd = open(file(fixture, name), O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, junk, len, at), (ssize_t)len);
	close(fd);
}

static void new_files_are_private(void **state)
{
	struct fixture *fixture = *state;
	struct error err;
	struct stat info;
	assert_true(opens(fixture, DB_USER, DB_WRITE, &err));
	assert_true(opens(fixture, DB_INDEX, DB_WRITE, &err));
	assert_int_equal(stat(file(fixture, "user.db"), &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_int_equal(stat(file(fixture, "index.db"), &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
}

static void absent_files_read_as_empty_and_are_not_made(void **state)
{
	struct fixture *fixture = *state;
	struct error err;
	struct stat info;
	struct db *db;
	assert_true(db_open(fixture->dir, DB_INDEX, DB_READ, &db, &err));
	assert_true(db_attach_user(db, fixture->dir, &err));
	assert_int_equal(db_first_int(db, SQL_CENSUS, NULL, 0, -1), 0);
	assert_int_equal(db_first_int(db, SQL_ANY_SUBJECT, NULL, 0, -1), -1);
	db_close(db);
	assert_int_not_equal(stat(file(fixture, "index.db"), &info), 0);
	assert_int_not_equal(stat(file(fixture, "user.db"), &info), 0);
}

static int64_t count_subjects(struct fixture *fixture)
{
	struct error err;
	struct db *db;
	if (!db_open(fixture->dir, DB_INDEX, DB_READ, &db, &err) ||
	    !db_attach_user(db, fixture->dir, &err))
		fail_msg("%s", err.text);
	int64_t any = db_first_int(db, SQL_ANY_SUBJECT, NULL, 0, -1);
	db_close(db);
	return any;
}

/* Either of the two may be deleted; the other is read as it is. */
static void one_file_is_read_without_the_other(void **state)
{
	struct fixture *fixture = *state;
	struct error err;
	assert_true(opens(fixture, DB_USER, DB_WRITE, &err));
	run(fixture, "user.db",
	    "INSERT INTO root(name, path, added_s) VALUES ('r', x'2f', 0);"
	    "INSERT INTO subject(root_id, path, size_bytes) VALUES (1, x'61', 1)");
	assert_int_not_equal(count_subjects(fixture), -1);
	assert_true(opens(fixture, DB_INDEX, DB_WRITE, &err));
	assert_int_equal(unlink(file(fixture, "user.db")), 0);
	assert_int_equal(count_subjects(fixture), -1);
}

/* As somebody who may only read there: the superuser may do everything, so he becomes nobody. */
static void in_a_fixed_folder(struct fixture *fixture, void (*look)(struct fixture *))
{
	bool is_root = geteuid() == 0;
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(chmod(file(fixture, i ? "user.db" : "index.db"), 0644), 0);
	assert_int_equal(chmod(fixture->dir, 0555), 0);
	if (is_root)
		assert_int_equal(seteuid(65534), 0);
	look(fixture);
	if (is_root)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod(fixture->dir, 0755), 0);
}

static void has_its_subject(struct fixture *fixture)
{
	assert_int_equal(count_subjects(fixture), 1);
}

static void is_told_as_not_closed(struct fixture *fixture)
{
	struct error err;
	struct db *db = NULL;
	assert_true(db_open(fixture->dir, DB_INDEX, DB_READ, &db, &err));
	assert_false(db_attach_user(db, fixture->dir, &err));
	assert_non_null(strstr(err.text, "was not closed"));
	db_close(db);
}

static void a_closed_library_is_read_where_nothing_can_be_written(void **state)
{
	struct fixture *fixture = *state;
	struct error err;
	sqlite3 *handle;
	assert_true(opens(fixture, DB_USER, DB_WRITE, &err));
	assert_true(opens(fixture, DB_INDEX, DB_WRITE, &err));
	run(fixture, "user.db",
	    "INSERT INTO root(name, path, added_s) VALUES ('r', x'2f', 0);"
	    "INSERT INTO subject(root_id, path, size_bytes) VALUES (1, x'61', 1)");
	in_a_fixed_folder(fixture, has_its_subject);
	/* A log without its helper file, as on a disk that was pulled. */
	assert_int_equal(sqlite3_open(file(fixture, "user.db"), &handle), SQLITE_OK);
	assert_int_equal(sqlite3_exec(handle, "UPDATE root SET name = 's'", NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(rename(file(fixture, "user.db-wal"), file(fixture, "kept")), 0);
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
	assert_int_equal(rename(file(fixture, "kept"), file(fixture, "user.db-wal")), 0);
	in_a_fixed_folder(fixture, is_told_as_not_closed);
}

static void every_statement_can_be_prepared(void **state)
{
	struct fixture *fixture = *state;
	struct error err;
	struct db *db;
	assert_true(opens(fixture, DB_USER, DB_WRITE, &err));
	assert_true(opens(fixture, DB_INDEX, DB_WRITE, &err));
	assert_true(db_open(fixture->dir, DB_INDEX, DB_READ, &db, &err));
	assert_true(db_attach_user(db, fixture->dir, &err));
	for (enum sql sql = 0; sql < SQL_COUNT; sql++) {
		if (!db_bind(db, sql, NULL, 0, &err))
			fail_msg("%s: %s", sql_texts[sql], err.text);
	}
	db_close(db);
}

static void expect_no_table(struct fixture *fixture, struct db *db, enum sql written)
{
	const char *sql = arena_printf(&fixture->arena, "EXPLAIN %s", sql_texts[written]);
	sqlite3_stmt *code;
	assert_int_equal(sqlite3_prepare_v2(db->handle, sql, -1, &code, NULL), SQLITE_OK);
	while (sqlite3_step(code) == SQLITE_ROW)
		if (str_equal(db_column(code, 1), STR("OpenEphemeral")))
			fail_msg("%s", sql);
	assert_int_equal(sqlite3_finalize(code), SQLITE_OK);
}

/* What is written once a file: SQLite would make it anew each time, which costs more than the row. */
static void rows_are_written_without_a_table_of_their_own(void **state)
{
	static const enum sql of_index[] = { SQL_SEEN_PUT,  SQL_SEEN_MOVE, SQL_MODEL_MOVE_WITHIN,
					     SQL_MODEL_PUT, SQL_FACTS_PUT, SQL_FINDING_PUT };
	struct fixture *fixture = *state;
	struct error err;
	struct db *db;
	assert_true(db_open(fixture->dir, DB_INDEX, DB_WRITE, &db, &err));
	for (size_t i = 0; i < sizeof of_index / sizeof *of_index; i++)
		expect_no_table(fixture, db, of_index[i]);
	db_close(db);
	assert_true(db_open(fixture->dir, DB_USER, DB_WRITE, &db, &err));
	expect_no_table(fixture, db, SQL_STEP_ADD);
	expect_no_table(fixture, db, SQL_STEPS_STATE);
	db_close(db);
}

static void another_programs_file_is_left_alone(void **state)
{
	struct fixture *fixture = *state;
	struct error err = { 0 };
	run(fixture, "index.db", "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1);");
	assert_false(opens(fixture, DB_INDEX, DB_WRITE, &err));
	assert_string_equal(err.slug, DB_NOT_OURS);
	run(fixture, "index.db", "INSERT INTO theirs VALUES (2);");
}

/* What is left when the making of a database is killed, or meets a full disk: a page, no table. */
static void what_holds_nothing_is_made_again(void **state)
{
	static const enum db_file files[] = { DB_USER, DB_INDEX };
	struct fixture *fixture = *state;
	struct error err = { 0 };
	struct db *db;
	run(fixture, "user.db", "PRAGMA journal_mode = WAL;");
	run(fixture, "index.db", "PRAGMA journal_mode = WAL;");
	struct stat left;
	assert_int_equal(stat(file(fixture, "user.db"), &left), 0);
	assert_true(left.st_size > 0);
	assert_true(db_open(fixture->dir, DB_INDEX, DB_READ, &db, &err));
	assert_true(db_attach_user(db, fixture->dir, &err));
	db_close(db);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		assert_true(opens(fixture, files[i], DB_WRITE, &err));
		assert_true(opens(fixture, files[i], DB_READ, &err));
	}
}

static void another_programs_mark_is_enough(void **state)
{
	struct fixture *fixture = *state;
	struct error err = { 0 };
	run(fixture, "user.db", "PRAGMA application_id = 7; PRAGMA journal_mode = WAL;");
	assert_false(opens(fixture, DB_USER, DB_WRITE, &err));
	assert_string_equal(err.slug, DB_NOT_OURS);
	assert_false(opens(fixture, DB_USER, DB_READ, &err));
	assert_string_equal(err.slug, DB_NOT_OURS);
}

static void a_newer_file_is_not_written(void **state)
{
	struct fixture *fixture = *state;
	struct error err = { 0 };
	assert_true(opens(fixture, DB_USER, DB_WRITE, &err));
	run(fixture, "user.db", "PRAGMA user_version = 99;");
	assert_false(opens(fixture, DB_USER, DB_WRITE, &err));
	assert_string_equal(err.slug, DB_NEWER);
	assert_int_equal(err.code, ERROR_UNSUPPORTED);
}

static int64_t number(struct fixture *fixture, const char *name, const char *sql)
{
	sqlite3 *handle;
	sqlite3_stmt *statement;
	assert_int_equal(sqlite3_open(file(fixture, name), &handle), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	int64_t result = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
	return result;
}

/* A file as that version left it, with something of a person's in it. */
static void make_old_user(struct fixture *fixture, int version)
{
	(void)unlink(file(fixture, "user.db")); /* may not be there */
	for (int i = 0; i < version; i++)
		run(fixture, "user.db", user_schema[i]);
	run(fixture, "user.db",
	    arena_printf(
		    &fixture->arena,
		    "PRAGMA application_id = 0x4c4f5255;"
		    "PRAGMA user_version = %d; PRAGMA journal_mode = WAL;"
		    "INSERT INTO root (name, path, added_s) VALUES ('r', x'2f', 7);"
		    "INSERT INTO subject (root_id, path, size_bytes, rating) VALUES (1, x'61', 1, 4);"
		    "INSERT INTO tag VALUES (1, 'ink', 'Ink');",
		    version));
	/* Since then files are moved. */
	if (version >= 4)
		run(fixture, "user.db",
		    "INSERT INTO operation (id, at_s, what, words, is_asked, state, n_changed)"
		    "VALUES (1, 7, 'move', '', 1, 'done', 1);"
		    "INSERT INTO step (operation_id, place, model, action, is_companion, is_folder, "
		    "old, new, dev, ino, size_bytes, mtime_ns, sha256, state)"
		    "VALUES (1, 0, 1, 'move', 0, 0, x'2f61', x'2f62', 2, 3, 4, 5, 'ab', 'done');");
}

static void every_old_user_db_is_brought_up_to_date(void **state)
{
	struct fixture *fixture = *state;
	struct error err = { 0 };
	for (int version = 1; version < user_schema_version; version++) {
		make_old_user(fixture, version);
		assert_false(opens(fixture, DB_USER, DB_READ, &err));
		assert_string_equal(err.slug, DB_OLDER);
		if (!opens(fixture, DB_USER, DB_WRITE, &err))
			fail_msg("from version %d: %s", version, err.text);
		assert_true(opens(fixture, DB_USER, DB_READ, &err));
		assert_int_equal(number(fixture, "user.db", "PRAGMA user_version"),
				 user_schema_version);
		assert_int_equal(
			number(fixture, "user.db",
			       "SELECT count(*) FROM tag JOIN subject ON "
			       "subject.id = subject_id WHERE name = 'Ink' AND rating = 4"),
			1);
		assert_int_equal(number(fixture, "user.db", "SELECT count(*) FROM correction"), 0);
		assert_int_equal(
			number(fixture, "user.db",
			       "SELECT count(*) FROM step WHERE operation_id = 1 AND "
			       "old = x'2f61' AND new = x'2f62' AND dev = 2 AND ino = 3 AND "
			       "size_bytes = 4 AND mtime_ns = 5 AND sha256 = 'ab' AND "
			       "state = 'done' AND action = 'move' AND model = 1"),
			version >= 4);
		/* A copy as it was is kept. */
		const char *found =
			arena_printf(&fixture->arena, "ls %s/backups | grep -q '^user-version-%d-'",
				     fixture->dir, version);
		assert_int_equal(system(found), 0);
	}
}

/* As index.db was before aliases; older ones are made anew by a scan. */
static void an_index_is_brought_up_to_date(void **state)
{
	struct fixture *fixture = *state;
	struct error err = { 0 };
	for (int version = 4; version < index_schema_version; version++) {
		(void)unlink(file(fixture, "index.db")); /* may not be there */
		for (int i = 0; i < version; i++)
			run(fixture, "index.db", index_schema[i]);
		run(fixture, "index.db",
		    arena_printf(&fixture->arena,
				 "PRAGMA application_id = 0x4c4f5249; PRAGMA user_version = %d;"
				 "INSERT INTO knowledge (version) VALUES ('then');",
				 version));
		assert_false(opens(fixture, DB_INDEX, DB_READ, &err));
		assert_string_equal(err.slug, DB_OLDER);
		assert_int_equal(opens(fixture, DB_INDEX, DB_WRITE, &err), version >= 5);
		if (version < 5)
			continue;
		assert_int_equal(number(fixture, "index.db", "PRAGMA user_version"),
				 index_schema_version);
		assert_int_equal(number(fixture, "index.db", "SELECT count(alias) FROM model"), 0);
		assert_int_equal(number(fixture, "index.db", "SELECT count(target) FROM seen"), 0);
		assert_int_equal(number(fixture, "index.db", "SELECT count(*) FROM knowledge"), 1);
	}
}

static void junk_is_called_damaged(void **state)
{
	struct fixture *fixture = *state;
	struct error err = { 0 };
	assert_true(opens(fixture, DB_USER, DB_WRITE, &err));
	scribble(fixture, "user.db", 0, 100);
	assert_false(opens(fixture, DB_USER, DB_WRITE, &err));
	assert_string_equal(err.slug, DB_DAMAGED);
}

static void damage_is_looked_for_after_a_crash(void **state)
{
	struct fixture *fixture = *state;
	struct error err = { 0 };
	assert_true(opens(fixture, DB_USER, DB_WRITE, &err));
	scribble(fixture, "user.db", 4096, 4096);
	int fd = open(file(fixture, "user.db-wal"), O_CREAT | O_WRONLY, 0600);
	assert_int_equal(write(fd, "x", 1), 1);
	close(fd);
	assert_false(opens(fixture, DB_USER, DB_WRITE, &err));
	assert_string_equal(err.slug, DB_DAMAGED);
}

/* Bytes of a table's leaf that SQLite has no reason to look at when it opens the file. */
static void spoil_quietly(struct fixture *fixture)
{
	run(fixture, "user.db",
	    "INSERT INTO root(name, path, added_s) VALUES ('r', x'2f', 0);"
	    "PRAGMA wal_checkpoint(TRUNCATE)");
	int64_t page = number(fixture, "user.db",
			      "SELECT rootpage FROM sqlite_master WHERE name = 'root'");
	scribble(fixture, "user.db", (page - 1) * 4096, 4096);
}

/* However long the history is, a start does not read all of it. After a crash it does, until all is well. */
static void user_db_is_looked_at_after_a_crash_alone(void **state)
{
	struct fixture *fixture = *state;
	struct error err = { 0 };
	struct stat info;
	assert_true(opens(fixture, DB_USER, DB_WRITE, &err));
	spoil_quietly(fixture);
	assert_true(opens(fixture, DB_USER, DB_WRITE, &err));
	ending_suspect(fixture->dir);
	for (int i = 0; i < 2; i++) {
		assert_false(opens(fixture, DB_USER, DB_WRITE, &err));
		assert_string_equal(err.slug, DB_DAMAGED);
	}
	assert_int_equal(unlink(file(fixture, "user.db")), 0);
	assert_true(opens(fixture, DB_USER, DB_WRITE, &err));
	assert_int_equal(stat(file(fixture, "suspect"), &info), 0);
	assert_true(opens(fixture, DB_INDEX, DB_WRITE, &err));
	assert_int_not_equal(stat(file(fixture, "suspect"), &info), 0);
}

/* Where SQLite keeps no log: a process that is killed while the pages of a change go to the disk. */
static void die_half_way(struct fixture *fixture, const char *name, const char *before)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		sqlite3 *handle;
		if (sqlite3_open(file(fixture, name), &handle) == SQLITE_OK &&
		    sqlite3_exec(handle, before, NULL, NULL, NULL) == SQLITE_OK)
			sqlite3_exec(
				handle,
				"PRAGMA cache_size = 1; BEGIN IMMEDIATE;"
				"CREATE TABLE half (x);"
				"WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n LIMIT 999)"
				"INSERT INTO half SELECT randomblob(900) FROM n",
				NULL, NULL, NULL);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	struct stat info;
	assert_int_equal(
		stat(arena_printf(&fixture->arena, "%s-journal", file(fixture, name)), &info), 0);
	assert_true(info.st_size > 0);
}

/* Who only reads sees what was there before, and the next who writes looks for damage. */
static void half_a_change_is_taken_back_by_who_reads(void **state)
{
	struct fixture *fixture = *state;
	struct error err = { 0 };
	struct stat info;
	assert_true(opens(fixture, DB_USER, DB_WRITE, &err));
	assert_true(opens(fixture, DB_INDEX, DB_WRITE, &err));
	run(fixture, "user.db",
	    "INSERT INTO root(name, path, added_s) VALUES ('r', x'2f', 0);"
	    "INSERT INTO subject(root_id, path, size_bytes) VALUES (1, x'61', 1)");
	die_half_way(fixture, "user.db", "PRAGMA journal_mode = TRUNCATE");
	die_half_way(fixture, "index.db", "PRAGMA journal_mode = TRUNCATE");
	assert_false(db_is_ready(fixture->dir));
	assert_int_equal(count_subjects(fixture), 1);
	assert_int_equal(stat(file(fixture, "suspect"), &info), 0);
	assert_true(opens(fixture, DB_USER, DB_WRITE, &err));
	assert_true(opens(fixture, DB_INDEX, DB_WRITE, &err));
	assert_true(db_is_ready(fixture->dir));
}

/* The same while the two are made. */
static void half_a_making_reads_as_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct error err = { 0 };
	die_half_way(fixture, "user.db", "PRAGMA journal_mode = DELETE");
	assert_int_equal(count_subjects(fixture), -1);
	die_half_way(fixture, "index.db", "PRAGMA journal_mode = DELETE");
	assert_int_equal(count_subjects(fixture), -1);
	assert_true(opens(fixture, DB_USER, DB_WRITE, &err));
	assert_true(opens(fixture, DB_INDEX, DB_WRITE, &err));
}

/* What only who writes can take back is no closed file, wherever it lies. */
static void half_a_change_is_told_where_nothing_can_be_written(void **state)
{
	struct fixture *fixture = *state;
	struct error err = { 0 };
	assert_true(opens(fixture, DB_USER, DB_WRITE, &err));
	assert_true(opens(fixture, DB_INDEX, DB_WRITE, &err));
	die_half_way(fixture, "user.db", "PRAGMA journal_mode = TRUNCATE");
	assert_int_equal(chmod(file(fixture, "user.db-journal"), 0644), 0);
	in_a_fixed_folder(fixture, is_told_as_not_closed);
}

static void moving_aside_makes_room(void **state)
{
	struct fixture *fixture = *state;
	struct error err = { 0 };
	struct stat info;
	assert_true(opens(fixture, DB_INDEX, DB_WRITE, &err));
	scribble(fixture, "index.db", 0, 100);
	assert_false(opens(fixture, DB_INDEX, DB_WRITE, &err));
	assert_true(db_move_aside(fixture->dir, DB_INDEX, &err));
	assert_int_equal(stat(file(fixture, "index.db.damaged"), &info), 0);
	assert_true(opens(fixture, DB_INDEX, DB_WRITE, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(new_files_are_private, setup, teardown),
		cmocka_unit_test_setup_teardown(absent_files_read_as_empty_and_are_not_made, setup,
						teardown),
		cmocka_unit_test_setup_teardown(one_file_is_read_without_the_other, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			a_closed_library_is_read_where_nothing_can_be_written, setup, teardown),
		cmocka_unit_test_setup_teardown(every_statement_can_be_prepared, setup, teardown),
		cmocka_unit_test_setup_teardown(rows_are_written_without_a_table_of_their_own,
						setup, teardown),
		cmocka_unit_test_setup_teardown(another_programs_file_is_left_alone, setup,
						teardown),
		cmocka_unit_test_setup_teardown(what_holds_nothing_is_made_again, setup, teardown),
		cmocka_unit_test_setup_teardown(another_programs_mark_is_enough, setup, teardown),
		cmocka_unit_test_setup_teardown(a_newer_file_is_not_written, setup, teardown),
		cmocka_unit_test_setup_teardown(every_old_user_db_is_brought_up_to_date, setup,
						teardown),
		cmocka_unit_test_setup_teardown(an_index_is_brought_up_to_date, setup, teardown),
		cmocka_unit_test_setup_teardown(junk_is_called_damaged, setup, teardown),
		cmocka_unit_test_setup_teardown(damage_is_looked_for_after_a_crash, setup,
						teardown),
		cmocka_unit_test_setup_teardown(user_db_is_looked_at_after_a_crash_alone, setup,
						teardown),
		cmocka_unit_test_setup_teardown(half_a_change_is_taken_back_by_who_reads, setup,
						teardown),
		cmocka_unit_test_setup_teardown(half_a_making_reads_as_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(half_a_change_is_told_where_nothing_can_be_written,
						setup, teardown),
		cmocka_unit_test_setup_teardown(moving_aside_makes_room, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
