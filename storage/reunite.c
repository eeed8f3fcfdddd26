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
	bool is_missing;         /* the file at its place */
	bool has_words;          /* something is attached to it */
	bool is_asked;           /* it may be one of several */
};

struct reunion {
	struct store *store;
	const struct roots *roots;
	struct fresh_files *fresh;
	struct arena *arena;
	struct array lost;    /* struct lost */
	struct array by_size; /* struct fresh_file *: what was read */
	struct array present; /* the same: all that is there, once it is wanted */
	bool has_present;
	size_t n_hashed;
	uint64_t n_asked;
};

void fresh_files_init(struct fresh_files *fresh)
{
	*fresh = (struct fresh_files){ .list = ARRAY_OF(struct fresh_file),
				       .gone = ARRAY_OF(uint32_t) };
}

void fresh_files_finish(struct fresh_files *fresh)
{
	array_finish(&fresh->list);
	array_finish(&fresh->gone);
	arena_finish(&fresh->arena);
}

void fresh_files_add(struct fresh_files *fresh, uint32_t id, bool was_known, uint64_t size_bytes)
{
	*ARRAY_PUSH(&fresh->list, struct fresh_file) =
		(struct fresh_file){ .id = id, .was_known = was_known, .size_bytes = size_bytes };
}

void fresh_files_gone(struct fresh_files *fresh, uint32_t id)
{
	*ARRAY_PUSH(&fresh->gone, uint32_t) = id;
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
static bool is_home(struct reunion *reunion, const struct lost *subject)
{
	struct fresh_file *file = find_fresh(reunion->fresh, subject->old_id);
	if (!subject->old_id || subject->is_missing)
		return false;
	if (!file)
		return true;
	if (file->size_bytes != subject->size_bytes)
		return false;
	/* New to this index but of the same size: nobody says that it is another one. */
	const char *hash = file->was_known ? hash_of(reunion, file) : NULL;
	return !hash || str_equal(str_from(hash), subject->quick_hash);
}

static bool find_place(struct reunion *reunion, struct lost *subject, struct error *err)
{
	sqlite3_stmt *row =
		DB_BIND(reunion->store->index, SQL_SEEN_FIND, err,
			db_int(subject->move.old_root_id), db_blob(subject->move.old_path));
	if (!row || !db_next(row, err))
		return err->code == ERROR_NONE;
	subject->old_id = (uint32_t)sqlite3_column_int64(row, 0);
	subject->is_missing = sqlite3_column_int(row, 1) != 0;
	db_reset(row);
	return true;
}

static bool list_lost(struct reunion *reunion, struct error *err)
{
	bool ok = true;
	sqlite3_stmt *rows = db_bind(reunion->store->user, SQL_SUBJECTS_WITH_CONTENT, NULL, 0, err);
	while (ok && rows && db_next(rows, err)) {
		bool was_given = sqlite3_column_int(rows, 4);
		struct lost subject = {
			.move.old_root_id = sqlite3_column_int64(rows, 0),
			.move.old_path = db_column_copy(rows, 1, reunion->arena),
			.size_bytes = (uint64_t)sqlite3_column_int64(rows, 2),
			.quick_hash = db_column_copy(rows, 3, reunion->arena),
			.has_words = sqlite3_column_int(rows, 5),
		};
		ok = find_place(reunion, &subject, err);
		/* The file that stayed has it as well; this is for the copy, should it come back. */
		if (was_given && (!subject.old_id || subject.is_missing))
			continue;
		if (ok && !is_home(reunion, &subject))
			*ARRAY_PUSH(&reunion->lost, struct lost) = subject;
	}
	if (rows && !ok)
		db_reset(rows);
	return ok && err->code == ERROR_NONE;
}

static int compare_sizes(const void *a, const void *b)
{
	const struct fresh_file *left = *(struct fresh_file *const *)a,
				*right = *(struct fresh_file *const *)b;
	int order = (left->size_bytes > right->size_bytes) - (left->size_bytes < right->size_bytes);
	return order ? order : compare_ids(left, right);
}

static void list_by_size(struct reunion *reunion)
{
	struct array *list = &reunion->by_size;
	for (size_t i = 0; i < reunion->fresh->list.len; i++)
		*ARRAY_PUSH(list, struct fresh_file *) =
			ARRAY_AT(&reunion->fresh->list, struct fresh_file, i);
	if (list->len > 0)
		qsort(list->ptr, list->len, sizeof(struct fresh_file *), compare_sizes);
}

/** The first of a list by size that is not smaller. */
static size_t first_of_size(const struct array *list, uint64_t size_bytes)
{
	size_t low = 0, high = list->len;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if ((*ARRAY_AT(list, struct fresh_file *, middle))->size_bytes < size_bytes)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void find_content(struct reunion *reunion, const struct array *list, struct lost *subject)
{
	for (size_t i = first_of_size(list, subject->size_bytes); i < list->len; i++) {
		struct fresh_file *file = *ARRAY_AT(list, struct fresh_file *, i);
		if (file->size_bytes != subject->size_bytes)
			break;
		const char *hash = file->id == subject->old_id ? NULL : hash_of(reunion, file);
		if (!hash || !str_equal(str_from(hash), subject->quick_hash))
			continue;
		subject->is_asked |= subject->new_id != 0;
		if (!subject->new_id)
			subject->new_id = file->id;
	}
}

/** Those that were read are in the other list. */
static bool list_present(struct reunion *reunion, struct error *err)
{
	if (reunion->has_present)
		return true;
	reunion->has_present = true;
	sqlite3_stmt *rows = db_bind(reunion->store->index, SQL_MODELS_BY_SIZE, NULL, 0, err);
	while (rows && db_next(rows, err)) {
		uint32_t id = (uint32_t)sqlite3_column_int64(rows, 0);
		if (find_fresh(reunion->fresh, id))
			continue;
		struct fresh_file *file = ARENA_NEW(reunion->arena, struct fresh_file);
		file->id = id;
		file->size_bytes = (uint64_t)sqlite3_column_int64(rows, 1);
		*ARRAY_PUSH(&reunion->present, struct fresh_file *) = file;
	}
	return rows && err->code == ERROR_NONE;
}

/** Was it there until this scan? What went before, or went by our own hand, stays as it is. */
static bool went_now(const struct reunion *reunion, const struct lost *subject)
{
	for (size_t i = 0; subject->old_id && i < reunion->fresh->gone.len; i++)
		if (*ARRAY_AT(&reunion->fresh->gone, uint32_t, i) == subject->old_id)
			return true;
	return false;
}

static bool find_home(struct reunion *reunion, struct lost *subject, struct error *err)
{
	find_content(reunion, &reunion->by_size, subject);
	if (subject->new_id || !went_now(reunion, subject))
		return true;
	if (!list_present(reunion, err))
		return false;
	/* Whoever made copies of it knew them already: any of them will do. */
	find_content(reunion, &reunion->present, subject);
	subject->is_asked = false;
	return true;
}

/* It was written over before it went, so what it was then is nowhere; but what it was before that may
   have come back. Whose the words are then, only a person knows. */
static bool find_former(struct reunion *reunion, struct lost *subject, struct error *err)
{
	sqlite3_stmt *rows =
		DB_BIND(reunion->store->user, SQL_FORMERS, err, db_int(subject->move.old_root_id),
			db_blob(subject->move.old_path));
	while (rows && db_next(rows, err)) {
		struct lost before = {
			.size_bytes = (uint64_t)sqlite3_column_int64(rows, 0),
			.quick_hash = db_column_copy(rows, 1, reunion->arena),
		};
		find_content(reunion, &reunion->by_size, &before);
		if (went_now(reunion, subject))
			find_content(reunion, &reunion->present, &before);
		if (before.new_id) {
			subject->new_id = before.new_id;
			subject->is_asked = true;
		}
	}
	return rows && err->code == ERROR_NONE;
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

static bool is_gone(const struct lost *subject)
{
	return !subject->old_id || subject->is_missing;
}

/** What is attached to a file that is there stays visible there, so any copy may have it as well. */
static bool must_ask(const struct lost *subject)
{
	return subject->new_id && subject->is_asked && is_gone(subject);
}

static bool list_moves(struct reunion *reunion, struct array *moves, struct error *err)
{
	err->code = ERROR_NONE;
	find_twins(reunion);
	for (size_t i = 0; i < reunion->lost.len; i++) {
		struct lost *subject = ARRAY_AT(&reunion->lost, struct lost, i);
		struct model_place place;
		if (!find_home(reunion, subject, err) ||
		    (!subject->new_id && is_gone(subject) && !find_former(reunion, subject, err)))
			return false;
		bool asks = must_ask(subject);
		reunion->n_asked += asks && subject->has_words;
		if (!subject->new_id || asks ||
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

/** What was written over in place is what people see there: it is found by that from now on. */
static bool learn(struct reunion *reunion, struct error *err)
{
	struct db *user = reunion->store->user;
	bool ok = db_begin(user, err);
	for (size_t i = 0; ok && i < reunion->lost.len; i++) {
		const struct lost *subject = ARRAY_AT(&reunion->lost, struct lost, i);
		struct fresh_file *file = find_fresh(reunion->fresh, subject->old_id);
		if (subject->new_id || !subject->old_id || subject->is_missing || !file ||
		    !hash_of(reunion, file))
			continue;
		struct subject_place place = { .root_id = subject->move.old_root_id,
					       .path = subject->move.old_path,
					       .size_bytes = file->size_bytes };
		ok = subject_change(user, &place, str_from(file->hash), err);
	}
	ok = ok && db_commit(user, err);
	if (!ok)
		db_rollback(user);
	return ok;
}

static bool carry_out(struct reunion *reunion, struct error *err)
{
	struct array moves = ARRAY_OF(struct subject_move);
	list_by_size(reunion);
	bool ok = list_moves(reunion, &moves, err);
	if (ok && moves.len > 0) {
		ok = subjects_relink(reunion->store->user, moves.ptr, moves.len, store_now_s(),
				     err);
		if (ok)
			store_tell(reunion->store);
	}
	array_finish(&moves);
	return ok && learn(reunion, err);
}

bool reunite(struct store *store, const struct roots *roots, struct fresh_files *fresh,
	     uint64_t *n_asked, struct error *err)
{
	struct arena arena = { 0 };
	struct reunion reunion = { .store = store,
				   .roots = roots,
				   .fresh = fresh,
				   .arena = &arena,
				   .lost = ARRAY_OF(struct lost),
				   .by_size = ARRAY_OF(struct fresh_file *),
				   .present = ARRAY_OF(struct fresh_file *) };
	*n_asked = 0;
	if (fresh->list.len == 0 && fresh->gone.len == 0)
		return true;
	if (fresh->list.len > 0)
		qsort(fresh->list.ptr, fresh->list.len, sizeof(struct fresh_file), compare_ids);
	bool ok = list_lost(&reunion, err) && (reunion.lost.len == 0 || carry_out(&reunion, err));
	*n_asked = reunion.n_asked;
	array_finish(&reunion.lost);
	array_finish(&reunion.by_size);
	array_finish(&reunion.present);
	arena_finish(&arena);
	return ok;
}
