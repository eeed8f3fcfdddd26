// SPDX-License-Identifier: MIT
#include "storage/user/copies.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/write.h"
#include "storage/index/db_copy.h"
#include "storage/user/dump.h"

enum { DAY_S = 86400, MONDAY = 3, NAME_BYTES = 18 }; /* 1970 began on a Thursday */

/* The one that was there is there until the new one is on the disk. */
static bool replace(const char *path, struct str text, struct error *err)
{
	struct arena arena = { 0 };
	char *part = arena_printf(&arena, "%s.part", path);
	int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && write_all(fd, text) && fsync(fd) == 0;
	int failure = errno;
	if (fd >= 0 && close(fd) != 0 && ok) {
		ok = false;
		failure = errno;
	}
	ok = ok ? rename(part, path) == 0 || error_system(err, errno, "%s", path)
		: error_system(err, failure, "%s", part);
	ok = ok && db_copy_settle(path, err);
	arena_finish(&arena);
	return ok;
}

/* A clock that was ahead once does not stop it for ever. */
static bool is_due(const char *path, int64_t now_s)
{
	struct stat state;
	return stat(path, &state) != 0 || now_s - state.st_mtime >= DAY_S ||
	       state.st_mtime - now_s >= DAY_S;
}

static bool keep_dump(struct db *user, const char *data_dir, int64_t now_s, struct error *err)
{
	struct arena arena = { 0 };
	struct bytes text = { 0 };
	char *path = arena_printf(&arena, "%s/user.jsonl", data_dir);
	bool ok = !is_due(path, now_s) ||
		  (dump_write(user, &text, err) && replace(path, bytes_str(&text), err));
	bytes_finish(&text);
	arena_finish(&arena);
	return ok;
}

void copies_choose(const int64_t *days, size_t n, bool *keep)
{
	int64_t week = INT64_MAX;
	size_t n_weeks = 0;
	for (size_t i = 0; i < n; i++) {
		keep[i] = i < COPIES_DAYS;
		if (keep[i] || n_weeks == COPIES_WEEKS || (days[i] + MONDAY) / 7 == week)
			continue;
		week = (days[i] + MONDAY) / 7;
		keep[i] = true;
		n_weeks++;
	}
}

static const char *name_of(int64_t day, struct arena *arena)
{
	struct tm broken;
	time_t time = day * DAY_S;
	char date[32];
	if (!gmtime_r(&time, &broken) || strftime(date, sizeof date, "%Y-%m-%d", &broken) == 0)
		return "user-.db";
	return arena_printf(arena, "user-%s.db", date);
}

/* "user-2026-01-31.db"; all else in the folder is not ours to take away. */
static bool read_name(struct str name, int64_t *day)
{
	struct arena arena = { 0 };
	uint64_t year, month, date;
	if (name.len != NAME_BYTES || !str_to_u64(str_slice(name, 5, 9), &year) ||
	    !str_to_u64(str_slice(name, 10, 12), &month) ||
	    !str_to_u64(str_slice(name, 13, 15), &date))
		return false;
	struct tm broken = { .tm_year = (int)year - 1900,
			     .tm_mon = (int)month - 1,
			     .tm_mday = (int)date };
	*day = timegm(&broken) / DAY_S;
	bool ok = str_equal(name, str_from(name_of(*day, &arena)));
	arena_finish(&arena);
	return ok;
}

static int compare_falling(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x < y) - (x > y);
}

static bool list_days(const char *folder, struct array *days, struct error *err)
{
	DIR *dir = opendir(folder);
	if (!dir)
		return error_system(err, errno, "%s", folder);
	for (struct dirent *entry; (entry = readdir(dir));) {
		int64_t day;
		if (read_name(str_from(entry->d_name), &day))
			*ARRAY_PUSH(days, int64_t) = day;
	}
	closedir(dir);
	if (days->len > 1)
		qsort(days->ptr, days->len, sizeof(int64_t), compare_falling);
	return true;
}

static bool prune(const char *folder, struct arena *arena, struct error *err)
{
	struct array days = ARRAY_OF(int64_t);
	bool ok = list_days(folder, &days, err);
	bool *keep = ARENA_NEW_N(arena, bool, days.len + 1);
	copies_choose(days.ptr, days.len, keep);
	for (size_t i = 0; ok && i < days.len; i++) {
		char *path = arena_printf(arena, "%s/%s", folder,
					  name_of(*ARRAY_AT(&days, int64_t, i), arena));
		ok = keep[i] || unlink(path) == 0 || error_system(err, errno, "%s", path);
	}
	array_finish(&days);
	return ok;
}

static const char *copy_of_today(const char *data_dir, int64_t now_s, struct arena *arena)
{
	return arena_printf(arena, "%s/backups/%s", data_dir, name_of(now_s / DAY_S, arena));
}

bool copies_are_due(struct db *user, const char *data_dir, int64_t now_s)
{
	struct arena arena = { 0 };
	bool is_there = access(copy_of_today(data_dir, now_s, &arena), F_OK) == 0;
	arena_finish(&arena);
	return !is_there && db_first_int(user, SQL_ANYTHING, NULL, 0, 0);
}

static bool keep_copy(struct db *user, const char *data_dir, int64_t now_s, struct error *err)
{
	struct arena arena = { 0 };
	char *folder = arena_printf(&arena, "%s/backups", data_dir);
	const char *path = copy_of_today(data_dir, now_s, &arena);
	bool ok = true;
	if (access(path, F_OK) != 0)
		ok = (mkdir(folder, 0700) == 0 || errno == EEXIST ||
		      error_system(err, errno, "%s", folder)) &&
		     db_copy(user->handle, path, err) && prune(folder, &arena, err);
	arena_finish(&arena);
	return ok;
}

bool copies_keep(struct db *user, const char *data_dir, int64_t now_s, struct error *err)
{
	if (!db_first_int(user, SQL_ANYTHING, NULL, 0, 0))
		return true;
	return keep_dump(user, data_dir, now_s, err) && keep_copy(user, data_dir, now_s, err);
}
