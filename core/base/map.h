// SPDX-License-Identifier: MIT
/**
 * A hash map from slices to pointers, on an arena. Keys are borrowed, not copied.
 */
#ifndef CORE_BASE_MAP_H
#define CORE_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"

struct map_slot;

struct map {
	struct arena *arena; /* borrowed from the caller */
	struct map_slot *slots;
	size_t n, cap;
};

void map_init(struct map *map, struct arena *arena, size_t n_expected);
/** The place of the value for `key`, new (holding NULL) or old; never NULL. */
void **map_place(struct map *map, struct str key);
/** The value, or NULL. */
void *map_find(const struct map *map, struct str key);

#endif
