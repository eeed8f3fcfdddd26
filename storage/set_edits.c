// SPDX-License-Identifier: MIT
#include "storage/set_edits.h"

#include "storage/user/operations.h"
#include "storage/user/sets.h"
#include "storage/user/subjects.h"

/* One change of one set. */
struct edit {
	struct store *store;
	const struct set_change *change;
	struct roots roots;
	int64_t set;
	bool changed;
};

static bool fail_unknown(struct str name, struct error *err)
{
	return error_set(err, ERROR_USAGE, NULL, "%.*s: there is no set of that name",
			 STR_ARG(name));
}

static bool put_all(struct edit *edit, struct error *err)
{
	const struct set_change *change = edit->change;
	struct db *user = edit->store->user;
	int64_t subject = change->checkpoint_subject;
	if (change->checkpoint &&
	    !store_subject(edit->store, &edit->roots, change->checkpoint, &subject, err))
		return false;
	if (subject && !sets_choose(user, edit->set, subject, &edit->changed, err))
		return false;
	for (size_t i = 0; i < change->n_loras; i++) {
		const struct set_put *lora = &change->loras[i];
		subject = lora->subject;
		if ((lora->id &&
		     !store_subject(edit->store, &edit->roots, lora->id, &subject, err)) ||
		    !sets_put(user, edit->set, subject, &lora->weights, &edit->changed, err))
			return false;
	}
	return true;
}

static bool make(struct edit *edit, struct str name, struct error *err)
{
	edit->changed = true;
	return sets_add(edit->store->user, name, &edit->set, err);
}

static bool replace_all(struct edit *edit, struct error *err)
{
	edit->changed = true;
	return (edit->set || make(edit, edit->change->name, err)) &&
	       sets_empty(edit->store->user, edit->set, err) &&
	       sets_choose(edit->store->user, edit->set, 0, &edit->changed, err) &&
	       put_all(edit, err);
}

static bool copy(struct edit *edit, struct error *err)
{
	int64_t from = edit->set;
	return make(edit, edit->change->other, err) &&
	       sets_copy(edit->store->user, from, edit->set, err);
}

static bool take_all(struct edit *edit, struct error *err)
{
	const struct set_change *change = edit->change;
	for (size_t i = 0; i < change->n_subjects; i++) {
		if (!sets_take(edit->store->user, edit->set, change->subjects[i], &edit->changed,
			       err))
			return false;
	}
	return true;
}

static bool tag(struct edit *edit, struct error *err)
{
	const struct set_change *change = edit->change;
	struct db *user = edit->store->user;
	for (size_t i = 0; i < change->n_add; i++) {
		if (!sets_tag(user, edit->set, change->add[i], &edit->changed, err))
			return false;
	}
	for (size_t i = 0; i < change->n_remove; i++) {
		if (!sets_untag(user, edit->set, change->remove[i], &edit->changed, err))
			return false;
	}
	return true;
}

static bool apply(struct edit *edit, struct error *err)
{
	const struct set_change *change = edit->change;
	struct db *user = edit->store->user;
	switch (change->action) {
	case SET_NEW:
		return make(edit, change->name, err) && put_all(edit, err) && tag(edit, err) &&
		       (!change->other.ptr ||
			sets_note(user, edit->set, change->other, &edit->changed, err));
	case SET_COPY: return copy(edit, err);
	case SET_RENAME:
		edit->changed = true;
		return sets_rename(user, edit->set, change->other, err);
	case SET_DELETE: edit->changed = true; return sets_delete(user, edit->set, err);
	case SET_PUT: return change->is_all ? replace_all(edit, err) : put_all(edit, err);
	case SET_TAKE: return take_all(edit, err);
	case SET_NOTE: return sets_note(user, edit->set, change->other, &edit->changed, err);
	case SET_TAG: return tag(edit, err);
	}
	return true;
}

static bool needs_no_set(const struct set_change *change)
{
	return change->action == SET_NEW || (change->action == SET_PUT && change->is_all);
}

/* "rename old to new" */
static struct str words(const struct set_change *change, struct arena *arena)
{
	static const char *const actions[] = {
		[SET_NEW] = "new",       [SET_COPY] = "copy", [SET_RENAME] = "rename",
		[SET_DELETE] = "delete", [SET_PUT] = "put",   [SET_TAKE] = "take",
		[SET_NOTE] = "note",     [SET_TAG] = "tag",
	};
	bool has_other = change->action == SET_COPY || change->action == SET_RENAME;
	return str_from(arena_printf(arena, "%s %.*s%s%.*s", actions[change->action],
				     STR_ARG(change->name), has_other ? " to " : "",
				     has_other ? (int)change->other.len : 0,
				     has_other ? change->other.ptr : ""));
}

static bool change_set(struct edit *edit, struct request *request, struct edit_result *result,
		       struct error *err)
{
	struct operation operation = {
		.what = STR("set"),
		.words = words(edit->change, &request->arena),
		.at_s = store_now_s(),
		.is_asked = true,
		.n_changed = 1,
	};
	if (!operation_begin(edit->store->user, err))
		return false;
	if (!apply(edit, err)) {
		operation_rollback(edit->store->user);
		return false;
	}
	return operation_commit(edit->store->user, &operation, &result->operation, err);
}

bool set_edits_change(struct store *store, struct request *request, struct edit_result *result,
		      struct error *err)
{
	struct edit edit = { .store = store, .change = &request->as.set };
	edit.set = sets_find(store->user, edit.change->name);
	if (!edit.set && !needs_no_set(edit.change))
		return fail_unknown(edit.change->name, err);
	if (!store_roots(store, &request->arena, &edit.roots, err) ||
	    !change_set(&edit, request, result, err))
		return false;
	result->n_changed = edit.changed;
	if (edit.changed)
		store_tell(store);
	return true;
}
