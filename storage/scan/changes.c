// SPDX-License-Identifier: MIT
#include "storage/scan/changes.h"

#include <stdlib.h>
#include <string.h>

#include "core/identify/identify.h"
#include "storage/scan/hub.h"
#include "storage/scan/names.h"

/* never-lose-data: more than 20 files and more than a fifth of the root. */
enum { MASS_FILES = 20, MASS_DIVISOR = 5 };

/** Does `path` sort before (< 0), in (0) or after (> 0) what is below `folder`? */
static int place_of(struct str path, struct str folder)
{
	int order = str_compare(str_slice(path, 0, folder.len), folder);
	if (order)
		return order;
	/* "a-b/x" sorts between "a" and "a/x", so the slash counts. */
	return path.len == folder.len ? -1 : (unsigned char)path.ptr[folder.len] - '/';
}

/** Index of the first file whose place is `least` or later. */
static size_t bound(struct known_range range, struct str folder, int least)
{
	size_t from = 0, to = range.n;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (place_of(range.files[middle].path, folder) < least)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

struct known_range known_below(struct known_range all, struct str folder)
{
	if (folder.len == 0)
		return all;
	size_t from = bound(all, folder, 0);
	struct known_range rest = { all.files + from, all.n - from };
	return (struct known_range){ rest.files, bound(rest, folder, 1) };
}

const struct known_file *known_find(struct known_range range, struct str path, size_t shared_len)
{
	struct str wanted = str_slice(path, shared_len, path.len);
	size_t from = 0, to = range.n;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		struct str at = range.files[middle].path;
		int order = str_compare(str_slice(at, shared_len, at.len), wanted);
		if (order == 0)
			return &range.files[middle];
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

enum change change_of(const struct known_file *known, const struct file_state *now,
		      uint64_t context, bool stable_inodes)
{
	if (!known)
		return CHANGE_NEW;
	const struct file_state *before = &known->state;
	if (before->size_bytes != now->size_bytes || before->mtime_ns != now->mtime_ns ||
	    known->context != context)
		return CHANGE_CHANGED;
	if (stable_inodes && (before->inode != now->inode || before->ctime_ns != now->ctime_ns))
		return CHANGE_CHANGED;
	return known->is_missing ? CHANGE_BACK : CHANGE_SAME;
}

static int compare_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_content(const struct file_state *a, const struct file_state *b)
{
	int order = compare_u64(a->inode, b->inode);
	if (order == 0)
		order = compare_u64(a->size_bytes, b->size_bytes);
	if (order == 0)
		order = (a->mtime_ns > b->mtime_ns) - (a->mtime_ns < b->mtime_ns);
	return order;
}

static int compare_strays(const void *a, const void *b)
{
	const struct stray *const *left = a, *const *right = b;
	return compare_content(&(*left)->state, &(*right)->state);
}

static struct stray **sorted(struct stray *list, size_t n, struct arena *arena)
{
	struct stray **order = ARENA_NEW_N(arena, struct stray *, n);
	for (size_t i = 0; i < n; i++) {
		list[i].match = SIZE_MAX;
		order[i] = &list[i];
	}
	if (n)
		qsort(order, n, sizeof *order, compare_strays);
	return order;
}

/** How many from `i` on have the same content as the one at `i`. */
static size_t run_length(struct stray *const *order, size_t n, size_t i)
{
	size_t end = i + 1;
	while (end < n && compare_strays(&order[i], &order[end]) == 0)
		end++;
	return end - i;
}

/** The only one of the `n` that has not been missing for longer; NULL without one. */
static struct stray *last_seen(struct stray *const *list, size_t n)
{
	struct stray *found = n == 1 ? list[0] : NULL;
	size_t n_found = 0;
	for (size_t i = 0; n > 1 && i < n; i++)
		if (!list[i]->was_missing) {
			found = list[i];
			n_found++;
		}
	return n_found > 1 ? NULL : found;
}

/** What follows the last dot of a folder's name is no extension, and may change. */
static bool same_extension(struct str a, struct str b)
{
	struct str name_a = name_of_path(a), name_b = name_of_path(b);
	const struct name_rules usual = { 0 };
	if (!name_is_model(&usual, name_a) && !name_is_model(&usual, name_b))
		return true;
	return str_equal_nocase(str_slice(name_a, name_stem(name_a).len, name_a.len),
				str_slice(name_b, name_stem(name_b).len, name_b.len));
}

void changes_match_moves(struct stray *gone, size_t n_gone, struct stray *arrived, size_t n_arrived,
			 struct arena *arena)
{
	struct stray **old = sorted(gone, n_gone, arena), **now = sorted(arrived, n_arrived, arena);
	for (size_t i = 0, j = 0; i < n_gone && j < n_arrived;) {
		int order = compare_strays(&old[i], &now[j]);
		size_t n_old = order <= 0 ? run_length(old, n_gone, i) : 0;
		size_t n_now = order >= 0 ? run_length(now, n_arrived, j) : 0;
		struct stray *origin = last_seen(&old[i], n_old);
		if (origin && n_now == 1 && same_extension(origin->path, now[j]->path)) {
			origin->match = (size_t)(now[j] - arrived);
			now[j]->match = (size_t)(origin - gone);
		}
		i += n_old;
		j += n_now;
	}
}

bool changes_is_mass(size_t n_present, size_t n_gone)
{
	return n_gone > MASS_FILES && n_gone > n_present / MASS_DIVISOR;
}

/* What lies in a snapshot of the hub is called after other folders than its own. */
static bool is_of_hub(struct str path)
{
	struct hub_place place;
	return hub_place_parse(path, &place) || str_equal(name_of_folder(path), STR("snapshots"));
}

enum names_change changes_of_names(const struct knowledge *knowledge, struct str path_before,
				   struct str path_now)
{
	struct str before = name_of_folder(path_before), now = name_of_folder(path_now);
	if (!str_equal(name_of_path(path_before), name_of_path(path_now)))
		return NAMES_SAY_OTHER;
	if (str_equal(before, now))
		return NAMES_SAY_SAME;
	if (is_of_hub(path_before) || is_of_hub(path_now))
		return NAMES_SAY_OTHER;
	return identify_heeds_folder(knowledge, before) || identify_heeds_folder(knowledge, now)
		       ? NAMES_SAY_FOLDER
		       : NAMES_SAY_SAME;
}
