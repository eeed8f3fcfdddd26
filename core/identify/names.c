// SPDX-License-Identifier: MIT
#include "core/identify/names.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* FNV-1a over the text with each run of digits as one '#'; goes on from `hash`. */
static uint64_t mask_hash(struct str text, uint64_t hash)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (is_digit(c)) {
			while (i + 1 < text.len && is_digit(text.ptr[i + 1]))
				i++;
			c = '#';
		}
		hash = (hash ^ (unsigned char)c) * UINT64_C(0x100000001b3);
	}
	return hash;
}

static const uint64_t hash_start = UINT64_C(0xcbf29ce484222325);

/* A number in either text is as good as any, and as a '#' of a pattern. */
static size_t skip_number(struct str text, size_t i)
{
	while (i + 1 < text.len && is_digit(text.ptr[i + 1]))
		i++;
	return i + 1;
}

static bool mask_equal(struct str a, struct str b)
{
	size_t i = 0, j = 0;
	while (i < a.len && j < b.len) {
		bool numbers = is_digit(a.ptr[i]) && is_digit(b.ptr[j]);
		if (!numbers && a.ptr[i] != b.ptr[j])
			return false;
		i = numbers ? skip_number(a, i) : i + 1;
		j = numbers ? skip_number(b, j) : j + 1;
	}
	return i == a.len && j == b.len;
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
	return &index->slots[(hash ^ hash >> 32) & (index->n_slots - 1)];
}

static uint32_t *next_slot(const struct name_index *index, uint32_t *slot)
{
	return slot + 1 == index->slots + index->n_slots ? index->slots : slot + 1;
}

static void add_name(struct name_index *index, size_t i, const struct texts *roots)
{
	struct str name = index->names[i];
	uint64_t hash = mask_hash(name, hash_start);
	uint32_t *slot = slot_of(index, hash);
	for (; *slot; slot = next_slot(index, slot)) {
		struct name_group *group = &index->groups[*slot - 1];
		if (group->hash != hash || !mask_equal(index->names[group->first], name))
			continue;
		index->next[group->last] = (uint32_t)i + 1;
		group->last = (uint32_t)i;
		group->n++;
		return;
	}
	index->groups[index->n_groups++] = (struct name_group){
		.first = (uint32_t)i, .last = (uint32_t)i, .n = 1, .hash = hash,
		.root_len = root_length(index, name, roots),
	};
	*slot = (uint32_t)index->n_groups;
}

void names_index(struct name_index *index, const struct str *names, size_t n_names,
		 const struct texts *roots, bool dots_stop, struct arena *arena)
{
	size_t n_slots = 64;
	while (n_slots < n_names * 2)
		n_slots *= 2;
	*index = (struct name_index){
		.names = names, .n_names = n_names, .n_slots = n_slots, .dots_stop = dots_stop,
		.next = ARENA_NEW_N(arena, uint32_t, n_names + 1),
		.groups = ARENA_NEW_N(arena, struct name_group, n_names + 1),
		.slots = ARENA_NEW_N(arena, uint32_t, n_slots),
	};
	for (size_t i = 0; i < n_names; i++)
		add_name(index, i, roots);
}

/* What must be looked at in the members of a group: numbers that the pattern names or asks for. */
static bool wants_numbers(struct str pattern)
{
	for (size_t i = 0; i < pattern.len; i++)
		if (is_digit(pattern.ptr[i]) || pattern.ptr[i] == '#')
			return true;
	return false;
}

static bool member_matches(const struct name_index *index, const struct name_group *group,
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
		       struct str pattern, name_fn take, void *context)
{
	bool each = wants_numbers(pattern);
	uint64_t number = 0;
	if (!each && !member_matches(index, group, pattern, group->first, &number))
		return true;
	for (uint32_t at = group->first + 1; at; at = index->next[at - 1]) {
		if (each && !member_matches(index, group, pattern, at - 1, &number))
			continue;
		if (!take(context, at - 1, number))
			return false;
	}
	return true;
}

/* The groups whose masked name is the pattern with `root` in front. */
static bool lookup(const struct name_index *index, struct str root, struct str pattern,
		   name_fn take, void *context)
{
	uint64_t hash = mask_hash(pattern, mask_hash(root, hash_start));
	for (uint32_t *slot = slot_of(index, hash); *slot; slot = next_slot(index, slot)) {
		const struct name_group *group = &index->groups[*slot - 1];
		if (group->hash == hash && !group_each(index, group, pattern, take, context))
			return false;
	}
	return true;
}

void names_each(const struct name_index *index, struct str pattern, name_fn take, void *context)
{
	if (str_find_byte(pattern, '*') >= 0) {
		for (size_t i = 0; i < index->n_groups; i++)
			if (!group_each(index, &index->groups[i], pattern, take, context))
				return;
		return;
	}
	if (!lookup(index, STR(""), pattern, take, context))
		return;
	for (size_t i = 0; i < index->n_roots; i++)
		if (!lookup(index, index->roots[i], pattern, take, context))
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
	names_each(index, pattern, count_one, &n);
	return n;
}
