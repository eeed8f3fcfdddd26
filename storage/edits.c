// SPDX-License-Identifier: MIT
#include "storage/edits.h"

#include "storage/user/subjects.h"
#include "storage/user/tags.h"

struct tag_edit {
	struct store *store;
	struct roots roots;
	const struct str *add, *remove;
	size_t n_add, n_remove;
};

static bool check_tags(const struct str *raw, size_t n, struct arena *arena,
		       const struct str **out, struct error *err)
{
	struct str *tags = ARENA_NEW_N(arena, struct str, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (!tag_check(raw[i], &tags[i], err))
			return false;
	}
	*out = tags;
	return true;
}

static bool edit_subject(const struct tag_edit *edit, int64_t subject_id, bool *changed,
			 struct error *err)
{
	struct db *user = edit->store->user;
	bool once;
	for (size_t i = 0; i < edit->n_add; i++) {
		if (!tag_add(user, subject_id, edit->add[i], &once, err))
			return false;
		*changed |= once;
	}
	for (size_t i = 0; i < edit->n_remove; i++) {
		if (!tag_remove(user, subject_id, edit->remove[i], &once, err))
			return false;
		*changed |= once;
	}
	return true;
}

/* Taking a tag off a file that nothing is attached to changes nothing: no subject is made for it. */
static bool edit_model(const struct tag_edit *edit, uint32_t id, bool *changed, struct error *err)
{
	struct store *store = edit->store;
	struct arena arena = { 0 };
	struct model_place place;
	int64_t subject_id = 0;
	*changed = false;
	err->code = ERROR_NONE;
	bool is_there = models_place(&store->models, id, &arena, &place, err);
	bool ok = err->code == ERROR_NONE;
	if (is_there && (edit->n_add > 0 || subject_find(store->user, place.root_id, place.path))) {
		const struct root *root = roots_find(&edit->roots, place.root_id);
		struct subject_place subject = {
			.root_id = place.root_id, .path = place.path, .size_bytes = place.size_bytes,
			.root_path = root ? root->path : STR(""),
		};
		ok = subject_place(store->user, &subject, &subject_id, err)
			&& edit_subject(edit, subject_id, changed, err);
	}
	arena_finish(&arena);
	return ok;
}

static bool edit_models(const struct tag_edit *edit, const struct request *request,
			uint64_t *n_changed, struct error *err)
{
	struct store *store = edit->store;
	bool ok = db_begin(store->user, err);
	for (size_t i = 0; ok && i < request->as.tag.n_ids; i++) {
		bool changed;
		ok = edit_model(edit, request->as.tag.ids[i], &changed, err);
		if (ok && changed) {
			++*n_changed;
			*ARRAY_PUSH(&store->changed, uint32_t) = request->as.tag.ids[i];
		}
	}
	ok = ok && db_commit(store->user, err);
	if (!ok)
		db_rollback(store->user);
	return ok;
}

bool edits_tag(struct store *store, struct request *request, uint64_t *n_changed,
	       struct error *err)
{
	struct tag_edit edit = { .store = store, .n_add = request->as.tag.n_add,
				 .n_remove = request->as.tag.n_remove };
	if (!check_tags(request->as.tag.add, edit.n_add, &request->arena, &edit.add, err)
	    || !check_tags(request->as.tag.remove, edit.n_remove, &request->arena, &edit.remove, err)
	    || !store_roots(store, &request->arena, &edit.roots, err)
	    || !edit_models(&edit, request, n_changed, err))
		return false;
	if (*n_changed > 0)
		store_tell(store);
	return true;
}
