// SPDX-License-Identifier: MIT
#include "core/fit/binder.h"

enum { LAYOUTS_EXPECTED = 64 };

/* A layout that was tried and binds nothing: no adapter, or not to be had. */
static const struct binding nothing;

void binder_init(struct binder *binder, const struct knowledge *knowledge, struct str architecture,
		 struct str layout, binder_read_fn read, void *context)
{
	*binder = (struct binder){ .knowledge = knowledge, .read = read, .context = context };
	if (architecture.ptr)
		binder->architecture = arena_str(&binder->arena, architecture);
	if (layout.ptr)
		binder->layout = arena_str(&binder->arena, layout);
	map_init(&binder->by_layout, &binder->arena, LAYOUTS_EXPECTED);
	map_init(&binder->notes, &binder->arena, LAYOUTS_EXPECTED);
}

void binder_finish(struct binder *binder)
{
	arena_finish(&binder->arena);
	arena_finish(&binder->room);
}

void binder_rest(struct binder *binder)
{
	arena_finish(&binder->room);
	binder->names = NULL;
	binder->is_tried = false;
}

const struct module_names *binder_names(struct binder *binder)
{
	struct tensor_table table;
	if (binder->names || binder->is_tried || !binder->layout.ptr)
		return binder->names;
	binder->is_tried = true;
	if (binder->read(binder->context, binder->layout, &binder->room, &table))
		binder->names = module_names_create(binder->knowledge, &table, binder->architecture,
						    &binder->room);
	return binder->names;
}

/* Kept is what is told of it, not the adapter: a library has LoRAs by the thousand. */
static const struct binding *bind(struct binder *binder, struct str layout)
{
	struct arena room = { 0 };
	struct tensor_table table;
	struct adapter adapter;
	struct binding binding;
	const struct binding *kept = &nothing;
	const struct module_names *names = binder_names(binder);
	if (names && binder->read(binder->context, layout, &room, &table) &&
	    adapter_read(&table, binder->knowledge, &room, &adapter)) {
		binding_read(names, &adapter, &binding);
		kept = binding_copy(&binding, &binder->arena);
	}
	arena_finish(&room);
	return kept;
}

const struct binding *binder_bind(struct binder *binder, struct str layout)
{
	if (!layout.ptr || !binder->layout.ptr)
		return NULL;
	const struct binding *binding = map_find(&binder->by_layout, layout);
	if (!binding) {
		binding = bind(binder, layout);
		*map_place(&binder->by_layout, arena_str(&binder->arena, layout)) = (void *)binding;
	}
	return binding == &nothing ? NULL : binding;
}

struct notes binder_notes(struct binder *binder, struct str layout)
{
	struct arena room = { 0 };
	struct tensor_table table;
	if (!layout.ptr || !binder->layout.ptr)
		return (struct notes){ 0 };
	struct notes *notes = map_find(&binder->notes, layout);
	if (notes)
		return *notes;
	notes = ARENA_NEW(&binder->arena, struct notes);
	if (binder->read(binder->context, layout, &room, &table))
		notes_read(binder->knowledge, &table, &binder->arena, notes);
	*map_place(&binder->notes, arena_str(&binder->arena, layout)) = notes;
	arena_finish(&room);
	return *notes;
}
