// SPDX-License-Identifier: MIT
#include "storage/scan/shard_sets.h"

#include <inttypes.h>

#include "core/base/map.h"

/** What the names of all parts have in common. */
static struct str key_of(const struct shard_name *name, struct arena *arena)
{
	struct str common = shard_name_common(name, arena);
	return arena_strf(arena, "%.*s/%.*s/%" PRIu32, STR_ARG(common), STR_ARG(name->extension),
			  name->count);
}

static void take_part(struct map *by_key, struct array *sets, struct str file,
		      const struct shard_name *part)
{
	void **place = map_place(by_key, key_of(part, by_key->arena));
	if (!*place) {
		*ARRAY_PUSH(sets, struct shard_set_first) = (struct shard_set_first){ file, *part };
		*place = (void *)(uintptr_t)sets->len; /* index + 1 */
	}
	struct shard_set_first *set = ARRAY_AT(sets, struct shard_set_first, (uintptr_t)*place - 1);
	if (part->number < set->name.number)
		*set = (struct shard_set_first){ file, *part };
}

void shard_sets_find(struct array *models, struct arena *arena, struct array *out)
{
	struct str *names = models->ptr;
	size_t n_left = 0, n = models->len;
	struct map by_key;
	map_init(&by_key, arena, 8);
	for (size_t i = 0; i < n; i++) {
		struct shard_name name;
		if (shard_name_parse(names[i], &name) && name.count)
			take_part(&by_key, out, names[i], &name);
		else
			names[n_left++] = names[i];
	}
	while (models->len > n_left)
		array_pop(models);
}
