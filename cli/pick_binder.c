// SPDX-License-Identifier: MIT
#include "cli/pick_binder.h"

void pick_binder_open(struct pick_binder *binder, struct cli *cli, const struct picked *checkpoint)
{
	static const struct picked none;
	*binder = (struct pick_binder){0};
	tensors_open(&binder->tensors, cli);
	tensors_binder(&binder->tensors, checkpoint ? checkpoint : &none, &binder->binder);
}

void pick_binder_close(struct pick_binder *binder)
{
	binder_finish(&binder->binder);
	tensors_close(&binder->tensors);
	arena_finish(&binder->arena);
}

void pick_binder_bind(struct pick_binder *binder, const struct picked *lora, struct fit_side *side)
{
	struct str key;
	if (lora->model.kind != KIND_LORA || !tensors_find(&binder->tensors, lora, &key))
		return;
	side->binding = binder_bind(&binder->binder, key);
	side->notes = binder_notes(&binder->binder, key);
}

const struct adapter *pick_binder_adapter(struct pick_binder *binder, const struct picked *lora,
					  struct arena *arena)
{
	struct str key;
	struct tensor_table table;
	struct adapter *adapter = ARENA_NEW(arena, struct adapter);
	return tensors_find(&binder->tensors, lora, &key) &&
			       tensors_read(&binder->tensors, key, arena, &table) &&
			       adapter_read(&table, binder->tensors.cli->knowledge, arena, adapter)
		       ? adapter
		       : NULL;
}
