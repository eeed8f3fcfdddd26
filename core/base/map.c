// SPDX-License-Identifier: MIT
#include "core/base/map.h"

#include "core/base/error.h"

enum { CAP_FIRST = 16 };

/* Half of a cache line. */
struct map_slot {
	struct str key;
	uint64_t hash; /* 0: the slot is free */
	void *value;
};

static uint64_t hash_of(struct str key)
{
	uint64_t hash = str_hash(key);
	return hash ? hash : 1;
}

/** Slots stay at most three quarters full. */
static size_t cap_for(size_t n)
{
	size_t cap = CAP_FIRST;
	while (cap / 4 * 3 < n) {
		if (!size_mul(cap, 2, &cap))
			die_oom();
	}
	return cap;
}

void map_init(struct map *map, struct arena *arena, size_t n_expected)
{
	size_t cap = cap_for(n_expected);
	*map = (struct map){
		.arena = arena,
		.slots = ARENA_NEW_N(arena, struct map_slot, cap),
		.cap = cap,
	};
}

/** The slot that holds `key`, or the free one where it belongs. */
static struct map_slot *probe(const struct map *map, struct str key, uint64_t hash)
{
	for (size_t i = (size_t)hash;; i++) {
		struct map_slot *slot = &map->slots[i & (map->cap - 1)];
		if (!slot->hash || (slot->hash == hash && str_equal(slot->key, key)))
			return slot;
	}
}

static void grow(struct map *map)
{
	struct map bigger;
	map_init(&bigger, map->arena, map->cap);
	for (size_t i = 0; i < map->cap; i++)
		if (map->slots[i].hash)
			*probe(&bigger, map->slots[i].key, map->slots[i].hash) = map->slots[i];
	bigger.n = map->n;
	*map = bigger;
}

void **map_place(struct map *map, struct str key)
{
	uint64_t hash = hash_of(key);
	struct map_slot *slot = probe(map, key, hash);
	if (slot->hash)
		return &slot->value;
	if (map->n + 1 > map->cap / 4 * 3) {
		grow(map);
		slot = probe(map, key, hash);
	}
	*slot = (struct map_slot){ .key = key, .hash = hash };
	map->n++;
	return &slot->value;
}

void *map_find(const struct map *map, struct str key)
{
	return map->cap ? probe(map, key, hash_of(key))->value : NULL;
}
