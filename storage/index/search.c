// SPDX-License-Identifier: MIT
#include "storage/index/search.h"

void search_init(struct search *search, const struct row_reader *reader,
		 const struct shelf *shelf)
{
	*search = (struct search){ .reader = reader, .shelf = shelf,
				   .memory = term_memory_create(), .order = ARRAY_OF(uint32_t),
				   .order_key = SORT_COUNT };
}

void search_forget(struct search *search)
{
	term_memory_clear(search->memory);
	array_finish(&search->order);
	search->order = ARRAY_OF(uint32_t);
	search->order_key = SORT_COUNT;
}

void search_finish(struct search *search)
{
	term_memory_destroy(search->memory);
	array_finish(&search->order);
}

static struct bitmap eval(struct term_run *run, const struct query_node *node)
{
	struct bitmap live = shelf_live(run->shelf), left, right;
	switch (node->op) {
	case QUERY_ALL:
		return bitmap_copy(run->arena, &live);
	case QUERY_LEAF:
		return term_eval(run, node);
	case QUERY_NOT:
		left = eval(run, node->left);
		return term_invert(run, &left);
	case QUERY_AND:
		left = eval(run, node->left);
		right = eval(run, node->right);
		bitmap_and(&left, &right);
		return left;
	case QUERY_OR:
		left = eval(run, node->left);
		right = eval(run, node->right);
		bitmap_or(&left, &right);
		return left;
	}
	return live;
}

static bool asks_for_missing(const struct query_node *node)
{
	if (!node)
		return false;
	if (node->op == QUERY_LEAF)
		return node->field == FIELD_IS && (node->is == IS_MISSING || node->is == IS_OFFLINE);
	return asks_for_missing(node->left) || asks_for_missing(node->right);
}

bool search_run(struct search *search, const struct query_node *tree, struct arena *arena,
		struct bitmap *out, struct query_mistake *mistake, struct error *err)
{
	struct term_run run = { search->reader, search->shelf, search->memory, arena, mistake, err };
	err->code = ERROR_NONE;
	*mistake = (struct query_mistake){ 0 };
	*out = eval(&run, tree);
	struct bitmap base = asks_for_missing(tree) ? shelf_live(search->shelf)
		: shelf_present(search->shelf);
	bitmap_and(out, &base);
	return err->code == ERROR_NONE && mistake->column == 0;
}

void search_filter(struct search *search, const struct fit_side *checkpoint, enum fit_filter filter,
		   struct bitmap *slots)
{
	struct arena arena = { 0 };
	struct term_run run = { .reader = search->reader, .shelf = search->shelf, .arena = &arena };
	if (filter == FILTER_ALL || !checkpoint)
		return;
	struct bitmap fitting = term_fit(&run, checkpoint, filter);
	bitmap_and(slots, &fitting);
	arena_finish(&arena);
}

static enum sql order_statement(enum sort_key sort)
{
	switch (sort) {
	case SORT_SIZE:
		return SQL_ORDER_SIZE;
	case SORT_ADDED:
		return SQL_ORDER_ADDED;
	case SORT_MODIFIED:
		return SQL_ORDER_MODIFIED;
	case SORT_BASE:
		return SQL_ORDER_BASE;
	case SORT_KIND:
		return SQL_ORDER_KIND;
	case SORT_RANK:
		return SQL_ORDER_RANK;
	case SORT_PATH:
		return SQL_ORDER_PATH;
	case SORT_NAME:
	case SORT_COUNT:
		break;
	}
	return SQL_LISTING;
}

/* Slots in the order asked for; an empty array: as they stand. By name it is always at hand. */
static const struct array *order_by(struct search *search, enum sort_key sort, struct error *err)
{
	err->code = ERROR_NONE;
	if (sort == SORT_NAME || sort == SORT_COUNT)
		return &search->shelf->order;
	if (search->order_key == sort)
		return &search->order;
	array_clear(&search->order);
	array_reserve(&search->order, shelf_n(search->shelf));
	sqlite3_stmt *rows = db_bind(search->reader->db, order_statement(sort), NULL, 0, err);
	while (rows && db_next(rows, err)) {
		size_t slot;
		if (shelf_find(search->shelf, (uint32_t)sqlite3_column_int64(rows, 0), &slot))
			*ARRAY_PUSH(&search->order, uint32_t) = (uint32_t)slot;
	}
	search->order_key = err->code == ERROR_NONE ? sort : SORT_COUNT;
	return &search->order;
}

static size_t list_ordered(const struct search *search, const struct array *order,
			   const struct bitmap *slots, uint32_t *ids)
{
	const uint32_t *all = search->shelf->ids.ptr, *in_order = order->ptr;
	size_t n = 0;
	for (size_t i = 0; i < order->len; i++) {
		if (bitmap_has(slots, in_order[i]))
			ids[n++] = all[in_order[i]];
	}
	return n;
}

static size_t list_as_they_stand(const struct search *search, const struct bitmap *slots,
				 uint32_t *ids)
{
	const uint32_t *all = search->shelf->ids.ptr;
	size_t n = 0;
	for (size_t slot = bitmap_next(slots, 0); slot < slots->n_bits; slot = bitmap_next(slots, slot + 1))
		ids[n++] = all[slot];
	return n;
}

bool search_ids(struct search *search, const struct bitmap *slots, enum sort_key sort,
		bool descending, struct arena *arena, const uint32_t **ids, size_t *n_ids,
		struct error *err)
{
	const struct array *order = order_by(search, sort, err);
	if (err->code != ERROR_NONE)
		return false;
	uint32_t *list = arena_try(arena, (bitmap_count(slots) + 1) * sizeof *list);
	if (!list)
		die_oom();
	size_t n = order->len > 0 ? list_ordered(search, order, slots, list)
		: list_as_they_stand(search, slots, list);
	for (size_t i = 0; descending && i < n / 2; i++) {
		uint32_t swap = list[i];
		list[i] = list[n - 1 - i];
		list[n - 1 - i] = swap;
	}
	*ids = list;
	*n_ids = n;
	return true;
}
