// SPDX-License-Identifier: MIT
#include "storage/index/cohorts.h"

void cohorts_init(struct cohorts *cohorts)
{
	*cohorts = (struct cohorts){ ARRAY_OF(struct cohort), ARRAY_OF(uint32_t) };
}

void cohorts_finish(struct cohorts *cohorts)
{
	array_finish(&cohorts->list);
	array_finish(&cohorts->of_slot);
}

void cohorts_forget(struct cohorts *cohorts)
{
	cohorts_finish(cohorts);
	cohorts_init(cohorts);
}

/* Models come layout by layout, so what is known of a class is its cohort of the layout in hand. */
struct sorting {
	struct cohorts *cohorts;
	const struct shelf *shelf;
	const struct classes *classes;
	uint32_t *of_class; /* by class id: place + 1 */
};

static void sort_slot(struct sorting *sorting, size_t slot, int64_t layout_id)
{
	struct array *list = &sorting->cohorts->list;
	uint32_t class_id = *ARRAY_AT(&sorting->shelf->classes, uint32_t, slot);
	const struct class *class = classes_find(sorting->classes, class_id);
	if (!class || class->kind != KIND_LORA)
		return;
	uint32_t *place = &sorting->of_class[class_id];
	if (!*place || ARRAY_AT(list, struct cohort, *place - 1)->layout_id != layout_id) {
		*ARRAY_PUSH(list, struct cohort) = (struct cohort){ class_id, layout_id };
		*place = (uint32_t)list->len;
	}
	*ARRAY_AT(&sorting->cohorts->of_slot, uint32_t, slot) = *place;
}

bool cohorts_read(struct cohorts *cohorts, const struct shelf *shelf, const struct classes *classes,
		  struct db *db, struct error *err)
{
	struct arena arena = { 0 };
	struct array *of_slot = &cohorts->of_slot;
	struct sorting sorting = { cohorts, shelf, classes, NULL };
	if (of_slot->len)
		return true;
	sorting.of_class = ARENA_NEW_N(&arena, uint32_t, classes->list.len + 1);
	/* One more than slots, so that an empty library counts as read. */
	array_reserve(of_slot, shelf_n(shelf) + 1);
	while (of_slot->len <= shelf_n(shelf))
		array_push(of_slot);
	sqlite3_stmt *rows = db_bind(db, SQL_LAYOUTS_OF_MODELS, NULL, 0, err);
	while (rows && db_next(rows, err)) {
		size_t slot;
		if (shelf_find(shelf, (uint32_t)sqlite3_column_int64(rows, 1), &slot))
			sort_slot(&sorting, slot, sqlite3_column_int64(rows, 0));
	}
	for (size_t slot = 0; slot < shelf_n(shelf); slot++) {
		if (!*ARRAY_AT(of_slot, uint32_t, slot))
			sort_slot(&sorting, slot, 0);
	}
	arena_finish(&arena);
	if (err->code != ERROR_NONE)
		cohorts_forget(cohorts);
	return err->code == ERROR_NONE;
}

void cohorts_count(const struct cohorts *cohorts, const struct bitmap *slots, uint64_t *counts)
{
	const uint32_t *of_slot = cohorts->of_slot.ptr;
	for (size_t slot = bitmap_next(slots, 0); slot < slots->n_bits;
	     slot = bitmap_next(slots, slot + 1)) {
		if (of_slot[slot])
			counts[of_slot[slot] - 1]++;
	}
}
