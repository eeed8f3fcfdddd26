// SPDX-License-Identifier: MIT
#include "cli/binder.h"

static bool is_at_hand(const struct picked *picked)
{
	return picked->model.status == STATUS_OK && (!picked->has_entry || picked->entry.is_online);
}

static bool find_layout(struct binder *binder, const struct picked *picked, struct arena *arena,
			struct str *key)
{
	return is_at_hand(picked) &&
	       library_layout_find(binder->layouts, arena_cstr(arena, picked->path), key);
}

static bool read_table(struct binder *binder, const struct picked *picked, struct arena *arena,
		       struct tensor_table *table)
{
	struct str key;
	return find_layout(binder, picked, arena, &key) &&
	       library_layout_read(binder->layouts, key, arena, table);
}

void binder_open(struct binder *binder, struct cli *cli, const struct picked *checkpoint)
{
	struct tensor_table table;
	*binder = (struct binder){.cli = cli, .layouts = library_layouts_open(cli->knowledge, cli->readers)};
	map_init(&binder->by_layout, &binder->arena, 64);
	enum kind kind = checkpoint ? checkpoint->model.kind : KIND_UNKNOWN;
	if ((kind == KIND_CHECKPOINT || kind == KIND_DIFFUSION_MODEL) &&
	    read_table(binder, checkpoint, &binder->arena, &table))
		binder->checkpoint = module_names_create(
			cli->knowledge, &table, checkpoint->model.architecture, &binder->arena);
}

void binder_close(struct binder *binder)
{
	library_layouts_close(binder->layouts);
	arena_finish(&binder->arena);
}

const struct adapter *binder_adapter(struct binder *binder, const struct picked *lora,
				     struct arena *arena)
{
	struct tensor_table table;
	struct adapter *adapter = ARENA_NEW(arena, struct adapter);
	return read_table(binder, lora, arena, &table) &&
			       adapter_read(&table, binder->cli->knowledge, arena, adapter)
		       ? adapter
		       : NULL;
}

/* Kept is what is told of it, not the adapter: a library has LoRAs by the thousand. */
static const struct binding *bind_layout(struct binder *binder, struct str key, struct arena *room)
{
	struct tensor_table table;
	struct adapter adapter;
	struct binding binding;
	if (!library_layout_read(binder->layouts, key, room, &table) ||
	    !adapter_read(&table, binder->cli->knowledge, room, &adapter))
		return NULL;
	binding_read(binder->checkpoint, &adapter, &binding);
	return binding_copy(&binding, &binder->arena);
}

const struct binding *binder_bind(struct binder *binder, const struct picked *lora)
{
	struct arena room = {0};
	struct str key;
	const struct binding *binding = NULL;
	if (binder->checkpoint && lora->model.kind == KIND_LORA &&
	    find_layout(binder, lora, &room, &key)) {
		binding = map_find(&binder->by_layout, key);
		if (!binding) {
			binding = bind_layout(binder, key, &room);
			*map_place(&binder->by_layout, key) = (void *)binding;
		}
	}
	arena_finish(&room);
	return binding;
}
