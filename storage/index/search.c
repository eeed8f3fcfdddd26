// SPDX-License-Identifier: MIT
#include "storage/index/search.h"

#include <stdlib.h>

#include "core/base/path.h"

void search_init(struct search *search, const struct row_reader *reader, const struct shelf *shelf)
{
	*search = (struct search){ .reader = reader,
				   .shelf = shelf,
				   .memory = term_memory_create(),
				   .order = ARRAY_OF(uint32_t),
				   .order_key = SORT_COUNT };
	columns_init(&search->columns);
	cohorts_init(&search->cohorts);
}

static void forget_queries(struct search *search)
{
	term_memory_clear(search->memory);
	cohorts_forget(&search->cohorts);
	array_finish(&search->order);
	search->order = ARRAY_OF(uint32_t);
	search->order_key = SORT_COUNT;
}

void search_forget(struct search *search)
{
	forget_queries(search);
	columns_forget(&search->columns);
}

bool search_update(struct search *search, const uint32_t *ids, size_t n_ids, struct error *err)
{
	forget_queries(search);
	return columns_update(&search->columns, search->shelf, search->reader->db, ids, n_ids, err);
}

void search_finish(struct search *search)
{
	term_memory_destroy(search->memory);
	columns_finish(&search->columns);
	cohorts_finish(&search->cohorts);
	array_finish(&search->order);
}

static struct bitmap eval(struct term_run *run, const struct query_node *node)
{
	struct bitmap live = shelf_live(run->shelf), left, right;
	switch (node->op) {
	case QUERY_ALL: return bitmap_copy(run->arena, &live);
	case QUERY_LEAF: return term_eval(run, node);
	case QUERY_NOT: left = eval(run, node->left); return term_invert(run, &left);
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
		return node->field == FIELD_IS &&
		       (node->is == IS_MISSING || node->is == IS_OFFLINE);
	return asks_for_missing(node->left) || asks_for_missing(node->right);
}

static bool is_in_columns(enum query_field field)
{
	return field == FIELD_ROOT || field == FIELD_PATH || field == FIELD_TRAINED ||
	       field == FIELD_RANK || field == FIELD_SIZE || field == FIELD_PARAMS ||
	       field == FIELD_ADDED || field == FIELD_MODIFIED;
}

bool search_needs_columns(const struct query_node *tree)
{
	if (!tree)
		return false;
	if (tree->op == QUERY_LEAF)
		return is_in_columns(tree->field);
	return search_needs_columns(tree->left) || search_needs_columns(tree->right);
}

bool search_run(struct search *search, const struct query_node *tree, struct arena *arena,
		struct bitmap *out, struct query_mistake *mistake, struct error *err)
{
	struct term_run run = { .reader = search->reader,
				.shelf = search->shelf,
				.memory = search->memory,
				.columns = &search->columns,
				.cohorts = &search->cohorts,
				.arena = arena,
				.mistake = mistake,
				.err = err };
	err->code = ERROR_NONE;
	*mistake = (struct query_mistake){ 0 };
	*out = eval(&run, tree);
	struct bitmap base =
		asks_for_missing(tree) ? shelf_live(search->shelf) : shelf_present(search->shelf);
	bitmap_and(out, &base);
	return err->code == ERROR_NONE && mistake->column == 0;
}

bool search_filter(struct search *search, const struct fitting *checkpoint, enum fit_filter filter,
		   struct bitmap *slots, struct error *err)
{
	struct arena arena = { 0 };
	struct term_run run = { .reader = search->reader,
				.shelf = search->shelf,
				.cohorts = &search->cohorts,
				.arena = &arena,
				.err = err };
	err->code = ERROR_NONE;
	if (filter == FILTER_ALL || !checkpoint)
		return true;
	struct bitmap fitting = term_fit(&run, checkpoint, filter);
	bitmap_and(slots, &fitting);
	arena_finish(&arena);
	return err->code == ERROR_NONE;
}

bool search_cohorts(struct search *search, const struct bitmap *slots, struct arena *arena,
		    const uint64_t **counts, struct error *err)
{
	struct cohorts *cohorts = &search->cohorts;
	if (!cohorts_read(cohorts, search->shelf, search->reader->classes, search->reader->db, err))
		return false;
	uint64_t *list = ARENA_NEW_N(arena, uint64_t, cohorts->list.len + 1);
	cohorts_count(cohorts, slots, list);
	*counts = list;
	return true;
}

/* A text to sort by and what it belongs to; a class or a folder. */
struct ranked {
	struct str text;
	size_t id;
};

static int compare_ranked(const void *a, const void *b)
{
	struct str left = ((const struct ranked *)a)->text,
		   right = ((const struct ranked *)b)->text;
	/* What is unknown stands last. */
	if (!left.len || !right.len)
		return (left.len == 0) - (right.len == 0);
	return str_compare(left, right);
}

/* Places by id; equal texts have one place. */
static int64_t *rank_texts(struct array *texts, size_t n_ids, struct arena *arena)
{
	int64_t *ranks = ARENA_NEW_N(arena, int64_t, n_ids + 1), rank = 0;
	if (texts->len > 0)
		qsort(texts->ptr, texts->len, sizeof(struct ranked), compare_ranked);
	for (size_t i = 0; i < texts->len; i++) {
		const struct ranked *ranked = ARRAY_AT(texts, struct ranked, i);
		if (i > 0 && compare_ranked(ranked - 1, ranked) != 0)
			rank++;
		ranks[ranked->id] = rank;
	}
	return ranks;
}

static const int64_t *class_keys(const struct search *search, enum sort_key sort,
				 struct arena *arena)
{
	const struct classes *classes = search->reader->classes;
	const uint32_t *class_ids = search->shelf->classes.ptr;
	struct array texts = ARRAY_OF(struct ranked);
	int64_t *keys = ARENA_NEW_N(arena, int64_t, shelf_n(search->shelf) + 1);
	for (uint32_t id = 1; id <= classes->list.len; id++) {
		const struct class *class = classes_find(classes, id);
		if (class)
			*ARRAY_PUSH(&texts, struct ranked) =
				(struct ranked){ sort == SORT_BASE
							 ? class->base_model
							 : str_from(kind_word(class->kind)),
						 id };
	}
	const int64_t *ranks = rank_texts(&texts, classes->list.len, arena);
	for (size_t slot = 0; slot < shelf_n(search->shelf); slot++)
		keys[slot] = class_ids[slot] <= classes->list.len ? ranks[class_ids[slot]] : 0;
	array_finish(&texts);
	return keys;
}

/* By folder, so that what lies together stands together; then by name. */
static const int64_t *path_keys(struct search *search, struct arena *arena, struct error *err)
{
	struct db *db = search->reader->db;
	struct array texts = ARRAY_OF(struct ranked);
	size_t n_ids = 0;
	int64_t *keys = ARENA_NEW_N(arena, int64_t, shelf_n(search->shelf) + 1);
	sqlite3_stmt *rows = db_bind(db, SQL_FOLDERS, NULL, 0, err);
	while (rows && db_next(rows, err)) {
		const struct root *root =
			roots_find(search->reader->roots, sqlite3_column_int64(rows, 1));
		size_t id = (size_t)sqlite3_column_int64(rows, 0);
		struct str path = db_column(rows, 2);
		n_ids = id > n_ids ? id : n_ids;
		if (root)
			*ARRAY_PUSH(&texts, struct ranked) =
				(struct ranked){ path_join(arena, root->path, path), id };
	}
	const int64_t *ranks = rank_texts(&texts, n_ids, arena);
	for (size_t slot = 0; slot < shelf_n(search->shelf); slot++) {
		int64_t folder = columns_at(&search->columns, COLUMN_FOLDER, slot);
		keys[slot] = folder >= 0 && (size_t)folder <= n_ids ? ranks[folder] : 0;
	}
	array_finish(&texts);
	return err->code == ERROR_NONE ? keys : NULL;
}

static const int64_t *column_keys(const struct search *search, enum column column,
				  struct arena *arena)
{
	int64_t *keys = ARENA_NEW_N(arena, int64_t, shelf_n(search->shelf) + 1);
	for (size_t slot = 0; slot < shelf_n(search->shelf); slot++)
		keys[slot] = columns_at(&search->columns, column, slot);
	return keys;
}

static const int64_t *sort_keys(struct search *search, enum sort_key sort, struct arena *arena,
				struct error *err)
{
	if (sort == SORT_BASE || sort == SORT_KIND)
		return class_keys(search, sort, arena);
	if (!columns_read(&search->columns, search->shelf, search->reader->db, err))
		return NULL;
	switch (sort) {
	case SORT_SIZE: return column_keys(search, COLUMN_SIZE, arena);
	case SORT_ADDED: return column_keys(search, COLUMN_ADDED, arena);
	case SORT_MODIFIED: return column_keys(search, COLUMN_MODIFIED, arena);
	case SORT_RANK: return column_keys(search, COLUMN_RANK_MAX, arena);
	case SORT_PATH: return path_keys(search, arena, err);
	case SORT_BASE:
	case SORT_KIND:
	case SORT_NAME:
	case SORT_COUNT: break;
	}
	return NULL;
}

/* Slots in the order asked for; an empty array: as they stand. By name it is always at hand. */
static const struct array *order_by(struct search *search, enum sort_key sort, struct error *err)
{
	const struct array *by_name = &search->shelf->order;
	struct arena arena = { 0 };
	err->code = ERROR_NONE;
	if (sort == SORT_NAME || sort == SORT_COUNT)
		return by_name;
	if (search->order_key == sort)
		return &search->order;
	const int64_t *keys = sort_keys(search, sort, &arena, err);
	array_clear(&search->order);
	array_reserve(&search->order, shelf_n(search->shelf) + 1);
	size_t n = by_name->len > 0 ? by_name->len : shelf_n(search->shelf);
	for (size_t i = 0; keys && i < n; i++)
		*ARRAY_PUSH(&search->order, uint32_t) =
			by_name->len > 0 ? *ARRAY_AT(by_name, uint32_t, i) : (uint32_t)i;
	if (keys)
		columns_sort(keys, search->order.ptr, n);
	search->order_key = keys ? sort : SORT_COUNT;
	arena_finish(&arena);
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
	for (size_t i = 0; i < bitmap_n_words(slots->n_bits); i++) {
		for (uint64_t word = slots->words[i]; word; word &= word - 1)
			ids[n++] = all[i * 64 + (size_t)__builtin_ctzll(word)];
	}
	return n;
}

bool search_ids(struct search *search, const struct bitmap *slots, enum sort_key sort,
		bool descending, struct arena *arena, const uint32_t **ids, size_t *n_ids,
		struct error *err)
{
	const struct array *order = order_by(search, sort, err);
	if (err->code != ERROR_NONE)
		return false;
	uint32_t *list = arena_try_room(arena, (bitmap_count(slots) + 1) * sizeof *list);
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
