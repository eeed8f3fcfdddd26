// SPDX-License-Identifier: MIT
#include "core/identify/view.h"

static void index_tensors(struct view *view)
{
	size_t n = view->table->n_tensors;
	struct str *names = ARENA_NEW_N(view->arena, struct str, n + 1);
	for (size_t i = 0; i < n; i++)
		names[i] = view->table->tensors[i].name;
	names_index(&view->tensors, names, n, &view->knowledge->denoiser_roots, true, view->arena);
	packings_find(&view->packings, view->knowledge, &view->tensors);
}

static void index_modules(struct view *view)
{
	size_t n = 0, n_all = view->adapter ? view->adapter->n_modules : 0;
	struct str *names = ARENA_NEW_N(view->arena, struct str, n_all + 1);
	uint32_t *module_i = ARENA_NEW_N(view->arena, uint32_t, n_all + 1);
	for (size_t i = 0; i < n_all; i++) {
		if (view->adapter->modules[i].is_text_encoder)
			continue;
		names[n] = view->adapter->modules[i].joined;
		module_i[n++] = (uint32_t)i;
	}
	view->module_i = module_i;
	names_index(&view->modules, names, n, NULL, false, view->arena);
}

bool view_open(struct view *view)
{
	if (view->is_open || !view->table)
		return view->is_open;
	view->is_open = true;
	index_tensors(view);
	struct adapter *adapter = ARENA_NEW(view->arena, struct adapter);
	if (adapter_read(view->table, view->knowledge, view->arena, adapter))
		view->adapter = adapter;
	index_modules(view);
	return true;
}

bool view_has_variant(const struct view *view, struct str id)
{
	for (size_t i = 0; i < view->n_variants; i++)
		if (str_equal(view->variants[i]->id, id))
			return true;
	return false;
}
