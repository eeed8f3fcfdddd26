// SPDX-License-Identifier: MIT
#include "core/identify/names.h"

#include <string.h>

enum {
	TRAIL_BYTES = 256,
	GROUPS_FIRST = 256,
	PATTERN_BYTES = 512,
	WALK_MAX = 16384, /* a model has some hundred groups; a forged file a million */
};

static const uint64_t hash_start = UINT64_C(0xcbf29ce484222325);

/* One step of FNV-1a; a whole run of digits steps as one '#'. */
static uint64_t step(uint64_t hash, char c)
{
	return (hash ^ (unsigned char)c) * UINT64_C(0x100000001b3);
}

static uint64_t mask_hash(struct str text, uint64_t hash)
{
	for (size_t i = 0; i < text.len; i++)
		if (!str_is_digit(text.ptr[i]))
			hash = step(hash, text.ptr[i]);
		else if (i == 0 || !str_is_digit(text.ptr[i - 1]))
			hash = step(hash, '#');
	return hash;
}

/* The last name and the hash before each of its bytes: neighbours begin alike, and hashing goes on
 * where they part. */
struct trail {
	struct str name;
	uint64_t before[TRAIL_BYTES];
};

static size_t same_start(struct str a, struct str b)
{
	enum { STRIDE = sizeof(uint64_t) }; /* neighbours share some sixty bytes */
	size_t i = 0, end = a.len < b.len ? a.len : b.len;
	while (end - i >= STRIDE && memcmp(a.ptr + i, b.ptr + i, STRIDE) == 0)
		i += STRIDE;
	while (i < end && a.ptr[i] == b.ptr[i])
		i++;
	while (i > 0 && str_is_digit(b.ptr[i - 1])) /* a number may go on in one of them only */
		i--;
	return i;
}

static uint64_t trail_hash(struct trail *trail, struct str name)
{
	if (name.len >= TRAIL_BYTES)
		return mask_hash(name, hash_start);
	size_t i = same_start(trail->name, name);
	uint64_t hash = i ? trail->before[i] : hash_start;
	for (; i < name.len; i++) {
		trail->before[i] = hash;
		if (!str_is_digit(name.ptr[i]))
			hash = step(hash, name.ptr[i]);
		else if (i == 0 || !str_is_digit(name.ptr[i - 1]))
			hash = step(hash, '#');
	}
	trail->before[name.len] = hash;
	trail->name = name;
	return hash;
}

static uint32_t root_length(struct name_index *index, struct str name, const struct texts *roots)
{
	for (size_t i = 0; roots && i < roots->n; i++) {
		if (!str_has_prefix(name, roots->list[i]))
			continue;
		for (size_t k = 0; k < index->n_roots; k++)
			if (str_equal(index->roots[k], roots->list[i]))
				return (uint32_t)roots->list[i].len;
		if (index->n_roots == sizeof(index->roots) / sizeof(*index->roots))
			return 0;
		index->roots[index->n_roots++] = roots->list[i];
		return (uint32_t)roots->list[i].len;
	}
	return 0;
}

static uint32_t *slot_of(const struct name_index *index, uint64_t hash)
{
	/* mixed, since the low bits of FNV are easily forged into one long chain */
	uint64_t mixed = (hash ^ hash >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
	return &index->slots[mixed >> 32 & (index->n_slots - 1)];
}

static uint32_t *next_slot(const struct name_index *index, uint32_t *slot)
{
	return slot + 1 == index->slots + index->n_slots ? index->slots : slot + 1;
}

static struct name_group *new_group(struct name_index *index, struct arena *arena)
{
	if (index->n_groups == index->cap_groups) {
		size_t cap = index->cap_groups ? index->cap_groups * 2 : GROUPS_FIRST;
		struct name_group *groups = ARENA_NEW_N(arena, struct name_group, cap);
		if (index->n_groups)
			memcpy(groups, index->groups, index->n_groups * sizeof(*groups));
		index->groups = groups;
		index->cap_groups = cap;
	}
	return &index->groups[index->n_groups++];
}

/* Equal hashes are taken for equal names: who forges them muddles nothing but their own file. */
static void add_name(struct name_index *index, size_t i, uint64_t hash, const struct texts *roots,
		     struct arena *arena)
{
	uint32_t *slot = slot_of(index, hash);
	while (*slot && index->groups[*slot - 1].hash != hash)
		slot = next_slot(index, slot);
	if (*slot) {
		struct name_group *group = &index->groups[*slot - 1];
		index->next[group->last] = (uint32_t)i + 1;
		group->last = (uint32_t)i;
		group->n++;
		return;
	}
	*new_group(index, arena) = (struct name_group){
		.first = (uint32_t)i,
		.last = (uint32_t)i,
		.n = 1,
		.hash = hash,
		.root_len = root_length(index, index->names[i], roots),
	};
	*slot = (uint32_t)index->n_groups;
}

void names_index(struct name_index *index, const struct str *names, size_t n_names,
		 const struct texts *roots, bool dots_stop, struct arena *arena)
{
	struct trail trail = { .name = STR("") };
	size_t n_slots = 64;
	while (n_slots < n_names * 2)
		n_slots *= 2;
	*index = (struct name_index){
		.names = names,
		.n_names = n_names,
		.n_slots = n_slots,
		.dots_stop = dots_stop,
		.next = ARENA_NEW_N(arena, uint32_t, n_names + 1),
		.slots = ARENA_NEW_N(arena, uint32_t, n_slots),
	};
	for (size_t i = 0; i < n_names; i++)
		add_name(index, i, trail_hash(&trail, names[i]), roots, arena);
}

/* A pattern, and the same with its numbers as #: what all names of a group match or none. */
struct wanted {
	struct str pattern, masked;
	bool names_numbers; /* so the members must be looked at one by one */
	bool wants_number;
	char buffer[PATTERN_BYTES];
};

static void want(struct wanted *wanted, struct str pattern, bool wants_number)
{
	size_t len = 0;
	wanted->pattern = wanted->masked = pattern;
	wanted->names_numbers = false;
	wanted->wants_number = wants_number;
	for (size_t i = 0; i < pattern.len; i++)
		wanted->names_numbers |= str_is_digit(pattern.ptr[i]);
	if (!wanted->names_numbers || pattern.len > sizeof(wanted->buffer))
		return;
	for (size_t i = 0; i < pattern.len; i++)
		if (!str_is_digit(pattern.ptr[i]))
			wanted->buffer[len++] = pattern.ptr[i];
		else if (i == 0 || !str_is_digit(pattern.ptr[i - 1]))
			wanted->buffer[len++] = '#';
	wanted->masked = (struct str){ wanted->buffer, len };
}

static bool name_matches(const struct name_index *index, const struct name_group *group,
			 struct str pattern, size_t i, uint64_t *number)
{
	struct str name = index->names[i];
	if (pattern_match(pattern, name, index->dots_stop, number))
		return true;
	if (!group->root_len)
		return false;
	name = str_slice(name, group->root_len, name.len);
	return pattern_match(pattern, name, index->dots_stop, number);
}

/* False when `take` had enough. */
static bool group_each(const struct name_index *index, const struct name_group *group,
		       const struct wanted *wanted, name_fn take, void *context)
{
	bool each = wanted->names_numbers || wanted->wants_number;
	uint64_t number = 0;
	if (!name_matches(index, group, wanted->masked, group->first, &number))
		return true;
	for (uint32_t at = group->first + 1; at; at = index->next[at - 1]) {
		if (each && !name_matches(index, group, wanted->pattern, at - 1, &number))
			continue;
		if (!take(context, at - 1, number))
			return false;
	}
	return true;
}

/* The groups whose masked name is the pattern with `root` in front. */
static bool lookup(const struct name_index *index, struct str root, const struct wanted *wanted,
		   name_fn take, void *context)
{
	uint64_t hash = mask_hash(wanted->pattern, mask_hash(root, hash_start));
	for (uint32_t *slot = slot_of(index, hash); *slot; slot = next_slot(index, slot)) {
		const struct name_group *group = &index->groups[*slot - 1];
		if (group->hash == hash)
			return group_each(index, group, wanted, take, context);
	}
	return true;
}

void names_each(const struct name_index *index, struct str pattern, bool wants_number, name_fn take,
		void *context)
{
	struct wanted wanted;
	want(&wanted, pattern, wants_number);
	if (str_find_byte(pattern, '*') >= 0) {
		size_t n = index->n_groups < WALK_MAX ? index->n_groups : WALK_MAX;
		for (size_t i = 0; i < n; i++)
			if (!group_each(index, &index->groups[i], &wanted, take, context))
				return;
		return;
	}
	if (!lookup(index, STR(""), &wanted, take, context))
		return;
	for (size_t i = 0; i < index->n_roots; i++)
		if (!lookup(index, index->roots[i], &wanted, take, context))
			return;
}

static bool count_one(void *context, size_t name_i, uint64_t number)
{
	(void)name_i;
	(void)number;
	++*(size_t *)context;
	return true;
}

size_t names_count(const struct name_index *index, struct str pattern)
{
	size_t n = 0;
	names_each(index, pattern, false, count_one, &n);
	return n;
}
