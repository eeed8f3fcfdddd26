// SPDX-License-Identifier: MIT
#include "cli/binder.h"

static bool is_at_hand(const struct picked *picked)
{
	return picked->model.status == STATUS_OK && (!picked->has_entry || picked->entry.is_online);
}

static bool read_table(struct tensor_reader *reader, const struct picked *picked,
		       struct arena *arena, struct tensor_table *table, uint32_t *layout_id)
{
	return is_at_hand(picked) &&
	       library_tensors_read(reader, arena_cstr(arena, picked->path), arena, table,
				    layout_id);
}

void binder_open(struct binder *binder, struct cli *cli, const struct picked *checkpoint)
{
	struct tensor_table table;
	uint32_t layout_id;
	*binder = (struct binder){
		.cli = cli,
		.of_checkpoint = library_tensors_open(),
		.of_loras = library_tensors_open(),
	};
	map_init(&binder->by_layout, &binder->arena, 64);
	enum kind kind = checkpoint->model.kind;
	if ((kind == KIND_CHECKPOINT || kind == KIND_DIFFUSION_MODEL) &&
	    read_table(binder->of_checkpoint, checkpoint, &binder->arena, &table, &layout_id))
		binder->checkpoint = module_names_create(
			cli->knowledge, &table, checkpoint->model.architecture, &binder->arena);
}

void binder_close(struct binder *binder)
{
	library_tensors_close(binder->of_checkpoint);
	library_tensors_close(binder->of_loras);
	arena_finish(&binder->arena);
}

static const struct adapter *read_adapter(struct binder *binder, const struct tensor_table *table,
					  struct arena *arena)
{
	struct adapter *adapter = ARENA_NEW(arena, struct adapter);
	return adapter_read(table, binder->cli->knowledge, arena, adapter) ? adapter : NULL;
}

const struct adapter *binder_adapter(struct binder *binder, const struct picked *lora,
				     struct arena *arena)
{
	struct tensor_table table;
	uint32_t layout_id;
	return read_table(binder->of_loras, lora, arena, &table, &layout_id)
		       ? read_adapter(binder, &table, arena)
		       : NULL;
}

/* Kept is what is told of it, not the adapter: a library has LoRAs by the thousand. */
static const struct binding *bind(struct binder *binder, const struct tensor_table *table,
				  struct arena *room)
{
	struct binding binding;
	const struct adapter *adapter = read_adapter(binder, table, room);
	if (!adapter)
		return NULL;
	binding_read(binder->checkpoint, adapter, &binding);
	return binding_copy(&binding, &binder->arena);
}

static const struct binding *bind_layout(struct binder *binder, const struct tensor_table *table,
					 uint32_t layout_id, struct arena *room)
{
	struct str key = {(const char *)&layout_id, sizeof layout_id};
	if (!layout_id)
		return bind(binder, table, room);
	const struct binding *binding = map_find(&binder->by_layout, key);
	if (!binding) {
		binding = bind(binder, table, room);
		*map_place(&binder->by_layout, arena_str(&binder->arena, key)) = (void *)binding;
	}
	return binding;
}

const struct binding *binder_bind(struct binder *binder, const struct picked *lora)
{
	struct arena room = {0};
	struct tensor_table table;
	uint32_t layout_id;
	const struct binding *binding = NULL;
	if (binder->checkpoint && lora->model.kind == KIND_LORA &&
	    read_table(binder->of_loras, lora, &room, &table, &layout_id))
		binding = bind_layout(binder, &table, layout_id, &room);
	arena_finish(&room);
	return binding;
}
