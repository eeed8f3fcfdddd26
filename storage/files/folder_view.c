// SPDX-License-Identifier: MIT
#include "storage/files/folder_view.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "storage/scan/listing.h"

void folder_view_finish(struct folder_view *view)
{
	arena_finish(&view->arena);
	*view = (struct folder_view){ 0 };
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

static void sort_names(struct folder_view *view, const struct listing *listing,
		       const struct name_rules *rules)
{
	struct arena *arena = &view->arena;
	size_t n = listing->names.len, n_others = 0;
	struct str *models = ARENA_NEW_N(arena, struct str, n + 1);
	struct str *others = ARENA_NEW_N(arena, struct str, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct str name =
			arena_str(arena, ARRAY_AT(&listing->names, struct listed, i)->name);
		if (name_is_model(rules, name))
			models[view->n_models++] = name;
		else
			others[n_others++] = name;
	}
	struct companions *companions = ARENA_NEW_N(arena, struct companions, view->n_models + 1);
	companions_find(models, view->n_models, others, n_others, arena, companions);
	view->models = models;
	view->others = others;
	view->n_others = n_others;
	view->companions = companions;
	map_init(&view->by_name, arena, view->n_models + 1);
	map_init(&view->by_stem, arena, view->n_models + 1);
	for (size_t i = 0; i < view->n_models; i++) {
		void **of_stem = map_place(&view->by_stem, name_stem(models[i]));
		*map_place(&view->by_name, models[i]) = (void *)(uintptr_t)(i + 1);
		*of_stem = (void *)((uintptr_t)*of_stem + 1);
	}
}

bool folder_view_read(struct folder_view *view, struct str path, const struct name_rules *rules,
		      struct error *err)
{
	struct listing listing = { 0 };
	if (view->path.ptr && str_equal(view->path, path))
		return true;
	folder_view_finish(view);
	bool ok = list(path, &listing, &view->arena, err);
	if (ok) {
		view->path = arena_str(&view->arena, path);
		sort_names(view, &listing, rules);
	}
	listing_finish(&listing);
	return ok;
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
	struct str stem = name_stem(name);
	if ((uintptr_t)map_find(&view->by_stem, stem) < 2)
		return STR_NULL;
	for (size_t k = 0; k < view->n_models; k++)
		if (!str_equal(view->models[k], name) &&
		    str_equal(name_stem(view->models[k]), stem) && i-- == 0)
			return view->models[k];
	return STR_NULL;
}
