// SPDX-License-Identifier: MIT
#include "cli/tensors.h"

void tensors_open(struct tensors *tensors, struct cli *cli)
{
	*tensors = (struct tensors){.cli = cli, .layouts = library_layouts_open(cli->knowledge, cli->readers)};
	map_init(&tensors->stored, &cli->arena, 64);
}

void tensors_close(struct tensors *tensors)
{
	library_layouts_close(tensors->layouts);
}

/* The event lives as long as the program: keys and tables point into it. */
static bool ask(struct tensors *tensors, uint32_t id, struct str *key)
{
	struct error ignored; /* what cannot be told binds nothing */
	struct request *request = request_create(REQUEST_LAYOUT);
	request->as.layout.id = id;
	struct event *layout = cli_ask(tensors->cli, request, &ignored);
	if (!layout)
		return false;
	*ARRAY_PUSH(&tensors->cli->kept, struct event *) = layout;
	if (!layout->as.layout.found)
		return false;
	*key = layout->as.layout.key;
	*map_place(&tensors->stored, *key) = &layout->as.layout.table;
	return true;
}

bool tensors_find(struct tensors *tensors, const struct picked *picked, struct str *key)
{
	if (picked->model.status != STATUS_OK)
		return false;
	if (!picked->is_file)
		return ask(tensors, picked->entry.id, key);
	return library_layout_find(tensors->layouts,
				   arena_cstr(&tensors->cli->arena, picked->path), key);
}

bool tensors_read(void *context, struct str key, struct arena *arena, struct tensor_table *table)
{
	struct tensors *tensors = context;
	const struct tensor_table *stored = map_find(&tensors->stored, key);
	if (stored)
		*table = *stored;
	return stored || library_layout_read(tensors->layouts, key, arena, table);
}

void tensors_binder(struct tensors *tensors, const struct picked *checkpoint, struct binder *out)
{
	struct str key = STR_NULL;
	enum kind kind = checkpoint->model.kind;
	if ((kind != KIND_CHECKPOINT && kind != KIND_DIFFUSION_MODEL) ||
	    !tensors_find(tensors, checkpoint, &key))
		key = STR_NULL;
	binder_init(out, tensors->cli->knowledge, checkpoint->model.architecture, key,
		    tensors_read, tensors);
}
