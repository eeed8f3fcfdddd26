// SPDX-License-Identifier: MIT
#include "storage/nested.h"

/** The path of `inner` below `outer`, with a slash behind; STR_NULL when it is not below. */
static struct str below(const struct root *outer, const struct root *inner, struct arena *arena)
{
	struct str rest = inner->path, top = outer->path;
	while (str_cut_suffix(&top, STR("/")))
		;
	if (!str_cut_prefix(&rest, top) || !str_cut_prefix(&rest, STR("/")) || rest.len == 0)
		return STR_NULL;
	return arena_strf(arena, "%.*s/", STR_ARG(rest));
}

static bool hand_over_subjects(struct db *user, const struct models_part *part, int64_t to_root_id,
			       struct error *err)
{
	return DB_RUN(user, SQL_SUBJECTS_HAND_OVER, err, db_int(part->root_id),
		      db_blob(part->below), db_blob(part->end), db_int(to_root_id));
}

/* user.db first: when we are killed before index.db is committed, the next scan does it again. */
static bool hand_over(struct store *store, const struct models_part *part, int64_t to_root_id,
		      struct error *err)
{
	if (!db_first_int(store->index, SQL_SEEN_ANY_BELOW,
			  (const struct db_value[]){ db_int(part->root_id), db_blob(part->below),
						     db_blob(part->end) },
			  3, 0))
		return true;
	if (!hand_over_subjects(store->user, part, to_root_id, err) || !store_begin(store, err))
		return false;
	store->everything_changed = true;
	if (models_hand_over(&store->models, part, to_root_id, err))
		return store_commit(store, err);
	store_rollback(store);
	return false;
}

bool nested_hand_over(struct store *store, const struct roots *roots, struct error *err)
{
	struct arena arena = { 0 };
	bool ok = true;
	for (size_t i = 0; ok && i < roots->n * roots->n; i++) {
		const struct root *outer = &roots->list[i / roots->n];
		const struct root *inner = &roots->list[i % roots->n];
		struct str path = below(outer, inner, &arena);
		if (!path.ptr)
			continue;
		struct models_part part = {
			.root_id = outer->id,
			.below = path,
			.end = arena_strf(&arena, "%.*s%c", (int)path.len - 1, path.ptr, '/' + 1),
		};
		ok = hand_over(store, &part, inner->id, err);
	}
	arena_finish(&arena);
	return ok;
}
