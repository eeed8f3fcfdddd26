// SPDX-License-Identifier: MIT
#include "storage/root_edits.h"

#include <sys/stat.h>

#include "core/base/path.h"
#include "storage/user/operations.h"
#include "storage/user/subjects.h"

/* Of its models so many are looked for, and half of them are enough: some may be gone for good. */
enum { SAMPLE_MODELS = 64 };

/* Nobody's name for a root is passed over in silence. */
static bool check_name(struct store *store, struct request *request, struct error *err)
{
	struct roots roots;
	struct str path = request->as.root.path, name = request->as.root.name;
	if (!name.len)
		return true;
	if (!store_roots(store, &request->arena, &roots, err))
		return false;
	const struct root *root = roots_find_named(&roots, path);
	return !root || str_equal(root->name, name) ||
	       error_set(err, ERROR_USAGE, NULL, "%.*s: this is the root %.*s already",
			 STR_ARG(path), STR_ARG(root->name));
}

bool root_edits_add(struct store *store, struct request *request, struct edit_result *result,
		    struct error *err)
{
	bool added;
	if (!roots_add(store->user, request->as.root.path, request->as.root.name, store_now_s(),
		       &added, err))
		return false;
	if (!added && !check_name(store, request, err))
		return false;
	if (added)
		store_tell(store);
	result->n_changed = added;
	return true;
}

static bool find(struct store *store, struct request *request, struct roots *roots,
		 const struct root **out, struct error *err)
{
	struct str name = request->as.root.name.len ? request->as.root.name : request->as.root.path;
	if (!store_roots(store, &request->arena, roots, err))
		return false;
	*out = roots_find_named(roots, name);
	return *out ||
	       error_set(err, ERROR_USAGE, NULL, "%.*s: there is no such root", STR_ARG(name));
}

/* Rows that stay in index.db when we are killed in between are forgotten at the next start. */
bool root_edits_remove(struct store *store, struct request *request, struct edit_result *result,
		       struct error *err)
{
	struct roots roots;
	const struct root *root;
	if (!find(store, request, &roots, &root, err) ||
	    !roots_remove(store->user, root->id, store_now_s(), err) || !store_begin(store, err))
		return false;
	store->everything_changed = true;
	if (!models_forget_root(&store->models, root->id, err)) {
		store_rollback(store);
		return false;
	}
	result->n_changed = 1;
	return store_commit(store, err);
}

/* The same folder may have many names. */
static bool is_folder_of(const struct root *root, const struct stat *folder, struct arena *arena)
{
	struct stat state;
	return stat(arena_cstr(arena, root->path), &state) == 0 && state.st_dev == folder->st_dev &&
	       state.st_ino == folder->st_ino;
}

static bool check_no_other(const struct roots *roots, const struct root *root, struct str path,
			   struct arena *arena, struct error *err)
{
	struct stat folder;
	if (stat(arena_cstr(arena, path), &folder) != 0)
		return error_set(err, ERROR_OFFLINE, NULL, "%.*s: it cannot be reached",
				 STR_ARG(path));
	for (size_t i = 0; i < roots->n; i++) {
		const struct root *other = &roots->list[i];
		if (other->id != root->id &&
		    (str_equal(other->path, path) || is_folder_of(other, &folder, arena)))
			return error_set(err, ERROR_USAGE, NULL,
					 "%.*s: this is the root %.*s already", STR_ARG(path),
					 STR_ARG(other->name));
	}
	return true;
}

static bool is_there(struct str root_path, struct str path)
{
	struct arena arena = { 0 };
	struct stat state;
	bool is = lstat(path_join(&arena, root_path, path).ptr, &state) == 0;
	arena_finish(&arena);
	return is;
}

/* Evenly over the root, as far as they were there. */
static bool check_sample(struct store *store, const struct root *root, struct str path,
			 struct arena *arena, struct error *err)
{
	struct array known = ARRAY_OF(struct known_file);
	bool ok = models_known(&store->models, root->id, arena, &known, err);
	size_t step = known.len / SAMPLE_MODELS + 1, n = 0, n_there = 0;
	for (size_t i = 0; ok && i < known.len; i += step) {
		const struct known_file *file = ARRAY_AT(&known, struct known_file, i);
		n += !file->is_missing;
		n_there += !file->is_missing && is_there(path, file->path);
	}
	array_finish(&known);
	if (ok && 2 * n_there < n)
		ok = error_set(err, ERROR_USAGE, NULL,
			       "%.*s: of %zu models that were looked for there %zu "
			       "are there; if it is the right folder all the same, say --force",
			       STR_ARG(path), n, n_there);
	return ok;
}

/* It is another folder, so what tells it from others is taken anew by the next scan. */
static bool relocate_index(struct store *store, const struct root *root, struct str path,
			   struct error *err)
{
	struct root moved = *root;
	moved.path = path;
	moved.fingerprint = STR("");
	moved.is_online = true;
	if (!store_begin(store, err))
		return false;
	store->everything_changed = true;
	if (roots_store_state(store->index, &moved, err))
		return store_commit(store, err);
	store_rollback(store);
	return false;
}

/* One operation, which undo takes back: root_edits_may_move, root_edits_follow. */
static bool relocate_user(struct store *store, const struct root *root, struct str path,
			  struct arena *arena, struct edit_result *result, struct error *err)
{
	const struct operation operation = {
		.what = STR("root relocate"),
		.words = arena_strf(arena, "%.*s %.*s -> %.*s", STR_ARG(root->name),
				    STR_ARG(root->path), STR_ARG(path)),
		.is_asked = true,
		.at_s = store_now_s(),
		.n_changed = 1,
	};
	if (!operation_begin(store->user, err))
		return false;
	if (operation_record_roots(store->user, err) &&
	    roots_relocate(store->user, root->id, path, err))
		return operation_commit(store->user, &operation, &result->operation, err);
	operation_rollback(store->user);
	return false;
}

bool root_edits_relocate(struct store *store, struct request *request, struct edit_result *result,
			 struct error *err)
{
	struct arena *arena = &request->arena;
	struct roots roots;
	const struct root *root;
	struct str path;
	if (!find(store, request, &roots, &root, err) ||
	    !roots_settle_path(request->as.root.to, arena, &path, err))
		return false;
	if (str_equal(path, root->path))
		return true;
	if (!check_no_other(&roots, root, path, arena, err) ||
	    (!request->as.root.is_forced && !check_sample(store, root, path, arena, err)) ||
	    !relocate_user(store, root, path, arena, result, err) ||
	    !relocate_index(store, root, path, err))
		return false;
	result->n_changed = 1;
	return true;
}

/* Those that the index knows at another path than user.db does. */
static bool list_moved(struct store *store, struct arena *arena, struct roots *roots,
		       struct array *moved, struct error *err)
{
	if (!store_roots(store, arena, roots, err))
		return false;
	sqlite3_stmt *rows = db_bind(store->index, SQL_ROOT_STATES, NULL, 0, err);
	while (rows && db_next(rows, err)) {
		const struct root *root = roots_find(roots, sqlite3_column_int64(rows, 0));
		if (root && !str_equal(root->path, db_column(rows, 1)))
			*ARRAY_PUSH(moved, const struct root *) = root;
	}
	return err->code == ERROR_NONE;
}

/** What is done about a root that is elsewhere now. */
typedef bool (*moved_fn)(struct store *store, const struct roots *roots, const struct root *moved,
			 struct error *err);

static bool each_moved(struct store *store, moved_fn act, bool *has_moved, struct error *err)
{
	struct arena arena = { 0 };
	struct array moved = ARRAY_OF(const struct root *);
	struct roots roots;
	err->code = ERROR_NONE;
	bool ok = list_moved(store, &arena, &roots, &moved, err);
	for (size_t i = 0; ok && i < moved.len; i++)
		ok = act(store, &roots, *ARRAY_AT(&moved, const struct root *, i), err);
	*has_moved = moved.len > 0;
	array_finish(&moved);
	arena_finish(&arena);
	return ok;
}

static bool may_lie_there(struct store *store, const struct roots *roots, const struct root *moved,
			  struct error *err)
{
	struct arena arena = { 0 };
	(void)store;
	bool ok = check_no_other(roots, moved, moved->path, &arena, err);
	arena_finish(&arena);
	return ok;
}

static bool follow(struct store *store, const struct roots *roots, const struct root *moved,
		   struct error *err)
{
	(void)roots;
	return relocate_index(store, moved, moved->path, err);
}

bool root_edits_may_move(void *context, struct error *err)
{
	bool has_moved;
	return each_moved(context, may_lie_there, &has_moved, err);
}

bool root_edits_follow(struct store *store, bool *has_moved, struct error *err)
{
	return each_moved(store, follow, has_moved, err);
}
