// SPDX-License-Identifier: MIT
#include "storage/index/paths.h"

#include <string.h>

/* What a folder has to do with the text that is looked for. */
enum folder_hit {
	HIT_NO,
	HIT_FOLDER,  /* everything in it matches */
	HIT_IF_FILE, /* what begins with, or is, the rest of the text */
};

struct path_search {
	struct term_run *run;
	enum query_match match;
	struct str text;        /* as it was asked for */
	struct str above, file; /* cut after its last slash */
	uint8_t *hits;          /* enum folder_hit by folder id */
	size_t n_hits;
	struct bytes name; /* scratch */
};

static void fold_folder(struct str path, struct bytes *out)
{
	shelf_fold(out, path);
	if (out->len > 0 && out->ptr[out->len - 1] != '/')
		bytes_append_byte(out, '/');
}

/* @whole  absolute, folded, with a slash at its end; the last `relative_len` bytes below the root */
static enum folder_hit judge_folder(const struct path_search *search, struct str whole,
				    size_t relative_len)
{
	struct str relative = str_slice(whole, whole.len - relative_len, whole.len);
	switch (search->match) {
	case MATCH_ANY: return HIT_FOLDER;
	case MATCH_EXACT:
		return str_equal(whole, search->above) || str_equal(relative, search->above)
			       ? HIT_IF_FILE
			       : HIT_NO;
	case MATCH_CONTAINS:
		if (str_find(whole, search->text) >= 0)
			return HIT_FOLDER;
		return search->above.len > 0 && str_has_suffix(whole, search->above) ? HIT_IF_FILE
										     : HIT_NO;
	}
	return HIT_NO;
}

static void keep_hit(struct path_search *search, int64_t id, enum folder_hit hit)
{
	if (id < 0 || (uint64_t)id >= UINT32_MAX)
		return;
	if ((size_t)id >= search->n_hits) {
		size_t n = ((size_t)id + 1) * 2;
		uint8_t *hits = ARENA_NEW_N(search->run->arena, uint8_t, n);
		if (search->n_hits > 0)
			memcpy(hits, search->hits, search->n_hits);
		search->hits = hits;
		search->n_hits = n;
	}
	search->hits[id] = (uint8_t)hit;
}

static void judge_folders(struct path_search *search)
{
	const struct row_reader *reader = search->run->reader;
	struct bytes whole = { 0 }, relative = { 0 };
	sqlite3_stmt *rows = db_bind(reader->db, SQL_FOLDERS, NULL, 0, search->run->err);
	while (rows && db_next(rows, search->run->err)) {
		const struct root *root = roots_find(reader->roots, sqlite3_column_int64(rows, 1));
		if (!root)
			continue;
		bytes_clear(&whole);
		bytes_clear(&relative);
		fold_folder(root->path, &whole);
		fold_folder(db_column(rows, 2), &relative);
		bytes_append_str(&whole, bytes_str(&relative));
		keep_hit(search, sqlite3_column_int64(rows, 0),
			 judge_folder(search, bytes_str(&whole), relative.len));
	}
	bytes_finish(&whole);
	bytes_finish(&relative);
}

/* The file name of a slot with its point, borrowed until the next one. */
static struct str file_name(struct path_search *search, size_t slot)
{
	struct str name = shelf_slot_field(search->run->shelf, slot, SHELF_NAME);
	ptrdiff_t item = str_find_byte(name, SHELF_ITEM), dot = str_find_byte(name, SHELF_DOT);
	if (item >= 0)
		return str_slice(name, (size_t)item + 1, name.len);
	bytes_clear(&search->name);
	bytes_append_str(&search->name, name);
	if (dot >= 0)
		search->name.ptr[dot] = '.';
	return bytes_str(&search->name);
}

static bool file_matches(struct path_search *search, size_t slot)
{
	struct str name = file_name(search, slot);
	return search->match == MATCH_EXACT ? str_equal(name, search->file)
					    : str_has_prefix(name, search->file);
}

static void mark_folders(struct path_search *search, struct bitmap *found)
{
	for (size_t slot = 0; slot < found->n_bits; slot++) {
		int64_t folder = columns_at(search->run->columns, COLUMN_FOLDER, slot);
		enum folder_hit hit = folder >= 0 && (uint64_t)folder < search->n_hits
					      ? search->hits[folder]
					      : HIT_NO;
		if (hit == HIT_FOLDER || (hit == HIT_IF_FILE && file_matches(search, slot)))
			bitmap_set(found, slot);
	}
}

static void mark_files(struct path_search *search, const struct bitmap *in_file,
		       struct bitmap *found)
{
	for (size_t slot = bitmap_next(in_file, 0); slot < in_file->n_bits;
	     slot = bitmap_next(in_file, slot + 1)) {
		if (!bitmap_has(found, slot) &&
		    str_find(file_name(search, slot), search->text) >= 0)
			bitmap_set(found, slot);
	}
}

static bool read_folders(struct term_run *run)
{
	return columns_read(run->columns, run->shelf, run->reader->db, run->err);
}

struct bitmap paths_search(struct term_run *run, const struct query_node *leaf,
			   const struct bitmap *in_file)
{
	struct bitmap found = bitmap_new(run->arena, shelf_n(run->shelf));
	size_t cut = (size_t)(str_rfind_byte(leaf->text, '/') + 1);
	struct path_search search = {
		.run = run,
		.match = leaf->match,
		.text = leaf->text,
		.above = str_slice(leaf->text, 0, cut),
		.file = str_slice(leaf->text, cut, leaf->text.len),
	};
	if (!read_folders(run))
		return found;
	judge_folders(&search);
	mark_folders(&search, &found);
	if (leaf->match == MATCH_CONTAINS)
		mark_files(&search, in_file, &found);
	bytes_finish(&search.name);
	return found;
}

static bool root_matches(const struct root *root, const struct query_node *leaf,
			 struct bytes *scratch)
{
	bytes_clear(scratch);
	shelf_fold(scratch, root->name);
	switch (leaf->match) {
	case MATCH_CONTAINS: return str_find(bytes_str(scratch), leaf->text) >= 0;
	case MATCH_EXACT: return str_equal(bytes_str(scratch), leaf->text);
	case MATCH_ANY: return true;
	}
	return false;
}

struct bitmap paths_of_roots(struct term_run *run, const struct query_node *leaf)
{
	struct bitmap found = bitmap_new(run->arena, shelf_n(run->shelf));
	struct path_search search = { .run = run };
	if (!read_folders(run))
		return found;
	sqlite3_stmt *rows = db_bind(run->reader->db, SQL_FOLDERS, NULL, 0, run->err);
	while (rows && db_next(rows, run->err)) {
		const struct root *root =
			roots_find(run->reader->roots, sqlite3_column_int64(rows, 1));
		if (root && root_matches(root, leaf, &search.name))
			keep_hit(&search, sqlite3_column_int64(rows, 0), HIT_FOLDER);
	}
	mark_folders(&search, &found);
	bytes_finish(&search.name);
	return found;
}
