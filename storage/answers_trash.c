// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "core/base/map.h"
#include "core/base/path.h"
#include "storage/answers.h"
#include "storage/files/trash_list.h"
#include "storage/scan/companions.h"
#include "storage/scan/names.h"
#include "storage/user/operations.h"

/* Programs put a model and what belongs to it there one after the other. */
enum { TOGETHER_S = 2 };

/** One file in a trash, and which operation of ours put it there. */
struct lying {
	struct trash_entry entry;
	const struct operation_trashed *by; /* NULL: another program did */
};

struct gathering {
	struct answers *answers; /* borrowed */
	struct arena *arena;     /* of the answer */
	struct arena scratch;
	struct map put;       /* path in a trash -> the last struct operation_trashed */
	struct map looked_at; /* folders of trashes */
	struct array lying;   /* struct lying */
	struct array trashed; /* struct trashed */
	size_t n_left_out;
};

static bool load_put(struct gathering *gathering, struct error *err)
{
	struct array list = ARRAY_OF(struct operation_trashed);
	bool ok = operations_trashed(gathering->answers->db, gathering->arena, &list, err);
	struct operation_trashed *put = array_to_arena(&list, gathering->arena);
	map_init(&gathering->put, &gathering->scratch, list.len + 1);
	for (size_t i = 0; ok && i < list.len; i++)
		*map_place(&gathering->put, put[i].new) = &put[i];
	array_finish(&list);
	return ok;
}

/* The place of one of ours may have been given to another file since. */
static const struct operation_trashed *who_put(const struct gathering *gathering,
					       const struct trashed_file *file)
{
	const struct operation_trashed *by = map_find(&gathering->put, file->path);
	return by && str_equal(by->old, file->old) ? by : NULL;
}

static void look_into(struct gathering *gathering, const struct trash *trash)
{
	struct trash_listing listing = { .entries = ARRAY_OF(struct trash_entry) };
	void **place = map_place(&gathering->looked_at, trash->folder);
	struct str rest;
	if (*place)
		return;
	*place = gathering;
	trash_list(trash, gathering->arena, &listing);
	for (size_t i = 0; i < listing.entries.len; i++) {
		const struct trash_entry *entry = ARRAY_AT(&listing.entries, struct trash_entry, i);
		const struct operation_trashed *by = who_put(gathering, &entry->file);
		if (by || roots_locate(&gathering->answers->roots, entry->file.old, &rest))
			*ARRAY_PUSH(&gathering->lying, struct lying) = (struct lying){ *entry, by };
	}
	gathering->n_left_out += listing.n_left_out;
	array_finish(&listing.entries);
}

static void look_into_all(struct gathering *gathering, struct str path)
{
	struct trash trashes[TRASHES_MAX];
	const char *home = gathering->answers->options->trash_dir;
	size_t n = trash_all(path, str_from(home ? home : "/"), &gathering->scratch, trashes);
	for (size_t i = 0; i < n; i++)
		look_into(gathering, &trashes[i]);
}

static int compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* What goes together stands together: of ours by operation and group, a model before what belongs to it;
   of others by folder and time. */
static int compare_lying(const void *left, const void *right)
{
	const struct lying *a = left, *b = right;
	int order = compare_numbers(a->by ? a->by->operation : 0, b->by ? b->by->operation : 0);
	if (order == 0 && a->by)
		order = compare_numbers(a->by->group, b->by->group);
	if (order == 0 && a->by)
		order = compare_numbers(a->by->is_companion, b->by->is_companion);
	if (order == 0 && !a->by)
		order = str_compare(path_folder(a->entry.file.old), path_folder(b->entry.file.old));
	if (order == 0 && !a->by)
		order = compare_numbers(a->entry.at_s, b->entry.at_s);
	if (order == 0)
		order = str_compare(a->entry.file.old, b->entry.file.old);
	return order ? order : str_compare(a->entry.file.path, b->entry.file.path);
}

static bool are_together(const struct lying *first, const struct lying *next)
{
	if (first->by || next->by)
		return first->by && next->by && first->by->operation == next->by->operation &&
		       first->by->group == next->by->group;
	return next->entry.at_s - first->entry.at_s <= TOGETHER_S &&
	       str_equal(path_folder(first->entry.file.old), path_folder(next->entry.file.old));
}

/* @n  indices of `run`; the first gives the name */
static void add(struct gathering *gathering, const struct lying *run, const size_t *which, size_t n)
{
	struct trashed_file *files = ARENA_NEW_N(gathering->arena, struct trashed_file, n);
	const struct lying *first = &run[which[0]];
	struct trashed *out = ARRAY_PUSH(&gathering->trashed, struct trashed);
	*out = (struct trashed){ .files = files,
				 .n_files = n,
				 .at_s = first->entry.at_s,
				 .operation = first->by ? first->by->operation : 0 };
	for (size_t i = 0; i < n; i++) {
		files[i] = run[which[i]].entry.file;
		out->size_bytes += files[i].size_bytes;
	}
}

/** Files of one folder that came into a trash together. */
struct run {
	const struct lying *found;
	size_t n;
	struct str *models, *others;         /* names */
	size_t *model_places, *other_places; /* in `found` */
	size_t n_models, n_others;
};

static void sort_out(struct gathering *gathering, struct run *run)
{
	const struct library_options *options = gathering->answers->options;
	const struct name_rules rules = { .extensions = options->extensions,
					  .n_extensions = options->n_extensions };
	struct arena *arena = &gathering->scratch;
	run->models = ARENA_NEW_N(arena, struct str, run->n);
	run->others = ARENA_NEW_N(arena, struct str, run->n);
	run->model_places = ARENA_NEW_N(arena, size_t, run->n);
	run->other_places = ARENA_NEW_N(arena, size_t, run->n);
	for (size_t i = 0; i < run->n; i++) {
		const struct trashed_file *file = &run->found[i].entry.file;
		struct str name = str_after_last(file->old, '/');
		if (file->is_folder || name_is_model(&rules, name)) {
			run->models[run->n_models] = name;
			run->model_places[run->n_models++] = i;
		} else {
			run->others[run->n_others] = name;
			run->other_places[run->n_others++] = i;
		}
	}
}

/* Which of the others a companion is: its name is a slice of theirs. */
static size_t place_of(const struct run *run, struct str name)
{
	size_t i = 0;
	while (i < run->n_others && run->others[i].ptr != name.ptr)
		i++;
	return i;
}

static void split(struct gathering *gathering, const struct lying *found, size_t n)
{
	struct arena *arena = &gathering->scratch;
	struct run run = { .found = found, .n = n };
	sort_out(gathering, &run);
	struct companions *of = ARENA_NEW_N(arena, struct companions, run.n_models + 1);
	size_t *which = ARENA_NEW_N(arena, size_t, n + 1);
	bool *is_taken = ARENA_NEW_N(arena, bool, n + 1);
	companions_find(run.models, run.n_models, run.others, run.n_others, arena, of);
	for (size_t i = 0; i < run.n_models; i++) {
		size_t n_which = 1;
		which[0] = run.model_places[i];
		for (size_t j = 0; j < of[i].n; j++) {
			size_t other = place_of(&run, of[i].names[j]);
			if (other == run.n_others || is_taken[other])
				continue; /* what two share comes back once */
			is_taken[other] = true;
			which[n_which++] = run.other_places[other];
		}
		add(gathering, found, which, n_which);
	}
	for (size_t i = 0; i < run.n_others; i++)
		if (!is_taken[i])
			add(gathering, found, &run.other_places[i], 1);
}

static void put_together(struct gathering *gathering)
{
	struct lying *found = gathering->lying.ptr;
	size_t n = gathering->lying.len;
	if (n > 0)
		qsort(found, n, sizeof *found, compare_lying);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && are_together(&found[i], &found[end]); end++)
			;
		if (!found[i].by) {
			split(gathering, &found[i], end - i);
			continue;
		}
		size_t *which = ARENA_NEW_N(&gathering->scratch, size_t, end - i);
		for (size_t j = 0; j < end - i; j++)
			which[j] = j;
		add(gathering, &found[i], which, end - i);
	}
}

static int compare_trashed(const void *left, const void *right)
{
	const struct trashed *a = left, *b = right;
	int order = compare_numbers(b->at_s, a->at_s);
	if (order == 0)
		order = str_compare(a->files->old, b->files->old);
	return order ? order : str_compare(a->files->path, b->files->path);
}

static bool gather(struct gathering *gathering, struct error *err)
{
	const struct roots *roots = &gathering->answers->roots;
	gathering->lying = ARRAY_OF(struct lying);
	gathering->trashed = ARRAY_OF(struct trashed);
	map_init(&gathering->looked_at, &gathering->scratch, 8);
	if (!load_put(gathering, err))
		return false;
	for (size_t i = 0; i < roots->n; i++)
		look_into_all(gathering, arena_strf(&gathering->scratch, "%.*s/",
						    STR_ARG(roots->list[i].path)));
	put_together(gathering);
	if (gathering->trashed.len > 0)
		qsort(gathering->trashed.ptr, gathering->trashed.len, sizeof(struct trashed),
		      compare_trashed);
	return true;
}

static void end(struct gathering *gathering)
{
	array_finish(&gathering->lying);
	array_finish(&gathering->trashed);
	arena_finish(&gathering->scratch);
}

bool answers_trashed(struct answers *answers, struct event *event, struct error *err)
{
	struct gathering gathering = { .answers = answers, .arena = &event->arena };
	bool ok = gather(&gathering, err);
	event->as.trashed.n = gathering.trashed.len;
	event->as.trashed.list = array_to_arena(&gathering.trashed, &event->arena);
	event->as.trashed.n_left_out = gathering.n_left_out;
	end(&gathering);
	return ok;
}

static const struct trashed *find(const struct gathering *gathering, struct str path)
{
	for (size_t i = 0; i < gathering->trashed.len; i++) {
		const struct trashed *one = ARRAY_AT(&gathering->trashed, struct trashed, i);
		if (str_equal(one->files->path, path))
			return one;
	}
	return NULL;
}

static void add_steps(const struct trashed *one, uint32_t group, struct array *steps)
{
	for (size_t i = 0; i < one->n_files; i++)
		*ARRAY_PUSH(steps, struct plan_step) = (struct plan_step){
			.group = group,
			.action = PLAN_RESTORE,
			.is_companion = i > 0,
			.is_folder = one->files[i].is_folder,
			.old = one->files[i].path,
			.new = one->files[i].old,
			.other = STR(""),
		};
}

static struct str words_of(const struct str *paths, size_t n, struct arena *arena)
{
	struct str first = n > 0 ? str_after_last(paths[0], '/') : STR("");
	return n > 1 ? arena_strf(arena, "%.*s and %zu more", STR_ARG(first), n - 1)
		     : arena_str(arena, first);
}

bool answers_restore(struct answers *answers, const struct str *paths, size_t n_paths,
		     struct arena *arena, struct plan *plan, struct error *err)
{
	struct gathering gathering = { .answers = answers, .arena = arena };
	struct array steps = ARRAY_OF(struct plan_step);
	bool ok = gather(&gathering, err);
	for (size_t i = 0; ok && i < n_paths; i++) {
		const struct trashed *one = find(&gathering, paths[i]);
		if (one)
			add_steps(one, (uint32_t)i, &steps);
		else
			ok = error_set(err, ERROR_CHANGED, NULL,
				       "%.*s: it does not lie in the trash any more",
				       STR_ARG(paths[i]));
	}
	plan->words = words_of(paths, n_paths, arena);
	plan->steps = array_to_arena(&steps, arena);
	plan->n_steps = steps.len;
	array_finish(&steps);
	end(&gathering);
	return ok;
}
