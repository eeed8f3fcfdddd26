// SPDX-License-Identifier: MIT
#include "storage/files/folder_view.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "storage/scan/shard_sets.h"

void folder_view_finish(struct folder_view *view)
{
	arena_finish(&view->arena);
	listing_finish(&view->listing);
	*view = (struct folder_view){ 0 };
}

static void forget(struct folder_view *view)
{
	struct arena arena = view->arena;
	struct listing listing = view->listing;
	arena_reset(&arena);
	*view = (struct folder_view){ .arena = arena, .listing = listing };
}

static bool list(struct str path, struct listing *listing, struct arena *arena, struct error *err)
{
	int fd = open(arena_cstr(arena, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_system(err, errno, "%.*s", STR_ARG(path));
	bool ok = listing_read(listing, fd, err);
	close(fd);
	return ok;
}

static void find_places(struct folder_view *view)
{
	map_init(&view->by_name, &view->arena, view->n_models + 1);
	for (size_t i = 0; i < view->n_models; i++)
		*map_place(&view->by_name, view->models[i]) = (void *)(uintptr_t)(i + 1);
}

/* Of the first part of a sharded set it is the name of the whole. */
static void find_repeated(struct folder_view *view)
{
	struct array models = ARRAY_OF(struct str), sets = ARRAY_OF(struct shard_set_first);
	struct str *repeated = ARENA_NEW_N(&view->arena, struct str, view->n_models + 1);
	for (size_t i = 0; i < view->n_models; i++)
		*ARRAY_PUSH(&models, struct str) = repeated[i] = view->models[i];
	shard_sets_find(&models, &view->arena, &sets);
	for (size_t i = 0; i < sets.len; i++) {
		const struct shard_set_first *set = ARRAY_AT(&sets, struct shard_set_first, i);
		size_t place = (size_t)(uintptr_t)map_find(&view->by_name, set->file);
		repeated[place - 1] = shard_name_of_whole(&set->name, &view->arena);
	}
	view->repeated = repeated;
	array_finish(&models);
	array_finish(&sets);
}

static void count_stems(struct folder_view *view)
{
	map_init(&view->by_stem, &view->arena, view->n_models + 1);
	for (size_t i = 0; i < view->n_models; i++) {
		void **of_stem = map_place(&view->by_stem, name_stem(view->repeated[i]));
		*of_stem = (void *)((uintptr_t)*of_stem + 1);
	}
}

static void sort_names(struct folder_view *view, const struct name_rules *rules)
{
	struct arena *arena = &view->arena;
	const struct array *names = &view->listing.names;
	size_t n = names->len;
	struct str *models = ARENA_NEW_N(arena, struct str, n + 1);
	struct str *others = ARENA_NEW_N(arena, struct str, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct str name = ARRAY_AT(names, struct listed, i)->name;
		if (name_is_model(rules, name))
			models[view->n_models++] = name;
		else
			others[view->n_others++] = name;
	}
	view->models = models;
	view->others = others;
	find_places(view);
	find_repeated(view);
	count_stems(view);
	struct companions *companions = ARENA_NEW_N(arena, struct companions, view->n_models + 1);
	companions_find(view->repeated, view->n_models, others, view->n_others, arena, companions);
	view->companions = companions;
}

bool folder_view_read(struct folder_view *view, struct str path, const struct name_rules *rules,
		      struct error *err)
{
	if (view->path.ptr && str_equal(view->path, path))
		return true;
	forget(view);
	if (!list(path, &view->listing, &view->arena, err))
		return false;
	view->path = arena_str(&view->arena, path);
	sort_names(view, rules);
	return true;
}

const struct companions *folder_view_find(const struct folder_view *view, struct str name)
{
	size_t i = (size_t)(uintptr_t)map_find(&view->by_name, name);
	return i > 0 ? &view->companions[i - 1] : NULL;
}

void folder_view_find_folder(const struct folder_view *view, struct str name, struct arena *arena,
			     struct companions *out)
{
	companions_find_folder(name, view->models, view->n_models, view->others, view->n_others,
			       arena, out);
}

struct str folder_view_sibling(const struct folder_view *view, struct str name, size_t i)
{
	size_t own = (size_t)(uintptr_t)map_find(&view->by_name, name) - 1; /* none: SIZE_MAX */
	struct str stem = name_stem(own < view->n_models ? view->repeated[own] : name);
	if ((uintptr_t)map_find(&view->by_stem, stem) < 2)
		return STR_NULL;
	for (size_t k = 0; k < view->n_models; k++)
		if (k != own && str_equal(name_stem(view->repeated[k]), stem) && i-- == 0)
			return view->models[k];
	return STR_NULL;
}
