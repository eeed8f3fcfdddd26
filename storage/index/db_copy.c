// SPDX-License-Identifier: MIT
#include "storage/index/db_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static bool vacuum_into(sqlite3 *handle, const char *path, struct error *err)
{
	struct db whole = { .handle = handle };
	sqlite3_stmt *statement = NULL;
	bool ok = sqlite3_prepare_v2(handle, "VACUUM INTO ?1", -1, &statement, NULL) == SQLITE_OK &&
		  sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC) == SQLITE_OK &&
		  sqlite3_step(statement) == SQLITE_DONE;
	if (!ok)
		db_error(&whole, err);
	sqlite3_finalize(statement);
	return ok;
}

static bool check(const char *path, struct error *err)
{
	struct db copy = { 0 };
	bool ok = sqlite3_open_v2(path, &copy.handle, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK;
	ok = ok ? db_check(&copy, "main", false, err) : db_error(&copy, err);
	sqlite3_close(copy.handle);
	return ok;
}

static bool sync_path(const char *path, int flags, struct error *err)
{
	int fd = open(path, flags | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;
	int failure = errno;
	if (fd >= 0)
		close(fd);
	return ok || error_system(err, failure, "%s", path);
}

/* SQLite would make the file with the umask's mode; an empty one it takes. A rest of ours goes. */
static bool make_empty(const char *path, struct error *err)
{
	if (unlink(path) != 0 && errno != ENOENT)
		return error_system(err, errno, "%s", path);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_system(err, errno, "%s", path);
	close(fd);
	return true;
}

bool db_copy_settle(const char *path, struct error *err)
{
	struct arena arena = { 0 };
	struct str folder = str_from(path);
	ptrdiff_t slash = str_rfind_byte(folder, '/');
	folder = slash > 0 ? str_slice(folder, 0, (size_t)slash) : slash == 0 ? STR("/") : STR(".");
	bool ok = sync_path(arena_cstr(&arena, folder), O_RDONLY | O_DIRECTORY, err);
	arena_finish(&arena);
	return ok;
}

bool db_copy(sqlite3 *handle, const char *path, struct error *err)
{
	struct arena arena = { 0 };
	struct error ignored = { 0 };
	char *part = arena_printf(&arena, "%s.part", path);
	bool ok = make_empty(part, err) && vacuum_into(handle, part, err) && check(part, err) &&
		  sync_path(part, O_RDONLY, err) &&
		  (rename(part, path) == 0 || error_system(err, errno, "%s", path));
	if (!ok && unlink(part) != 0)
		error_system(&ignored, errno, "%s", part); /* the next copy takes it away */
	ok = ok && db_copy_settle(path, err);
	arena_finish(&arena);
	return ok;
}
