// SPDX-License-Identifier: MIT
#include "storage/corrected.h"

#include <stdlib.h>

#include "storage/user/corrections.h"

struct corrected {
	uint32_t id;
	struct correction correction;
};

static int compare_ids(const void *a, const void *b)
{
	uint32_t left = ((const struct corrected *)a)->id,
		 right = ((const struct corrected *)b)->id;
	return (left > right) - (left < right);
}

/* What a person corrected, as models of this index. */
static bool list_wanted(struct store *store, struct arena *arena, struct array *wanted,
			struct error *err)
{
	struct array placed = ARRAY_OF(struct placed_correction);
	bool ok = corrections_list(store->user, arena, &placed, err);
	store->has_corrections = placed.len > 0;
	for (size_t i = 0; ok && i < placed.len; i++) {
		const struct placed_correction *one =
			ARRAY_AT(&placed, struct placed_correction, i);
		struct db_value place[] = { db_int(one->root_id), db_blob(one->path) };
		int64_t id = db_first_int(store->index, SQL_SEEN_FIND, place, 2, 0);
		if (id)
			*ARRAY_PUSH(wanted, struct corrected) =
				(struct corrected){ (uint32_t)id, one->correction };
	}
	if (wanted->len > 1)
		qsort(wanted->ptr, wanted->len, sizeof(struct corrected), compare_ids);
	array_finish(&placed);
	return ok;
}

/* What the index was concluded with. */
static bool list_present(struct store *store, struct arena *arena, struct array *present,
			 struct error *err)
{
	sqlite3_stmt *rows = db_bind(store->index, SQL_CORRECTED, NULL, 0, err);
	while (rows && db_next(rows, err))
		*ARRAY_PUSH(present, struct corrected) = (struct corrected){
			(uint32_t)sqlite3_column_int64(rows, 0),
			corrections_read(rows, 1, 2, arena),
		};
	return err->code == ERROR_NONE;
}

static bool conclude(struct store *store, uint32_t id, const struct correction *correction,
		     struct error *err)
{
	if (!store_begin(store, err) || !models_correct(&store->models, id, correction, err))
		return false;
	*ARRAY_PUSH(&store->changed, uint32_t) = id;
	return true;
}

/* Both are in the order of their ids. */
static bool conclude_differing(struct store *store, const struct array *wanted,
			       const struct array *present, struct error *err)
{
	static const struct correction none = { 0 };
	const struct corrected *new = wanted->ptr, *old = present->ptr;
	size_t i = 0, k = 0;
	bool ok = true;
	while (ok && (i < wanted->len || k < present->len)) {
		bool is_new = k == present->len || (i < wanted->len && new[i].id <= old[k].id);
		bool is_old = i == wanted->len || (k < present->len && old[k].id <= new[i].id);
		if (is_new && is_old)
			ok = correction_equal(&new[i].correction, &old[k].correction) ||
			     conclude(store, new[i].id, &new[i].correction, err);
		else
			ok = conclude(store, is_new ? new[i].id : old[k].id,
				      is_new ? &new[i].correction : &none, err);
		i += is_new;
		k += is_old;
	}
	return ok;
}

bool corrected_update(struct store *store, struct error *err)
{
	struct arena arena = { 0 };
	struct array wanted = ARRAY_OF(struct corrected), present = ARRAY_OF(struct corrected);
	bool ok = list_wanted(store, &arena, &wanted, err) &&
		  list_present(store, &arena, &present, err) &&
		  conclude_differing(store, &wanted, &present, err);
	if (!ok)
		store_rollback(store);
	ok = ok && store_commit(store, err);
	array_finish(&wanted);
	array_finish(&present);
	arena_finish(&arena);
	return ok;
}
