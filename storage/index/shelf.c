// SPDX-License-Identifier: MIT
#include "storage/index/shelf.h"

#include <stdlib.h>
#include <string.h>

#include "storage/index/letters.h"
#include "storage/index/text_find.h"

/* Compaction costs a pass over everything, so a quarter may be waste before it is worth it. */
enum { DEAD_SHARE = 4, DEAD_MIN = 4096 };

/*
 * Fewer than this share are looked at one by one; else one pass over all of the text is faster.
 * Each point of a word is a search of its own, and a word may come from anywhere.
 */
enum { FEW_SHARE = 3, POINTS_MAX = 16 };

/* Tags of one model, joined: loaded before the models, looked up by id while they come. */
struct tagged {
	uint32_t id;
	struct str text;
};

struct shelf_load {
	sqlite3_stmt *rows;
	struct arena arena;
	struct array tagged; /* struct tagged, by id */
	size_t next;
};

static uint32_t u32_at(const struct array *array, size_t i)
{
	return ((const uint32_t *)array->ptr)[i];
}

static void push_u32(struct array *array, uint32_t number)
{
	*ARRAY_PUSH(array, uint32_t) = number;
}

void shelf_init(struct shelf *shelf)
{
	*shelf = (struct shelf){
		.offsets = ARRAY_OF(uint32_t),
		.ids = ARRAY_OF(uint32_t),
		.classes = ARRAY_OF(uint32_t),
		.letters = ARRAY_OF(uint64_t),
		.slots = ARRAY_OF(uint32_t),
		.order = ARRAY_OF(uint32_t),
		.live = ARRAY_OF(uint64_t),
		.present = ARRAY_OF(uint64_t),
	};
	push_u32(&shelf->offsets, 0);
}

static void load_end(struct shelf *shelf)
{
	struct shelf_load *load = shelf->load;
	if (!load)
		return;
	if (load->rows)
		db_reset(load->rows);
	array_finish(&load->tagged);
	arena_finish(&load->arena);
	free(load);
	shelf->load = NULL;
}

void shelf_finish(struct shelf *shelf)
{
	struct array *arrays[] = {
		&shelf->offsets, &shelf->ids,   &shelf->classes, &shelf->letters,
		&shelf->slots,   &shelf->order, &shelf->live,    &shelf->present
	};
	load_end(shelf);
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
		array_finish(arrays[i]);
	bytes_finish(&shelf->text);
}

static struct bitmap as_bitmap(const struct array *words, size_t n_bits)
{
	return (struct bitmap){ words->ptr, n_bits };
}

struct bitmap shelf_live(const struct shelf *shelf)
{
	return as_bitmap(&shelf->live, shelf_n(shelf));
}

struct bitmap shelf_present(const struct shelf *shelf)
{
	return as_bitmap(&shelf->present, shelf_n(shelf));
}

static void kill_slot(struct shelf *shelf, size_t slot)
{
	struct bitmap live = shelf_live(shelf), present = shelf_present(shelf);
	bitmap_clear(&live, slot);
	bitmap_clear(&present, slot);
	shelf->n_dead++;
}

/* "TRIGGERS END TAGS END" wants its first END even where there are no triggers. */
static void append_text(struct shelf *shelf, struct str base, struct str tags)
{
	bytes_append_str(&shelf->text, base);
	if (tags.len == 0)
		return;
	if (base.len > 0 && str_find_byte(base, SHELF_END) == (ptrdiff_t)base.len - 1)
		bytes_append_byte(&shelf->text, SHELF_END);
	bytes_append_str(&shelf->text, tags);
	bytes_append_byte(&shelf->text, SHELF_END);
}

/* Room for the slot of that id, in one step: the first of a million models may have the last id. */
static void widen_slots(struct shelf *shelf, uint32_t id)
{
	struct array *slots = &shelf->slots;
	if (id < slots->len)
		return;
	size_t n_more = (size_t)id + 1 - slots->len;
	array_reserve(slots, n_more);
	memset((uint32_t *)slots->ptr + slots->len, 0, n_more * sizeof(uint32_t));
	slots->len += n_more;
}

static bool append_slot(struct shelf *shelf, uint32_t id, uint32_t class_id, bool is_missing,
			struct str base, struct str tags, struct error *err)
{
	size_t slot = shelf->ids.len;
	if (shelf->text.len + base.len + tags.len + TEXT_FIND_PADDING > UINT32_MAX)
		return error_set(err, ERROR_LIMIT, NULL, "more than four gigabytes of names");
	append_text(shelf, base, tags);
	push_u32(&shelf->offsets, (uint32_t)shelf->text.len);
	push_u32(&shelf->ids, id);
	push_u32(&shelf->classes, class_id);
	*ARRAY_PUSH(&shelf->letters, uint64_t) = letters_of(shelf_slot_text(shelf, slot));
	while (shelf->live.len < bitmap_n_words(slot + 1) + 1) {
		array_push(&shelf->live);
		array_push(&shelf->present);
	}
	widen_slots(shelf, id);
	*ARRAY_AT(&shelf->slots, uint32_t, id) = (uint32_t)slot + 1;
	struct bitmap live = shelf_live(shelf), present = shelf_present(shelf);
	bitmap_set(&live, slot);
	if (!is_missing)
		bitmap_set(&present, slot);
	return true;
}

/* The search reads whole vectors past the end of the text. */
static void pad(struct shelf *shelf)
{
	static const char zeros[TEXT_FIND_PADDING];
	bytes_append(&shelf->text, zeros, sizeof zeros);
	shelf->text.len -= sizeof zeros;
}

void shelf_clear(struct shelf *shelf)
{
	shelf_finish(shelf);
	shelf_init(shelf);
}

static void join_tag(struct bytes *joined, struct str tag)
{
	if (joined->len > 0)
		bytes_append_byte(joined, SHELF_ITEM);
	shelf_fold(joined, tag);
}

static void keep_tags(struct shelf_load *load, uint32_t id, struct bytes *joined)
{
	if (joined->len > 0)
		*ARRAY_PUSH(&load->tagged, struct tagged) =
			(struct tagged){ id, arena_str(&load->arena, bytes_str(joined)) };
	bytes_clear(joined);
}

static bool load_tags(struct shelf_load *load, struct db *db, struct error *err)
{
	struct bytes joined = { 0 };
	uint32_t id = 0;
	sqlite3_stmt *rows = db_bind(db, SQL_TAGS_OF_ALL, NULL, 0, err);
	while (rows && db_next(rows, err)) {
		uint32_t next = (uint32_t)sqlite3_column_int64(rows, 0);
		if (next != id)
			keep_tags(load, id, &joined);
		id = next;
		join_tag(&joined, db_column(rows, 1));
	}
	keep_tags(load, id, &joined);
	bytes_finish(&joined);
	return err->code == ERROR_NONE;
}

static int compare_tagged(const void *key, const void *element)
{
	uint32_t a = *(const uint32_t *)key, b = ((const struct tagged *)element)->id;
	return (a > b) - (a < b);
}

static struct str find_tags(const struct shelf_load *load, uint32_t id)
{
	const struct tagged *tagged = load->tagged.len == 0
					      ? NULL
					      : bsearch(&id, load->tagged.ptr, load->tagged.len,
							sizeof *tagged, compare_tagged);
	return tagged ? tagged->text : STR_NULL;
}

bool shelf_load_begin(struct shelf *shelf, struct db *db, struct error *err)
{
	shelf_clear(shelf);
	struct shelf_load *load = calloc(1, sizeof *load);
	if (!load)
		die_oom();
	load->tagged = ARRAY_OF(struct tagged);
	shelf->load = load;
	if (!load_tags(load, db, err))
		return false;
	load->rows = db_bind(db, SQL_LISTING, NULL, 0, err);
	return load->rows != NULL;
}

bool shelf_load_some(struct shelf *shelf, size_t n, bool *done, struct error *err)
{
	sqlite3_stmt *rows = shelf->load->rows;
	err->code = ERROR_NONE;
	*done = false;
	for (size_t i = 0; i < n; i++) {
		if (!db_next(rows, err)) {
			*done = true;
			break;
		}
		uint32_t id = (uint32_t)sqlite3_column_int64(rows, 0);
		if (!append_slot(shelf, id, (uint32_t)sqlite3_column_int64(rows, 1),
				 sqlite3_column_int(rows, 2) != 0, db_column(rows, 3),
				 find_tags(shelf->load, id), err))
			return false;
	}
	pad(shelf);
	if (*done)
		load_end(shelf);
	return !*done || err->code == ERROR_NONE;
}

struct str shelf_slot_text(const struct shelf *shelf, size_t slot)
{
	uint32_t from = u32_at(&shelf->offsets, slot), to = u32_at(&shelf->offsets, slot + 1);
	return (struct str){ shelf->text.ptr + from, to - from };
}

struct str shelf_slot_field(const struct shelf *shelf, size_t slot, enum shelf_field field)
{
	struct str rest = shelf_slot_text(shelf, slot), part = STR("");
	for (unsigned i = 0; i <= (unsigned)field; i++) {
		if (rest.len == 0 || !str_next_part(&rest, SHELF_END, &part))
			return STR("");
	}
	return part;
}

bool shelf_find(const struct shelf *shelf, uint32_t id, size_t *slot)
{
	uint32_t found = id < shelf->slots.len ? u32_at(&shelf->slots, id) : 0;
	*slot = found - 1;
	return found != 0;
}

/* As the index orders: name and triggers, then id. Tags are not in there. */
static struct str sort_text(const struct shelf *shelf, size_t slot)
{
	struct str text = shelf_slot_text(shelf, slot);
	size_t n_ends = 0, len = 0;
	while (len < text.len && (text.ptr[len] != SHELF_END || ++n_ends < 2))
		len++;
	return str_slice(text, 0, len);
}

static int compare_slots(const struct shelf *shelf, size_t a, size_t b)
{
	int order = str_compare(sort_text(shelf, a), sort_text(shelf, b));
	uint32_t id_a = u32_at(&shelf->ids, a), id_b = u32_at(&shelf->ids, b);
	return order ? order : (id_a > id_b) - (id_a < id_b);
}

static int compare_for_sort(const void *a, const void *b, void *context)
{
	return compare_slots(context, *(const uint32_t *)a, *(const uint32_t *)b);
}

static void make_order_explicit(struct shelf *shelf, size_t n_slots)
{
	array_reserve(&shelf->order, n_slots);
	for (size_t slot = 0; shelf->order.len < n_slots; slot++)
		push_u32(&shelf->order, (uint32_t)slot);
}

/* Places the slots from `first_new` on among the others and lets dead ones fall out: a new one is dead
   when its model changed more than once. */
static void merge_order(struct shelf *shelf, size_t first_new)
{
	size_t n_new = 0, next = 0;
	struct arena arena = { 0 };
	uint32_t *fresh = ARENA_NEW_N(&arena, uint32_t, shelf_n(shelf) - first_new + 1);
	struct array merged = ARRAY_OF(uint32_t);
	struct bitmap live = shelf_live(shelf);
	for (size_t slot = first_new; slot < shelf_n(shelf); slot++)
		if (bitmap_has(&live, slot))
			fresh[n_new++] = (uint32_t)slot;
	qsort_r(fresh, n_new, sizeof *fresh, compare_for_sort, shelf);
	array_reserve(&merged, shelf->order.len + n_new);
	for (size_t i = 0; i < shelf->order.len; i++) {
		uint32_t old = u32_at(&shelf->order, i);
		if (!bitmap_has(&live, old))
			continue;
		while (next < n_new && compare_slots(shelf, fresh[next], old) < 0)
			push_u32(&merged, fresh[next++]);
		push_u32(&merged, old);
	}
	while (next < n_new)
		push_u32(&merged, fresh[next++]);
	array_finish(&shelf->order);
	shelf->order = merged;
	arena_finish(&arena);
}

/* Slot `from` becomes slot `to`, which is the lower one and free. */
static void move_slot(struct shelf *shelf, size_t from, size_t to)
{
	uint32_t *offsets = shelf->offsets.ptr, *ids = shelf->ids.ptr;
	uint32_t *classes = shelf->classes.ptr, *slots = shelf->slots.ptr;
	uint64_t *letters = shelf->letters.ptr;
	uint32_t at = offsets[from], len = offsets[from + 1] - at;
	struct bitmap live = shelf_live(shelf), present = shelf_present(shelf);
	memmove(shelf->text.ptr + offsets[to], shelf->text.ptr + at, len);
	offsets[to + 1] = offsets[to] + len;
	ids[to] = ids[from];
	classes[to] = classes[from];
	letters[to] = letters[from];
	slots[ids[to]] = (uint32_t)to + 1;
	bitmap_set(&live, to);
	if (bitmap_has(&present, from))
		bitmap_set(&present, to);
	bitmap_clear(&live, from);
	bitmap_clear(&present, from);
}

/* In place, so that a million models never need twice their memory. */
static void compact(struct shelf *shelf)
{
	size_t n = shelf_n(shelf), n_kept = 0;
	struct bitmap live = shelf_live(shelf);
	struct arena arena = { 0 };
	uint32_t *renumbered = ARENA_NEW_N(&arena, uint32_t, n + 1);
	for (size_t slot = 0; slot < n; slot++) {
		if (!bitmap_has(&live, slot))
			continue;
		renumbered[slot] = (uint32_t)n_kept;
		if (slot != n_kept)
			move_slot(shelf, slot, n_kept);
		n_kept++;
	}
	for (size_t i = 0; i < shelf->order.len; i++) {
		uint32_t *slot = ARRAY_AT(&shelf->order, uint32_t, i);
		*slot = renumbered[*slot];
	}
	shelf->ids.len = shelf->classes.len = shelf->letters.len = n_kept;
	shelf->offsets.len = n_kept + 1;
	shelf->text.len = u32_at(&shelf->offsets, n_kept);
	shelf->n_dead = 0;
	shelf->renumbered++;
	arena_finish(&arena);
}

static bool read_tags(struct db *db, uint32_t id, struct bytes *tags, struct error *err)
{
	bytes_clear(tags);
	sqlite3_stmt *rows = DB_BIND(db, SQL_TAGS_OF_MODEL, err, db_int(id));
	while (rows && db_next(rows, err))
		join_tag(tags, db_column(rows, 0));
	return err->code == ERROR_NONE;
}

static bool read_again(struct shelf *shelf, struct db *db, uint32_t id, struct bytes *tags,
		       struct error *err)
{
	size_t slot;
	if (shelf_find(shelf, id, &slot)) {
		kill_slot(shelf, slot);
		*ARRAY_AT(&shelf->slots, uint32_t, id) = 0;
	}
	if (!read_tags(db, id, tags, err))
		return false;
	sqlite3_stmt *row = DB_BIND(db, SQL_LISTING_OF_MODEL, err, db_int(id));
	if (!row || !db_next(row, err))
		return err->code == ERROR_NONE;
	bool ok = append_slot(shelf, id, (uint32_t)sqlite3_column_int64(row, 1),
			      sqlite3_column_int(row, 2) != 0, db_column(row, 3), bytes_str(tags),
			      err);
	db_reset(row);
	return ok;
}

bool shelf_update(struct shelf *shelf, struct db *db, const uint32_t *ids, size_t n_ids,
		  struct error *err)
{
	struct bytes tags = { 0 };
	size_t first_new = shelf_n(shelf);
	bool ok = true;
	if (shelf->order.len == 0)
		make_order_explicit(shelf, first_new);
	for (size_t i = 0; ok && i < n_ids; i++)
		ok = read_again(shelf, db, ids[i], &tags, err);
	merge_order(shelf, first_new);
	if (shelf->n_dead > DEAD_MIN && shelf->n_dead > shelf_n(shelf) / DEAD_SHARE)
		compact(shelf);
	pad(shelf);
	bytes_finish(&tags);
	return ok;
}

/* Marks every slot that has the word, jumping from hit to the next slot. */
static void mark_all(const struct shelf *shelf, struct str word, struct bitmap *found)
{
	const uint32_t *offsets = shelf->offsets.ptr;
	size_t end = shelf->text.len, slot = 0;
	for (size_t at = text_find(shelf->text.ptr, 0, end, word); at < end;
	     at = text_find(shelf->text.ptr, offsets[slot], end, word)) {
		while (offsets[slot + 1] <= at)
			slot++;
		bitmap_set(found, slot++);
	}
}

static void mark_some(const struct shelf *shelf, struct str word, const struct bitmap *in,
		      struct bitmap *found)
{
	const uint32_t *offsets = shelf->offsets.ptr;
	for (size_t slot = bitmap_next(in, 0); slot < in->n_bits;
	     slot = bitmap_next(in, slot + 1)) {
		size_t end = offsets[slot + 1];
		if (text_find(shelf->text.ptr, offsets[slot], end, word) < end)
			bitmap_set(found, slot);
	}
}

/* Letters first: they are an eighth of the text, and for one letter they are the answer. */
static void mark(const struct shelf *shelf, struct str word, const struct bitmap *in,
		 struct bitmap *found)
{
	struct arena arena = { 0 };
	struct bitmap able =
		letters_filter(shelf->letters.ptr, shelf_n(shelf), in, letters_of(word), &arena);
	if (letters_tell(word))
		bitmap_or(found, &able);
	else if (bitmap_count(&able) < shelf_n(shelf) / FEW_SHARE)
		mark_some(shelf, word, &able, found);
	else
		mark_all(shelf, word, found);
	arena_finish(&arena);
}

/* The word as it is, then with each of its points as the point of an extension. */
struct bitmap shelf_search(const struct shelf *shelf, struct str word, const struct bitmap *in,
			   struct arena *arena)
{
	struct bitmap found = bitmap_new(arena, shelf_n(shelf));
	char *bytes = arena_cstr(arena, word);
	struct str variant = { bytes, word.len };
	size_t n_points = 0;
	if (word.len == 0 || shelf->text.len == 0)
		return found;
	mark(shelf, variant, in, &found);
	/* From the end: that is where an extension is. */
	for (size_t i = word.len; i-- > 0 && n_points < POINTS_MAX;) {
		if (bytes[i] != '.')
			continue;
		n_points++;
		bytes[i] = SHELF_DOT;
		mark(shelf, variant, in, &found);
		bytes[i] = '.';
	}
	return found;
}
