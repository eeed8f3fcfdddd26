// SPDX-License-Identifier: MIT
#include "storage/twins.h"

#include <string.h>

/** What is stored of a file that was hashed: the beginning of struct file_state. */
struct hashed_state {
	uint64_t inode, size_bytes;
	int64_t mtime_ns;
};

static void add(const struct answers *answers, sqlite3_stmt *row, struct arena *arena,
		struct array *out)
{
	struct hashed_state state = { 0 };
	struct str stored = db_column(row, 3);
	int64_t root_id = sqlite3_column_int64(row, 1);
	if (stored.len == sizeof state)
		memcpy(&state, stored.ptr, sizeof state);
	*ARRAY_PUSH(out, struct twin) = (struct twin){
		.id = (uint32_t)sqlite3_column_int64(row, 5),
		.sha256 = db_column_copy(row, 0, arena),
		.path = model_rows_path(&answers->reader, root_id, db_column(row, 2), arena),
		.root = roots_find(&answers->roots, root_id),
		.hashed = { .ino = state.inode,
			    .size_bytes = state.size_bytes,
			    .mtime_ns = state.mtime_ns },
	};
}

static bool find_meant(struct answers *answers, struct str query, struct arena *arena,
		       struct bitmap *meant, struct error *err)
{
	const uint32_t *ids;
	size_t n;
	if (!answers_select(answers, query, arena, &ids, &n, err))
		return false;
	*meant = bitmap_of_ids(arena, ids, n);
	return true;
}

bool twins_read(struct answers *answers, struct str query, struct arena *arena, struct array *out,
		struct error *err)
{
	struct bitmap meant = { 0 };
	bool is_all = str_trim(query).len == 0;
	if (!is_all && !find_meant(answers, query, arena, &meant, err))
		return false;
	err->code = ERROR_NONE;
	sqlite3_stmt *rows = db_bind(answers->db, SQL_DUPLICATES, NULL, 0, err);
	while (rows && db_next(rows, err))
		if (is_all || bitmap_holds(&meant, (size_t)sqlite3_column_int64(rows, 5)))
			add(answers, rows, arena, out);
	return err->code == ERROR_NONE;
}

size_t twins_end(const struct array *twins, size_t first)
{
	const struct twin *list = twins->ptr;
	size_t end = first + 1;
	while (end < twins->len && str_equal(list[end].sha256, list[first].sha256))
		end++;
	return end;
}
