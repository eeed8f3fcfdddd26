// SPDX-License-Identifier: MIT
#include "storage/edits.h"

#include "storage/corrected.h"
#include "storage/user/corrections.h"
#include "storage/user/dump.h"
#include "storage/user/operations.h"
#include "storage/user/subjects.h"
#include "storage/user/tags.h"
#include "storage/user/notes.h"

struct edit;

typedef bool (*edit_fn)(const struct edit *edit, int64_t subject_id, bool *changed,
			struct error *err);

/** One change for many models. */
struct edit {
	struct store *store;
	struct roots roots;
	edit_fn apply;
	/* Taking something off a file that nothing is attached to changes nothing: no subject is made
	   for it. */
	bool makes_subjects;
	struct operation operation; /* what it is called, and how many it changed */
	union {
		struct {
			const struct str *add, *remove;
			size_t n_add, n_remove;
		} tags;
		const struct correction_change *change;
		const struct request *words;
	} as;
};

static bool check_tags(const struct str *raw, size_t n, struct arena *arena, const struct str **out,
		       struct error *err)
{
	struct str *tags = ARENA_NEW_N(arena, struct str, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (!tag_check(raw[i], &tags[i], err))
			return false;
	}
	*out = tags;
	return true;
}

static bool apply_tags(const struct edit *edit, int64_t subject_id, bool *changed,
		       struct error *err)
{
	struct db *user = edit->store->user;
	bool once;
	for (size_t i = 0; i < edit->as.tags.n_add; i++) {
		if (!tag_add(user, subject_id, edit->as.tags.add[i], &once, err))
			return false;
		*changed |= once;
	}
	for (size_t i = 0; i < edit->as.tags.n_remove; i++) {
		if (!tag_remove(user, subject_id, edit->as.tags.remove[i], &once, err))
			return false;
		*changed |= once;
	}
	return true;
}

static bool apply_change(const struct edit *edit, int64_t subject_id, bool *changed,
			 struct error *err)
{
	return corrections_change(edit->store->user, subject_id, edit->as.change, store_now_s(),
				  changed, err);
}

static bool edit_model(const struct edit *edit, uint32_t id, bool *changed, struct error *err)
{
	struct store *store = edit->store;
	struct arena arena = { 0 };
	struct model_place place;
	int64_t subject_id = 0;
	*changed = false;
	err->code = ERROR_NONE;
	bool is_there = models_place(&store->models, id, &arena, &place, err);
	bool ok = err->code == ERROR_NONE;
	if (is_there &&
	    (edit->makes_subjects || subject_find(store->user, place.root_id, place.path))) {
		const struct root *root = roots_find(&edit->roots, place.root_id);
		struct subject_place subject = {
			.root_id = place.root_id,
			.path = place.path,
			.size_bytes = place.size_bytes,
			.root_path = root ? root->path : STR(""),
		};
		ok = subject_place(store->user, &subject, &subject_id, err) &&
		     edit->apply(edit, subject_id, changed, err);
	}
	arena_finish(&arena);
	return ok;
}

static bool edit_each(struct edit *edit, const struct selection *models, struct error *err)
{
	for (size_t i = 0; i < models->n_ids; i++) {
		bool changed;
		if (!edit_model(edit, models->ids[i], &changed, err))
			return false;
		if (!changed)
			continue;
		edit->operation.n_changed++;
		*ARRAY_PUSH(&edit->store->changed, uint32_t) = models->ids[i];
	}
	return true;
}

/* In one operation. */
static bool edit_models(struct edit *edit, struct request *request, struct edit_result *result,
			struct error *err)
{
	struct db *user = edit->store->user;
	edit->operation.at_s = store_now_s();
	edit->operation.is_asked = true;
	if (!store_roots(edit->store, &request->arena, &edit->roots, err) ||
	    !operation_begin(user, err))
		return false;
	if (!edit_each(edit, request_selection(request), err)) {
		operation_rollback(user);
		return false;
	}
	if (!operation_commit(user, &edit->operation, &result->operation, err))
		return false;
	result->n_changed = edit->operation.n_changed;
	return true;
}

/* "+style -draft" */
static struct str tags_words(const struct edit *edit, struct arena *arena)
{
	struct bytes words = { 0 };
	for (size_t i = 0; i < edit->as.tags.n_add; i++)
		bytes_printf(&words, "%s+%.*s", words.len > 0 ? " " : "",
			     STR_ARG(edit->as.tags.add[i]));
	for (size_t i = 0; i < edit->as.tags.n_remove; i++)
		bytes_printf(&words, "%s-%.*s", words.len > 0 ? " " : "",
			     STR_ARG(edit->as.tags.remove[i]));
	struct str kept = arena_str(arena, bytes_str(&words));
	bytes_finish(&words);
	return kept;
}

/* "base sdxl-pony kind lora"; "clear" when all is taken off */
static struct str correction_words(const struct correction_change *change, struct arena *arena)
{
	const struct correction *set = &change->set;
	bool has_kind = set->has_kind, has_base = set->base_model.len > 0;
	if (!has_kind && !has_base)
		return STR("clear");
	return str_from(arena_printf(arena, "%s%.*s%s%s%s", has_base ? "base " : "",
				     STR_ARG(set->base_model), has_base && has_kind ? " " : "",
				     has_kind ? "kind " : "",
				     has_kind ? kind_word(set->kind) : ""));
}

bool edits_tag(struct store *store, struct request *request, struct edit_result *result,
	       struct error *err)
{
	size_t n_add = request->as.tag.n_add, n_remove = request->as.tag.n_remove;
	struct edit edit = { .store = store,
			     .apply = apply_tags,
			     .makes_subjects = n_add > 0,
			     .operation.what = STR("tag"),
			     .as.tags = { .n_add = n_add, .n_remove = n_remove } };
	if (!check_tags(request->as.tag.add, n_add, &request->arena, &edit.as.tags.add, err) ||
	    !check_tags(request->as.tag.remove, n_remove, &request->arena, &edit.as.tags.remove,
			err))
		return false;
	edit.operation.words = tags_words(&edit, &request->arena);
	if (!edit_models(&edit, request, result, err))
		return false;
	if (result->n_changed > 0)
		store_tell(store);
	return true;
}

static bool apply_words(const struct edit *edit, int64_t subject_id, bool *changed,
			struct error *err)
{
	const struct request *request = edit->as.words;
	struct db *user = edit->store->user;
	int number = request->as.words.number;
	switch (request->as.words.type) {
	case WORDS_NOTE: return notes_put(user, subject_id, request->as.words.note, changed, err);
	case WORDS_RATING: return notes_rate(user, subject_id, number, changed, err);
	case WORDS_FAVOURITE: return notes_favour(user, subject_id, number != 0, changed, err);
	}
	return true;
}

bool edits_words(struct store *store, struct request *request, struct edit_result *result,
		 struct error *err)
{
	static const char *const names[] = {
		[WORDS_NOTE] = "note",
		[WORDS_RATING] = "rate",
		[WORDS_FAVOURITE] = "favourite",
	};
	enum words_type type = request->as.words.type;
	int number = request->as.words.number;
	struct edit edit = {
		.store = store,
		.apply = apply_words,
		.as.words = request,
		.makes_subjects = number != 0 || request->as.words.note.ptr,
		.operation = { .what = str_from(names[type]), .words = STR("") },
	};
	if (type == WORDS_RATING)
		edit.operation.words = arena_strf(&request->arena, "%d", number);
	else if (type == WORDS_FAVOURITE && number == 0)
		edit.operation.words = STR("off");
	if (!edit_models(&edit, request, result, err))
		return false;
	if (result->n_changed > 0)
		store_tell(store);
	return true;
}

/* user.db first: where index.db cannot follow now, the next start does it. */
bool edits_correct(struct store *store, struct request *request, struct edit_result *result,
		   struct error *err)
{
	const struct correction_change *change = &request->as.correct.change;
	struct edit edit = { .store = store,
			     .apply = apply_change,
			     .as.change = change,
			     .makes_subjects = !correction_is_empty(&change->set),
			     .operation.what = STR("correct"),
			     .operation.words = correction_words(change, &request->arena) };
	return edit_models(&edit, request, result, err) &&
	       (result->n_changed == 0 || corrected_update(store, err));
}

bool edits_restore(struct store *store, struct request *request, struct edit_result *result,
		   struct error *err)
{
	struct operation operation = {
		.what = STR("restore"), .words = STR(""), .is_asked = true, .at_s = store_now_s()
	};
	if (!operation_begin(store->user, err))
		return false;
	if (!dump_restore(store->user, request->as.restore.text, &operation.n_changed, err)) {
		operation_rollback(store->user);
		return false;
	}
	if (!operation_commit(store->user, &operation, &result->operation, err))
		return false;
	result->n_changed = operation.n_changed;
	store->everything_changed = true;
	store_tell(store);
	return corrected_update(store, err);
}
