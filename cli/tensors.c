// SPDX-License-Identifier: MIT
#include "cli/tensors.h"

#include <string.h>

enum { LAYOUTS_EXPECTED = 64 };

static bool is_checkpoint(const struct picked *picked)
{
	return picked && (picked->model.kind == KIND_CHECKPOINT ||
			  picked->model.kind == KIND_DIFFUSION_MODEL);
}

void tensors_open(struct tensors *tensors, struct cli *cli, const struct picked *checkpoint)
{
	struct str key = STR_NULL;
	*tensors =
		(struct tensors){ .cli = cli,
				  .layouts = library_layouts_open(cli->knowledge, cli->readers) };
	map_init(&tensors->stored, &tensors->arena, LAYOUTS_EXPECTED);
	if (!is_checkpoint(checkpoint) || !tensors_find(tensors, checkpoint, &key))
		key = STR_NULL;
	binder_init(&tensors->binder, cli->knowledge,
		    checkpoint ? checkpoint->model.architecture : STR_NULL, key, tensors_read,
		    tensors);
}

void tensors_close(struct tensors *tensors)
{
	binder_finish(&tensors->binder);
	library_layouts_close(tensors->layouts);
	arena_finish(&tensors->arena);
}

static struct event *ask(struct cli *cli, uint32_t id, bool only_key)
{
	struct error ignored; /* what cannot be told binds nothing */
	struct request *request = request_create(REQUEST_LAYOUT);
	request->as.layout.id = id;
	request->as.layout.only_key = only_key;
	return cli_ask(cli, request, &ignored);
}

static bool find_stored(struct tensors *tensors, uint32_t id, struct str *key)
{
	struct event *layout = ask(tensors->cli, id, true);
	bool found = layout && layout->as.layout.found;
	if (found) {
		*key = arena_str(&tensors->arena, layout->as.layout.key);
		*map_place(&tensors->stored, *key) = (void *)(uintptr_t)id;
	}
	event_destroy(layout);
	return found;
}

bool tensors_find(struct tensors *tensors, const struct picked *picked, struct str *key)
{
	if (picked->model.status != STATUS_OK)
		return false;
	if (!picked->is_file)
		return find_stored(tensors, picked->entry.id, key);
	return library_layout_find(tensors->layouts, arena_cstr(&tensors->arena, picked->path),
				   key);
}

static void copy_table(const struct tensor_table *from, struct arena *arena,
		       struct tensor_table *table)
{
	struct tensor *tensors = ARENA_NEW_N(arena, struct tensor, from->n_tensors + 1);
	for (size_t i = 0; i < from->n_tensors; i++) {
		uint64_t *shape = ARENA_NEW_N(arena, uint64_t, from->tensors[i].rank + 1u);
		tensors[i] = from->tensors[i];
		tensors[i].name = arena_str(arena, tensors[i].name);
		if (tensors[i].rank)
			memcpy(shape, from->tensors[i].shape, tensors[i].rank * sizeof *shape);
		tensors[i].shape = shape;
	}
	*table = (struct tensor_table){ tensors, from->n_tensors };
}

static bool read_stored(struct tensors *tensors, uint32_t id, struct arena *arena,
			struct tensor_table *table)
{
	struct event *layout = ask(tensors->cli, id, false);
	bool found = layout && layout->as.layout.found;
	if (found)
		copy_table(&layout->as.layout.table, arena, table);
	event_destroy(layout);
	return found;
}

bool tensors_read(void *context, struct str key, struct arena *arena, struct tensor_table *table)
{
	struct tensors *tensors = context;
	uint32_t id = (uint32_t)(uintptr_t)map_find(&tensors->stored, key);
	return id ? read_stored(tensors, id, arena, table)
		  : library_layout_read(tensors->layouts, key, arena, table);
}

void tensors_bind(struct tensors *tensors, const struct picked *lora, struct fit_side *side)
{
	struct str key;
	if (lora->model.kind != KIND_LORA || !tensors_find(tensors, lora, &key))
		return;
	side->binding = binder_bind(&tensors->binder, key);
	side->notes = binder_notes(&tensors->binder, key);
}

bool tensors_adapter(struct tensors *tensors, const struct picked *lora, struct arena *arena,
		     struct adapter *out)
{
	struct str key;
	struct tensor_table table;
	return tensors_find(tensors, lora, &key) && tensors_read(tensors, key, arena, &table) &&
	       adapter_read(&table, tensors->cli->knowledge, arena, out);
}
