// SPDX-License-Identifier: MIT
#include "storage/index/terms.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "storage/index/outside.h"
#include "storage/index/paths.h"

static struct str without_marks(struct str word, struct arena *arena)
{
	char *copy = arena_cstr(arena, word);
	for (size_t i = 0; i < word.len; i++) {
		if ((unsigned char)copy[i] < ' ')
			copy[i] = ' ';
	}
	return (struct str){ copy, word.len };
}

static struct bitmap eval_word(struct term_run *run, struct str raw)
{
	struct str word = without_marks(raw, run->arena);
	struct query_node leaf = { .op = QUERY_LEAF, .field = FIELD_TEXT, .text = word };
	struct str key = term_key(&leaf, run->arena);
	const struct bitmap *known = term_recall(run->memory, key);
	if (known)
		return bitmap_copy(run->arena, known);
	struct bitmap found =
		shelf_search(run->shelf, word, term_recall_part(run->memory, word), run->arena);
	term_remember(run->memory, key, word, &found);
	return found;
}

/* Is `wanted` one whole of the parts? */
static bool has_part(struct str joined, struct str wanted)
{
	struct str part;
	while (joined.len > 0 && str_next_part(&joined, SHELF_ITEM, &part)) {
		if (str_equal(part, wanted))
			return true;
	}
	return false;
}

static bool field_matches(struct str field, enum query_match match, struct str word)
{
	switch (match) {
	case MATCH_CONTAINS: return str_find(field, word) >= 0;
	case MATCH_EXACT: return has_part(field, word);
	case MATCH_ANY: return field.len > 0;
	}
	return false;
}

/* The word is searched everywhere first, which is fast and often done already. */
static struct bitmap eval_field(struct term_run *run, const struct query_node *leaf,
				enum shelf_field field)
{
	const struct shelf *shelf = run->shelf;
	struct bitmap candidates =
		leaf->match == MATCH_ANY ? shelf_live(shelf) : eval_word(run, leaf->text);
	struct bitmap found = bitmap_new(run->arena, shelf_n(shelf));
	struct str word = without_marks(leaf->text, run->arena);
	for (size_t slot = bitmap_next(&candidates, 0); slot < candidates.n_bits;
	     slot = bitmap_next(&candidates, slot + 1)) {
		if (field_matches(shelf_slot_field(shelf, slot, field), leaf->match, word))
			bitmap_set(&found, slot);
	}
	return found;
}

static bool is_word(struct str text, const char *word)
{
	return word && str_equal(text, str_from(word));
}

static bool has_variant(const struct class *class, const struct query_node *leaf)
{
	for (size_t i = 0; i < class->n_variants; i++) {
		if (str_equal(class->variants[i], leaf->text))
			return true;
	}
	return leaf->match == MATCH_ANY && class->n_variants > 0;
}

static bool has_text(struct str text, const struct query_node *leaf)
{
	if (!text.ptr)
		return false;
	switch (leaf->match) {
	case MATCH_CONTAINS: return str_find(text, leaf->text) >= 0;
	case MATCH_EXACT: return str_equal(text, leaf->text);
	case MATCH_ANY: return true;
	}
	return false;
}

static bool is_base(const struct term_run *run, const struct class *class,
		    const struct query_node *leaf)
{
	if (!class->base_model.ptr || leaf->match == MATCH_ANY)
		return class->base_model.ptr;
	if (leaf->match == MATCH_EXACT)
		return str_equal(class->base_model, leaf->text);
	return knowledge_is_within(run->reader->knowledge, class->base_model, leaf->text);
}

/* Closed words are always whole words; "field:" asks whether there is anything but the nothing. */
static bool class_matches(const struct term_run *run, const struct class *class,
			  const struct query_node *leaf)
{
	bool any = leaf->match == MATCH_ANY;
	switch (leaf->field) {
	case FIELD_BASE: return is_base(run, class, leaf);
	case FIELD_ARCH:
		return any ? class->architecture.ptr != NULL
			   : str_equal(class->architecture, leaf->text);
	case FIELD_KIND:
		return any ? class->kind != KIND_UNKNOWN
			   : is_word(leaf->text, kind_word(class->kind));
	case FIELD_VARIANT: return has_variant(class, leaf);
	case FIELD_TYPE:
		return any ? class->adapter != ADAPTER_NONE
			   : is_word(leaf->text, adapter_word(class->adapter));
	case FIELD_FORMAT:
		return any ? class->format != FORMAT_UNKNOWN
			   : is_word(leaf->text, format_word(class->format));
	case FIELD_CONFIDENCE:
		return any ? class->confidence != CONFIDENCE_NONE
			   : is_word(leaf->text, confidence_word(class->confidence));
	case FIELD_STATUS: return any || is_word(leaf->text, status_word(class->status));
	case FIELD_SAFETY: return any || is_word(leaf->text, safety_word(class->safety));
	case FIELD_PREDICTION:
		return any ? class->prediction.ptr != NULL
			   : str_equal(class->prediction, leaf->text);
	case FIELD_PRECISION: return has_text(class->precision, leaf);
	case FIELD_TEXT:
	case FIELD_TAG:
	case FIELD_SET:
	case FIELD_ROOT:
	case FIELD_PATH:
	case FIELD_TRIGGER:
	case FIELD_TRAINED:
	case FIELD_FIT:
	case FIELD_IS:
	case FIELD_RANK:
	case FIELD_SIZE:
	case FIELD_PARAMS:
	case FIELD_RATING:
	case FIELD_ADDED:
	case FIELD_MODIFIED:
	case FIELD_COUNT: break;
	}
	return false;
}

/* Sets the slots whose number passes. @numbers  by slot */
static void map_slots(struct bitmap *found, const uint32_t *numbers, const bool *passes,
		      size_t n_passes)
{
	for (size_t i = 0; i < bitmap_n_words(found->n_bits); i++) {
		size_t end = found->n_bits - i * 64 < 64 ? found->n_bits - i * 64 : 64;
		uint64_t word = 0;
		for (size_t bit = 0; bit < end; bit++) {
			uint32_t number = numbers[i * 64 + bit];
			word |= (uint64_t)(number < n_passes && passes[number]) << bit;
		}
		found->words[i] = word;
	}
}

static struct bitmap eval_class(struct term_run *run, const struct query_node *leaf)
{
	const struct classes *classes = run->reader->classes;
	bool *passes = ARENA_NEW_N(run->arena, bool, classes->list.len + 1);
	for (uint32_t id = 1; id <= classes->list.len; id++) {
		const struct class *class = classes_find(classes, id);
		passes[id] = class && class_matches(run, class, leaf);
	}
	struct bitmap found = bitmap_new(run->arena, shelf_n(run->shelf));
	map_slots(&found, run->shelf->classes.ptr, passes, classes->list.len + 1);
	return found;
}

static bool verdict_passes(enum verdict verdict, enum fit_filter filter)
{
	switch (filter) {
	case FILTER_ALL: return true;
	case FILTER_COMPATIBLE: return verdict == FIT_COMPATIBLE;
	case FILTER_CAUTION: return verdict == FIT_CAUTION;
	case FILTER_NOT: return verdict == FIT_INCOMPATIBLE;
	}
	return false;
}

struct bitmap term_fit(struct term_run *run, const struct fitting *checkpoint,
		       enum fit_filter filter)
{
	struct cohorts *cohorts = run->cohorts;
	const struct classes *classes = run->reader->classes;
	struct bitmap found = bitmap_new(run->arena, shelf_n(run->shelf));
	if (!cohorts_read(cohorts, run->shelf, classes, run->reader->db, run->err))
		return found;
	bool *passes = ARENA_NEW_N(run->arena, bool, cohorts->list.len + 1);
	for (size_t i = 0; i < cohorts->list.len; i++) {
		const struct cohort *cohort = ARRAY_AT(&cohorts->list, struct cohort, i);
		struct fit_side side = class_side(classes_find(classes, cohort->class_id));
		passes[i + 1] = verdict_passes(
			fitting_verdict(checkpoint, &side, cohort->layout_id), filter);
	}
	map_slots(&found, cohorts->of_slot.ptr, passes, cohorts->list.len + 1);
	return found;
}

/* Mistakes are short, and their text is cut. */
enum { QUOTED_MAX = 80, IDS_TOLD_MAX = 4 };

static struct bitmap fail_fit(struct term_run *run, const struct query_node *leaf, struct str why)
{
	size_t room = sizeof run->mistake->text - 1;
	run->mistake->column = leaf->column;
	memcpy(run->mistake->text, why.ptr, why.len < room ? why.len : room);
	return bitmap_new(run->arena, shelf_n(run->shelf));
}

static struct str quoted(struct str text)
{
	return str_slice(text, 0, text.len < QUOTED_MAX ? text.len : QUOTED_MAX);
}

static struct bitmap fail_none(struct term_run *run, const struct query_node *leaf)
{
	return fail_fit(run, leaf,
			arena_strf(run->arena, "no file and no model is called \"%.*s\"",
				   STR_ARG(quoted(leaf->text))));
}

static struct bitmap fail_several(struct term_run *run, const struct query_node *leaf,
				  const struct found *found)
{
	struct str ids = STR("");
	for (size_t i = 0; i < found->n && i < IDS_TOLD_MAX; i++)
		ids = arena_strf(run->arena, "%.*s #%" PRIu32, STR_ARG(ids), found->ids[i]);
	return fail_fit(
		run, leaf,
		arena_strf(run->arena,
			   "%zu models are called \"%.*s\":%.*s%s; name one by its path or #ID",
			   found->n, STR_ARG(quoted(leaf->text)), STR_ARG(ids),
			   found->n > IDS_TOLD_MAX ? " ..." : ""));
}

static struct bitmap eval_fit_file(struct term_run *run, const struct query_node *leaf,
				   struct str path)
{
	struct outside outside;
	struct fitting fitting;
	struct bitmap found;
	outside_read(run->reader, path, &outside);
	run->has_read = true;
	struct fit_side side = fit_side_of(&outside.model);
	fittings_foreign(run->reader->fittings, &side, outside.has_table ? &outside.table : NULL,
			 &fitting);
	if (outside.model.status == STATUS_UNREADABLE)
		found = fail_fit(run, leaf,
				 arena_strf(run->arena, "\"%.*s\": %.*s",
					    STR_ARG(quoted(leaf->text)),
					    STR_ARG(outside.model.error.message)));
	else
		found = term_fit(run, &fitting, FILTER_COMPATIBLE);
	outside_finish(&outside);
	return found;
}

/* As every CHECKPOINT: an existing path, else what the library calls so. */
static struct bitmap eval_fit_leaf(struct term_run *run, const struct query_node *leaf)
{
	struct found found = { 0 };
	struct fitting fitting;
	struct str path = outside_path(leaf->text, run->arena);
	if (!model_rows_find(run->reader, path.ptr ? path : leaf->text, run->arena, &found,
			     run->err))
		return fail_none(run, leaf);
	if (found.n == 0 && path.ptr)
		return eval_fit_file(run, leaf, path);
	if (found.n > 1)
		return fail_several(run, leaf, &found);
	if (found.n == 0 ||
	    !fittings_find(run->reader->fittings, found.ids[0], run->arena, &fitting, run->err))
		return fail_none(run, leaf);
	return term_fit(run, &fitting, FILTER_COMPATIBLE);
}

/* What is in a set whose name matches. */
static struct bitmap eval_set(struct term_run *run, const struct query_node *leaf)
{
	struct bitmap found = bitmap_new(run->arena, shelf_n(run->shelf));
	sqlite3_stmt *rows = db_bind(run->reader->db, SQL_SET_MEMBERS, NULL, 0, run->err);
	size_t slot;
	while (rows && db_next(rows, run->err)) {
		if (has_text(db_column(rows, 1), leaf) &&
		    shelf_find(run->shelf, (uint32_t)sqlite3_column_int64(rows, 0), &slot))
			bitmap_set(&found, slot);
	}
	return found;
}

static void add_ids(const struct shelf *shelf, sqlite3_stmt *rows, struct bitmap *found,
		    struct error *err)
{
	size_t slot;
	while (rows && db_next(rows, err)) {
		if (shelf_find(shelf, (uint32_t)sqlite3_column_int64(rows, 0), &slot))
			bitmap_set(found, slot);
	}
}

static struct bitmap eval_sql(struct term_run *run, enum sql sql, const struct db_value *values,
			      size_t n_values)
{
	struct bitmap found = bitmap_new(run->arena, shelf_n(run->shelf));
	add_ids(run->shelf, db_bind(run->reader->db, sql, values, n_values, run->err), &found,
		run->err);
	return found;
}

/* Whole numbers inside of the interval. */
static int64_t whole_low(const struct query_node *leaf)
{
	double low = leaf->low_open ? floor(leaf->low) + 1 : ceil(leaf->low);
	if (!(low > -9e18))
		return INT64_MIN;
	return low < 9e18 ? (int64_t)low : INT64_MAX;
}

static int64_t whole_high(const struct query_node *leaf)
{
	double high = leaf->high_open ? ceil(leaf->high) - 1 : floor(leaf->high);
	if (!(high < 9e18))
		return INT64_MAX;
	return high > -9e18 ? (int64_t)high : INT64_MIN;
}

/* The slots whose value lies in the interval; nothing known lies in none. */
static struct bitmap compare_column(struct term_run *run, enum column column, int64_t low,
				    int64_t high)
{
	struct bitmap found = bitmap_new(run->arena, shelf_n(run->shelf));
	bool has_columns = columns_read(run->columns, run->shelf, run->reader->db, run->err);
	for (size_t slot = 0; has_columns && slot < found.n_bits; slot++) {
		int64_t value = columns_at(run->columns, column, slot);
		if (value >= low && value <= high && value != COLUMN_NONE)
			bitmap_set(&found, slot);
	}
	return found;
}

static struct bitmap eval_number(struct term_run *run, enum column column,
				 const struct query_node *leaf)
{
	if (leaf->match == MATCH_ANY)
		return compare_column(run, column, INT64_MIN, INT64_MAX);
	return compare_column(run, column, whole_low(leaf), whole_high(leaf));
}

static struct bitmap eval_rating(struct term_run *run, const struct query_node *leaf)
{
	bool any = leaf->match == MATCH_ANY;
	struct db_value bounds[] = { db_int(any ? 1 : whole_low(leaf)),
				     db_int(any ? INT64_MAX : whole_high(leaf)) };
	return eval_sql(run, SQL_IDS_RATING, bounds, 2);
}

/* One number is compared with the highest rank; of a range, "A..B", both ranks must lie inside. */
static struct bitmap eval_rank(struct term_run *run, const struct query_node *leaf)
{
	bool any = leaf->match == MATCH_ANY;
	int64_t low = any || whole_low(leaf) < 1 ? 1 : whole_low(leaf);
	int64_t high = any ? INT64_MAX : whole_high(leaf);
	struct bitmap found = compare_column(run, COLUMN_RANK_MAX, low, high);
	if (!any && isfinite(leaf->low) && isfinite(leaf->high) && low < high) {
		struct bitmap inside = compare_column(run, COLUMN_RANK_MIN, low, high);
		bitmap_and(&found, &inside);
	}
	return found;
}

/* The names are few; which of them match is decided first. */
static struct bitmap eval_trained(struct term_run *run, const struct query_node *leaf)
{
	struct bitmap found = bitmap_new(run->arena, shelf_n(run->shelf));
	struct array matching = ARRAY_OF(bool);
	bool has_columns = columns_read(run->columns, run->shelf, run->reader->db, run->err);
	sqlite3_stmt *rows =
		has_columns ? db_bind(run->reader->db, SQL_TRAINED, NULL, 0, run->err) : NULL;
	while (rows && db_next(rows, run->err)) {
		uint64_t id = (uint64_t)sqlite3_column_int64(rows, 0);
		while (matching.len <= id)
			array_push(&matching);
		*ARRAY_AT(&matching, bool, id) = has_text(db_column(rows, 1), leaf);
	}
	for (size_t slot = 0; has_columns && slot < found.n_bits; slot++) {
		int64_t id = columns_at(run->columns, COLUMN_TRAINED, slot);
		if (id >= 0 && (uint64_t)id < matching.len &&
		    *ARRAY_AT(&matching, bool, (size_t)id))
			bitmap_set(&found, slot);
	}
	array_finish(&matching);
	return found;
}

static struct bitmap eval_path(struct term_run *run, const struct query_node *leaf)
{
	struct bitmap nowhere = bitmap_new(run->arena, shelf_n(run->shelf));
	/* No file name has a slash. */
	if (leaf->match != MATCH_CONTAINS || str_find_byte(leaf->text, '/') >= 0)
		return paths_search(run, leaf, &nowhere);
	struct bitmap in_file = eval_word(run, leaf->text);
	return paths_search(run, leaf, &in_file);
}

struct bitmap term_invert(struct term_run *run, const struct bitmap *slots)
{
	struct bitmap live = shelf_live(run->shelf);
	struct bitmap rest = bitmap_copy(run->arena, &live);
	bitmap_and_not(&rest, slots);
	return rest;
}

static struct bitmap eval_is(struct term_run *run, const struct query_node *leaf)
{
	const struct shelf *shelf = run->shelf;
	struct query_node any_tag = { .field = FIELD_TAG, .match = MATCH_ANY };
	struct query_node any_set = { .field = FIELD_SET, .match = MATCH_ANY };
	struct bitmap present = shelf_present(shelf), having;
	switch (leaf->is) {
	case IS_FAVOURITE: return eval_sql(run, SQL_IDS_FAVOURITE, NULL, 0);
	case IS_UNTAGGED:
		having = eval_field(run, &any_tag, SHELF_TAGS);
		return term_invert(run, &having);
	case IS_OFFLINE: return eval_sql(run, SQL_IDS_OFFLINE, NULL, 0);
	case IS_MISSING: return term_invert(run, &present);
	case IS_UNUSED: having = eval_set(run, &any_set); return term_invert(run, &having);
	case IS_DUPLICATE: /* as far as hashes are known: `duplicates` reads what may be one */
		return eval_sql(run, SQL_IDS_DUPLICATE, NULL, 0);
	case IS_COUNT: break;
	}
	return bitmap_new(run->arena, shelf_n(shelf));
}

static struct bitmap eval_new_leaf(struct term_run *run, const struct query_node *leaf)
{
	switch (leaf->field) {
	case FIELD_TEXT: return eval_word(run, leaf->text);
	case FIELD_TAG: return eval_field(run, leaf, SHELF_TAGS);
	case FIELD_TRIGGER: return eval_field(run, leaf, SHELF_TRIGGERS);
	case FIELD_BASE:
	case FIELD_ARCH:
	case FIELD_KIND:
	case FIELD_VARIANT:
	case FIELD_TYPE:
	case FIELD_FORMAT:
	case FIELD_CONFIDENCE:
	case FIELD_STATUS:
	case FIELD_SAFETY:
	case FIELD_PREDICTION:
	case FIELD_PRECISION: return eval_class(run, leaf);
	case FIELD_FIT: return eval_fit_leaf(run, leaf);
	case FIELD_ROOT: return paths_of_roots(run, leaf);
	case FIELD_PATH: return eval_path(run, leaf);
	case FIELD_TRAINED: return eval_trained(run, leaf);
	case FIELD_IS: return eval_is(run, leaf);
	case FIELD_RANK: return eval_rank(run, leaf);
	case FIELD_SIZE: return eval_number(run, COLUMN_SIZE, leaf);
	case FIELD_PARAMS: return eval_number(run, COLUMN_PARAMS, leaf);
	case FIELD_RATING: return eval_rating(run, leaf);
	case FIELD_ADDED: return eval_number(run, COLUMN_ADDED, leaf);
	case FIELD_MODIFIED: return eval_number(run, COLUMN_MODIFIED, leaf);
	case FIELD_SET: return eval_set(run, leaf);
	case FIELD_COUNT: break;
	}
	return bitmap_new(run->arena, shelf_n(run->shelf));
}

struct bitmap term_eval(struct term_run *run, const struct query_node *leaf)
{
	struct str key = term_key(leaf, run->arena);
	const struct bitmap *known = term_recall(run->memory, key);
	if (known)
		return bitmap_copy(run->arena, known);
	run->has_read = false;
	struct bitmap found = eval_new_leaf(run, leaf);
	/* Bare words remember themselves, together with what they are. */
	if (leaf->field != FIELD_TEXT && !run->has_read && run->err->code == ERROR_NONE &&
	    run->mistake->column == 0)
		term_remember(run->memory, key, STR_NULL, &found);
	return found;
}
