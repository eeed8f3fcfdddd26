// SPDX-License-Identifier: MIT
#include "core/sets/overlap.h"

#include <stdlib.h>

#include "core/base/array.h"

static int compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
	return (left > right) - (left < right);
}

/* Its name, or STR_NULL when it has no place. */
static struct str place_of(const struct module_names *checkpoint,
			   const struct adapter_module *module)
{
	enum component component;
	if (!checkpoint)
		return module->is_text_encoder ? module->stem : module->joined;
	const struct module_target *target = module_names_find(checkpoint, module, &component);
	return target ? target->name : STR_NULL;
}

struct overlap overlap_read(const struct module_names *checkpoint, const struct adapter *adapter,
			    struct arena *arena)
{
	uint64_t *places = ARENA_NEW_N(arena, uint64_t, adapter->n_modules + 1);
	size_t n = 0, n_unique = 0;
	for (size_t i = 0; i < adapter->n_modules; i++) {
		struct str place = place_of(checkpoint, &adapter->modules[i]);
		if (place.ptr)
			places[n++] = str_hash(place);
	}
	qsort(places, n, sizeof *places, compare);
	for (size_t i = 0; i < n; i++)
		if (n_unique == 0 || places[n_unique - 1] != places[i])
			places[n_unique++] = places[i];
	return (struct overlap){ places, n_unique };
}

size_t overlap_shared(const struct overlap *list, size_t n, size_t many)
{
	struct array all = ARRAY_OF(uint64_t);
	size_t n_shared = 0, run = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < list[i].n; j++)
			*ARRAY_PUSH(&all, uint64_t) = list[i].places[j];
	if (all.len > 0)
		qsort(all.ptr, all.len, sizeof(uint64_t), compare);
	for (size_t i = 0; i < all.len; i++) {
		const uint64_t *place = ARRAY_AT(&all, uint64_t, i);
		bool is_same = i > 0 && place[0] == place[-1];
		run = is_same ? run + 1 : 1;
		n_shared += run == many;
	}
	array_finish(&all);
	return n_shared;
}
