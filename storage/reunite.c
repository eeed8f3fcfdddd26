// SPDX-License-Identifier: MIT
#include "storage/reunite.h"

#include <stdlib.h>
#include <string.h>

#include "storage/user/subjects.h"

struct fresh_file {
	uint32_t id;
	bool was_known, is_unreadable;
	uint64_t size_bytes;
	const char *hash; /* on the arena; NULL: not taken yet */
};

struct lost {
	struct subject_move move;
	uint64_t size_bytes;
	struct str quick_hash;
	uint32_t old_id, new_id; /* 0: none */
	bool has_words;          /* something is attached to it */
	bool is_asked;           /* it may be one of several */
};

struct reunion {
	struct store *store;
	const struct roots *roots;
	struct fresh_files *fresh;
	struct arena *arena;
	struct array lost; /* struct lost */
	size_t n_hashed;
	uint64_t n_asked;
};

void fresh_files_init(struct fresh_files *fresh)
{
	*fresh = (struct fresh_files){ .list = ARRAY_OF(struct fresh_file) };
}

void fresh_files_finish(struct fresh_files *fresh)
{
	array_finish(&fresh->list);
	arena_finish(&fresh->arena);
}

void fresh_files_add(struct fresh_files *fresh, uint32_t id, bool was_known, uint64_t size_bytes)
{
	*ARRAY_PUSH(&fresh->list, struct fresh_file) =
		(struct fresh_file){ .id = id, .was_known = was_known, .size_bytes = size_bytes };
}

static int compare_ids(const void *a, const void *b)
{
	uint32_t left = ((const struct fresh_file *)a)->id,
		 right = ((const struct fresh_file *)b)->id;
	return (left > right) - (left < right);
}

static struct fresh_file *find_fresh(const struct fresh_files *fresh, uint32_t id)
{
	struct fresh_file wanted = { .id = id };
	return fresh->list.len == 0 ? NULL
				    : bsearch(&wanted, fresh->list.ptr, fresh->list.len,
					      sizeof wanted, compare_ids);
}

/* Its quick hash, or NULL when it cannot be read or enough was hashed. */
static const char *hash_of(struct reunion *reunion, struct fresh_file *file)
{
	struct error err = { 0 };
	struct model_place place;
	char hex[SHA256_HEX + 1];
	if (file->hash || file->is_unreadable)
		return file->hash;
	file->is_unreadable = true;
	if (reunion->n_hashed++ >= REUNITE_HASHES_MAX ||
	    !models_place(&reunion->store->models, file->id, reunion->arena, &place, &err))
		return NULL;
	const struct root *root = roots_find(reunion->roots, place.root_id);
	if (root && subject_quick_hash(root->path, place.path, hex))
		file->hash = arena_cstr(&reunion->fresh->arena, str_from(hex));
	return file->hash;
}

/* What the scan read anew is looked at: is it still what people attached something to? */
static bool is_home(struct reunion *reunion, const struct lost *subject, bool is_missing)
{
	struct fresh_file *file = find_fresh(reunion->fresh, subject->old_id);
	if (!subject->old_id || is_missing)
		return false;
	if (!file)
		return true;
	if (file->size_bytes != subject->size_bytes)
		return false;
	/* New to this index but of the same size: nobody says that it is another one. */
	const char *hash = file->was_known ? hash_of(reunion, file) : NULL;
	return !hash || str_equal(str_from(hash), subject->quick_hash);
}

static bool find_place(struct reunion *reunion, struct lost *subject, bool *is_missing,
		       struct error *err)
{
	sqlite3_stmt *row =
		DB_BIND(reunion->store->index, SQL_SEEN_FIND, err,
			db_int(subject->move.old_root_id), db_blob(subject->move.old_path));
	if (!row || !db_next(row, err))
		return err->code == ERROR_NONE;
	subject->old_id = (uint32_t)sqlite3_column_int64(row, 0);
	*is_missing = sqlite3_column_int(row, 1) != 0;
	db_reset(row);
	return true;
}

static bool list_lost(struct reunion *reunion, struct error *err)
{
	bool ok = true;
	sqlite3_stmt *rows = db_bind(reunion->store->user, SQL_SUBJECTS_WITH_CONTENT, NULL, 0, err);
	while (ok && rows && db_next(rows, err)) {
		bool is_missing = false, was_given = sqlite3_column_int(rows, 4);
		struct lost subject = {
			.move.old_root_id = sqlite3_column_int64(rows, 0),
			.move.old_path = db_column_copy(rows, 1, reunion->arena),
			.size_bytes = (uint64_t)sqlite3_column_int64(rows, 2),
			.quick_hash = db_column_copy(rows, 3, reunion->arena),
			.has_words = sqlite3_column_int(rows, 5),
		};
		ok = find_place(reunion, &subject, &is_missing, err);
		/* The file that stayed has it as well; this is for the copy, should it come back. */
		if (was_given && (!subject.old_id || is_missing))
			continue;
		if (ok && !is_home(reunion, &subject, is_missing))
			*ARRAY_PUSH(&reunion->lost, struct lost) = subject;
	}
	if (rows && !ok)
		db_reset(rows);
	return ok && err->code == ERROR_NONE;
}

static void find_content(struct reunion *reunion, struct lost *subject)
{
	for (size_t i = 0; i < reunion->fresh->list.len; i++) {
		struct fresh_file *file = ARRAY_AT(&reunion->fresh->list, struct fresh_file, i);
		if (file->size_bytes != subject->size_bytes || file->id == subject->old_id)
			continue;
		const char *hash = hash_of(reunion, file);
		if (!hash || !str_equal(str_from(hash), subject->quick_hash))
			continue;
		subject->is_asked |= subject->new_id != 0;
		if (!subject->new_id)
			subject->new_id = file->id;
	}
}

static int compare_contents(const void *a, const void *b)
{
	const struct lost *left = a, *right = b;
	int order = str_compare(left->quick_hash, right->quick_hash);
	return order != 0 ? order : right->has_words - left->has_words;
}

/* Two with the same content: those to which nothing is attached are nobody's matter. */
static void find_twins(struct reunion *reunion)
{
	struct lost *list = reunion->lost.ptr;
	qsort(list, reunion->lost.len, sizeof *list, compare_contents);
	for (size_t i = 1; i < reunion->lost.len; i++)
		if (list[i].has_words && list[i - 1].has_words &&
		    str_equal(list[i].quick_hash, list[i - 1].quick_hash))
			list[i].is_asked = list[i - 1].is_asked = true;
}

static bool list_moves(struct reunion *reunion, struct array *moves, struct error *err)
{
	err->code = ERROR_NONE;
	find_twins(reunion);
	for (size_t i = 0; i < reunion->lost.len; i++) {
		struct lost *subject = ARRAY_AT(&reunion->lost, struct lost, i);
		struct model_place place;
		find_content(reunion, subject);
		reunion->n_asked += subject->new_id && subject->is_asked && subject->has_words;
		if (!subject->new_id || subject->is_asked ||
		    !models_place(&reunion->store->models, subject->new_id, reunion->arena, &place,
				  err))
			continue;
		subject->move.new_root_id = place.root_id;
		subject->move.new_path = place.path;
		*ARRAY_PUSH(moves, struct subject_move) = subject->move;
		*ARRAY_PUSH(&reunion->store->changed, uint32_t) = subject->new_id;
		if (subject->old_id)
			*ARRAY_PUSH(&reunion->store->changed, uint32_t) = subject->old_id;
	}
	return err->code == ERROR_NONE;
}

static bool carry_out(struct reunion *reunion, struct error *err)
{
	struct db *user = reunion->store->user;
	struct array moves = ARRAY_OF(struct subject_move);
	bool ok = list_moves(reunion, &moves, err);
	if (ok && moves.len > 0) {
		ok = subjects_relink(user, moves.ptr, moves.len, store_now_s(), err);
		if (ok)
			store_tell(reunion->store);
	}
	array_finish(&moves);
	return ok;
}

bool reunite(struct store *store, const struct roots *roots, struct fresh_files *fresh,
	     uint64_t *n_asked, struct error *err)
{
	struct arena arena = { 0 };
	struct reunion reunion = { .store = store,
				   .roots = roots,
				   .fresh = fresh,
				   .arena = &arena,
				   .lost = ARRAY_OF(struct lost) };
	*n_asked = 0;
	if (fresh->list.len == 0)
		return true;
	qsort(fresh->list.ptr, fresh->list.len, sizeof(struct fresh_file), compare_ids);
	bool ok = list_lost(&reunion, err) && (reunion.lost.len == 0 || carry_out(&reunion, err));
	*n_asked = reunion.n_asked;
	array_finish(&reunion.lost);
	arena_finish(&arena);
	return ok;
}
