// SPDX-License-Identifier: MIT
#include "storage/user/roots.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/base/user_text.h"
#include "storage/user/subjects.h"

enum { NAME_BYTES_MAX = 64, NAME_TRIES = 1000 };

static bool load_named(struct db *user, struct arena *arena, struct array *list, struct error *err)
{
	sqlite3_stmt *rows = db_bind(user, SQL_ROOTS, NULL, 0, err);
	while (rows && db_next(rows, err)) {
		*ARRAY_PUSH(list, struct root) = (struct root){
			.id = sqlite3_column_int64(rows, 0),
			.name = db_column_copy(rows, 1, arena),
			.path = db_column_copy(rows, 2, arena),
			.fingerprint = STR(""),
			.is_online = true,
		};
	}
	return err->code == ERROR_NONE;
}

static struct root *find(const struct array *list, int64_t id)
{
	for (size_t i = 0; i < list->len; i++) {
		struct root *root = ARRAY_AT(list, struct root, i);
		if (root->id == id)
			return root;
	}
	return NULL;
}

/* A state of another path is of another root that once had the id. */
static bool load_states(struct db *index, struct arena *arena, struct array *list,
			struct error *err)
{
	sqlite3_stmt *rows = db_bind(index, SQL_ROOT_STATES, NULL, 0, err);
	while (rows && db_next(rows, err)) {
		struct root *root = find(list, sqlite3_column_int64(rows, 0));
		if (!root || !str_equal(root->path, db_column(rows, 1)))
			continue;
		root->fingerprint = db_column_copy(rows, 2, arena);
		root->is_online = sqlite3_column_int(rows, 3) != 0;
		root->last_scan_s = sqlite3_column_int64(rows, 4);
	}
	return err->code == ERROR_NONE;
}

bool roots_load(struct db *user, struct db *index, struct arena *arena, struct roots *out,
		struct error *err)
{
	struct array list = ARRAY_OF(struct root);
	bool ok = load_named(user, arena, &list, err) && load_states(index, arena, &list, err);
	if (ok)
		*out = (struct roots){ array_to_arena(&list, arena), list.len };
	array_finish(&list);
	return ok;
}

const struct root *roots_find(const struct roots *roots, int64_t id)
{
	for (size_t i = 0; i < roots->n; i++) {
		if (roots->list[i].id == id)
			return &roots->list[i];
	}
	return NULL;
}

const struct root *roots_locate(const struct roots *roots, struct str path, struct str *rest)
{
	const struct root *best = NULL;
	for (size_t i = 0; i < roots->n; i++) {
		const struct root *root = &roots->list[i];
		struct str below = path;
		bool is_top = str_equal(root->path, STR("/"));
		if (!str_cut_prefix(&below, root->path) ||
		    (!is_top && !str_cut_prefix(&below, STR("/"))) ||
		    (best && root->path.len < best->path.len))
			continue;
		best = root;
		*rest = below;
	}
	return best;
}

const struct root *roots_find_named(const struct roots *roots, struct str name_or_path)
{
	for (size_t i = 0; i < roots->n; i++) {
		if (str_equal(roots->list[i].name, name_or_path))
			return &roots->list[i];
	}
	while (name_or_path.len > 1 && str_cut_suffix(&name_or_path, STR("/")))
		;
	for (size_t i = 0; i < roots->n; i++) {
		if (str_equal(roots->list[i].path, name_or_path))
			return &roots->list[i];
	}
	return NULL;
}

bool root_is_away(const struct root *root, struct error *err)
{
	struct arena scratch = { 0 };
	bool is_away = !root->is_online || access(arena_cstr(&scratch, root->path), F_OK) != 0;
	if (is_away)
		error_set(err, ERROR_OFFLINE, NULL, "the root \"%.*s\" (%.*s) is offline",
			  STR_ARG(root->name), STR_ARG(root->path));
	arena_finish(&scratch);
	return is_away;
}

bool roots_are_away(const struct roots *roots, struct str path, struct error *err)
{
	struct str rest;
	for (size_t i = 0; i < roots->n; i++)
		if (path_is_below(path, roots->list[i].path, &rest) &&
		    root_is_away(&roots->list[i], err))
			return true;
	return false;
}

/* Absolute, without "." and "..", links unresolved where the person wrote them. */
bool roots_settle_path(struct str path, struct arena *arena, struct str *out, struct error *err)
{
	struct stat state;
	char *given = arena_cstr(arena, path);
	if (stat(given, &state) != 0)
		return error_set(err, errno == ENOENT ? ERROR_USAGE : ERROR_OFFLINE, NULL,
				 "%s: there is no such folder (or it cannot be reached)", given);
	if (!S_ISDIR(state.st_mode))
		return error_set(err, ERROR_USAGE, NULL, "%s: this is no folder", given);
	*out = path;
	while (out->len > 1 && str_cut_suffix(out, STR("/")))
		;
	if (str_has_prefix(*out, STR("/")) && str_find(*out, STR("/../")) < 0 &&
	    str_find(*out, STR("/./")) < 0 && str_find(*out, STR("//")) < 0 &&
	    !str_has_suffix(*out, STR("/..")) && !str_has_suffix(*out, STR("/.")))
		return true;
	char *real = realpath(given, NULL);
	if (!real)
		return error_system(err, errno, "%s", given);
	*out = arena_str(arena, str_from(real));
	free(real);
	return true;
}

static bool is_taken(struct db *user, struct str name)
{
	struct db_value value = db_text(name);
	return db_first_int(user, SQL_ROOT_BY_NAME, &value, 1, 0) != 0;
}

static struct str choose_name(struct db *user, struct str path, struct arena *arena)
{
	struct str base = str_after_last(path, '/');
	if (base.len == 0)
		base = STR("root");
	base = str_slice(base, 0, base.len < NAME_BYTES_MAX ? base.len : NAME_BYTES_MAX);
	struct str name = arena_str(arena, base);
	for (unsigned i = 2; is_taken(user, name) && i < NAME_TRIES; i++)
		name = arena_strf(arena, "%.*s-%u", STR_ARG(base), i);
	return name;
}

static bool is_root(struct db *user, struct str path, struct arena *arena, bool *yes,
		    struct error *err)
{
	struct array list = ARRAY_OF(struct root);
	bool ok = load_named(user, arena, &list, err);
	*yes = false;
	for (size_t i = 0; ok && i < list.len; i++)
		*yes |= str_equal(ARRAY_AT(&list, struct root, i)->path, path);
	array_finish(&list);
	return ok;
}

/* It becomes a folder's name in templates and archives. */
static bool name_may_be(struct str name, struct str *clean, struct error *err)
{
	return name_check("root", name, clean, err) &&
	       ((str_find_byte(name, '/') < 0 && !str_equal(name, STR(".")) &&
		 !str_equal(name, STR(".."))) ||
		error_set(err, ERROR_USAGE, NULL, "\"%.*s\" cannot be the name of a root",
			  STR_ARG(name)));
}

bool roots_add(struct db *user, struct str path, struct str name, int64_t now_s, bool *added,
	       struct error *err)
{
	struct arena arena = { 0 };
	struct str settled;
	bool is_old = false;
	bool ok = roots_settle_path(path, &arena, &settled, err) &&
		  is_root(user, settled, &arena, &is_old, err);
	*added = ok && !is_old;
	if (*added) {
		struct str clean;
		if (name.len && !name_may_be(name, &clean, err))
			ok = false;
		else if (name.len && is_taken(user, name))
			ok = error_set(err, ERROR_USAGE, NULL,
				       "another root has this name already: choose another");
		struct str chosen = name.len ? name : choose_name(user, settled, &arena);
		ok = ok && DB_RUN(user, SQL_ROOT_PUT, err, db_text(chosen), db_blob(settled),
				  db_int(now_s));
	}
	arena_finish(&arena);
	return ok;
}

static bool list_subjects(struct db *user, int64_t from_id, int64_t to_id, struct arena *arena,
			  struct array *moves, struct error *err)
{
	err->code = ERROR_NONE;
	sqlite3_stmt *rows = DB_BIND(user, SQL_SUBJECTS_OF_ROOT, err, db_int(from_id));
	while (rows && db_next(rows, err)) {
		struct str path = db_column_copy(rows, 0, arena);
		*ARRAY_PUSH(moves, struct subject_move) = (struct subject_move){
			.old_root_id = from_id,
			.old_path = path,
			.new_root_id = to_id,
			.new_path = path,
		};
	}
	return err->code == ERROR_NONE;
}

/* Only a root that was removed can be at the path still. */
static bool take_over(struct db *user, int64_t id, struct str path, struct error *err)
{
	struct db_value place = db_blob(path);
	int64_t removed = db_first_int(user, SQL_ROOT_AT, &place, 1, 0);
	struct arena arena = { 0 };
	struct array moves = ARRAY_OF(struct subject_move);
	bool ok = !removed || (list_subjects(user, removed, id, &arena, &moves, err) &&
			       subjects_move(user, moves.ptr, moves.len, err) &&
			       DB_RUN(user, SQL_ROOT_ERASE, err, db_int(removed)));
	array_finish(&moves);
	arena_finish(&arena);
	return ok;
}

bool roots_relocate(struct db *user, int64_t id, struct str path, struct error *err)
{
	return take_over(user, id, path, err) &&
	       DB_RUN(user, SQL_ROOT_RELOCATE, err, db_int(id), db_blob(path));
}

bool roots_remove(struct db *user, int64_t id, int64_t now_s, struct error *err)
{
	return DB_RUN(user, SQL_ROOT_REMOVE, err, db_int(id), db_int(now_s));
}

bool roots_store_state(struct db *index, const struct root *root, struct error *err)
{
	return DB_RUN(index, SQL_ROOT_STATE_PUT, err, db_int(root->id), db_blob(root->path),
		      db_blob(root->fingerprint.len ? root->fingerprint : STR("")),
		      db_int(root->is_online), db_int(root->last_scan_s));
}
