// SPDX-License-Identifier: MIT
#include "storage/relink.h"

#include <string.h>

#include "storage/corrected.h"
#include "storage/user/operations.h"
#include "storage/user/subjects.h"

/** Where a file is, as both databases know it. */
struct place {
	const struct root *root;
	struct str path;
	uint32_t id; /* 0: the index knows none there */
	bool is_missing;
	uint64_t former_bytes;       /* its size, where its file was the other's once */
	char former[SHA256_HEX + 1]; /* its quick hash then; else empty */
};

static bool find_place(struct store *store, const struct roots *roots, struct str path,
		       struct place *out, struct error *err)
{
	*out = (struct place){ 0 };
	out->root = roots_locate(roots, path, &out->path);
	if (!out->root)
		return error_set(err, ERROR_USAGE, NULL, "%.*s: this lies in no root",
				 STR_ARG(path));
	err->code = ERROR_NONE;
	sqlite3_stmt *row = DB_BIND(store->index, SQL_SEEN_FIND, err, db_int(out->root->id),
				    db_blob(out->path));
	if (row && db_next(row, err)) {
		out->id = (uint32_t)sqlite3_column_int64(row, 0);
		out->is_missing = sqlite3_column_int(row, 1) != 0;
		db_reset(row);
	}
	return err->code == ERROR_NONE;
}

static bool fail(struct error *err, struct str path, const char *why)
{
	return error_set(err, ERROR_USAGE, NULL, "%.*s: %s", STR_ARG(path), why);
}

static void note_former(sqlite3_stmt *row, const char *hex, struct place *to)
{
	if (!sqlite3_column_int(row, 2))
		return;
	to->former_bytes = (uint64_t)sqlite3_column_int64(row, 1);
	memcpy(to->former, hex, sizeof to->former);
}

/* The content that the gone one has, or had before it was written over. */
static bool has_content(struct store *store, const struct place *from, struct place *to,
			struct error *err)
{
	char hex[SHA256_HEX + 1];
	bool is_known = false, is_same = false;
	bool is_read = subject_quick_hash(to->root->path, to->path, hex);
	err->code = ERROR_NONE;
	sqlite3_stmt *rows = DB_BIND(store->user, SQL_SUBJECT_CONTENT, err, db_int(from->root->id),
				     db_blob(from->path));
	while (!is_same && rows && db_next(rows, err)) {
		is_known = true;
		is_same = is_read && str_equal(db_column(rows, 0), str_from(hex));
		if (is_same)
			note_former(rows, hex, to);
	}
	if (is_same)
		db_reset(rows);
	if (err->code != ERROR_NONE)
		return false;
	return is_same || fail(err, is_known ? to->path : from->path,
			       is_known ? "its content is another" : "nothing is attached to it");
}

static bool check(struct store *store, const struct place *from, struct place *to,
		  struct error *err)
{
	if (from->id && !from->is_missing)
		return fail(err, from->path, "it is not gone");
	if (!to->id || to->is_missing)
		return fail(err, to->path, "there is no model");
	return has_content(store, from, to, err);
}

/* By what it is from now on, was found out by no person. */
static bool learn(struct store *store, const struct place *to, struct error *err)
{
	struct subject_place place = { .root_id = to->root->id,
				       .path = to->path,
				       .size_bytes = to->former_bytes };
	if (!to->former[0])
		return true;
	operation_pause(store->user, true);
	bool ok = subject_change(store->user, &place, str_from(to->former), err);
	operation_pause(store->user, false);
	return ok;
}

static bool move(struct store *store, const struct place *from, const struct place *to,
		 const struct operation *operation, struct edit_result *result, struct error *err)
{
	struct subject_move move = {
		.old_root_id = from->root->id,
		.old_path = from->path,
		.new_root_id = to->root->id,
		.new_path = to->path,
	};
	if (!operation_begin(store->user, err))
		return false;
	if (subjects_move(store->user, &move, 1, err) && learn(store, to, err))
		return operation_commit(store->user, operation, &result->operation, err);
	operation_rollback(store->user);
	return false;
}

bool relink_model(struct store *store, struct request *request, struct edit_result *result,
		  struct error *err)
{
	struct roots roots;
	struct place from, to;
	struct operation operation = { .what = STR("moved"),
				       .words = arena_strf(&request->arena, "%.*s -> %.*s",
							   STR_ARG(request->as.relink.from),
							   STR_ARG(request->as.relink.to)),
				       .is_asked = true,
				       .n_changed = 1,
				       .at_s = store_now_s() };
	if (!store_roots(store, &request->arena, &roots, err) ||
	    !find_place(store, &roots, request->as.relink.from, &from, err) ||
	    !find_place(store, &roots, request->as.relink.to, &to, err) ||
	    !check(store, &from, &to, err) || !move(store, &from, &to, &operation, result, err))
		return false;
	result->n_changed = 1;
	*ARRAY_PUSH(&store->changed, uint32_t) = to.id;
	if (from.id)
		*ARRAY_PUSH(&store->changed, uint32_t) = from.id;
	store_tell(store);
	return corrected_update(store, err);
}
