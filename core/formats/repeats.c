// SPDX-License-Identifier: MIT
#include "core/formats/repeats.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	PROBES_MAX = 64, /* names made to collide: sorting bounds what they can cost */
	AT_ONCE = 32,    /* slots asked of memory together: they lie anywhere in it */
};

static struct str name_at(const void *first_name, size_t stride, size_t i)
{
	struct str name;
	memcpy(&name, (const char *)first_name + i * stride, sizeof name);
	return name;
}

/** Writers sort by type and name: usually one look at the neighbours is enough. */
static bool is_ascending(const void *first_name, size_t stride, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (str_compare(name_at(first_name, stride, i - 1),
				name_at(first_name, stride, i)) >= 0)
			return false;
	return true;
}

struct name_slot {
	uint32_t hash, i_plus_one;
};

/** Places the name; false when it stands there already, or `*is_crowded`: too many collide. */
static bool place(const void *first_name, size_t stride, size_t i, uint64_t hash,
		  struct name_slot *slots, size_t cap, bool *is_crowded)
{
	struct str name = name_at(first_name, stride, i);
	for (size_t probe = 0; probe < PROBES_MAX; probe++) {
		struct name_slot *slot = &slots[(hash + probe) & (cap - 1)];
		if (!slot->i_plus_one) {
			*slot = (struct name_slot){ (uint32_t)(hash >> 32), (uint32_t)i + 1 };
			return true;
		}
		if (slot->hash == (uint32_t)(hash >> 32) &&
		    str_equal(name, name_at(first_name, stride, slot->i_plus_one - 1)))
			return false;
	}
	*is_crowded = true;
	return false;
}

/** `n` when there is none, SIZE_MAX when names collide too often to tell. */
static size_t repeat_by_hash(const void *first_name, size_t stride, size_t n,
			     struct name_slot *slots, size_t cap)
{
	uint64_t hashes[AT_ONCE];
	bool is_crowded = false;
	for (size_t start = 0; start < n; start += AT_ONCE) {
		size_t end = n - start < AT_ONCE ? n : start + AT_ONCE;
		for (size_t i = start; i < end; i++) {
			hashes[i - start] = str_hash(name_at(first_name, stride, i));
			PREFETCH(&slots[hashes[i - start] & (cap - 1)]);
		}
		for (size_t i = start; i < end; i++)
			if (!place(first_name, stride, i, hashes[i - start], slots, cap,
				   &is_crowded))
				return is_crowded ? SIZE_MAX : i;
	}
	return n;
}

struct placed_name {
	struct str name;
	size_t i;
};

static int compare_placed(const void *a, const void *b)
{
	const struct placed_name *left = a, *right = b;
	int order = str_compare(left->name, right->name);
	return order ? order : (left->i > right->i) - (left->i < right->i);
}

static bool repeat_by_sorting(const void *first_name, size_t stride, size_t n,
			      struct arena *scratch, size_t *repeat)
{
	struct placed_name *names = arena_try(scratch, n * sizeof *names);
	if (!names)
		return false;
	for (size_t i = 0; i < n; i++)
		names[i] = (struct placed_name){ name_at(first_name, stride, i), i };
	qsort(names, n, sizeof *names, compare_placed);
	*repeat = n;
	for (size_t i = 1; i < n; i++)
		if (names[i].i < *repeat && str_equal(names[i - 1].name, names[i].name))
			*repeat = names[i].i;
	return true;
}

bool repeats_find(const void *first_name, size_t stride, size_t n, size_t *repeat)
{
	*repeat = n;
	if (is_ascending(first_name, stride, n))
		return true;
	struct arena scratch = { 0 };
	size_t cap = 16;
	while (cap < 2 * n)
		cap *= 2;
	struct name_slot *slots = arena_try(&scratch, cap * sizeof *slots);
	bool has_memory = slots != NULL;
	if (has_memory)
		*repeat = repeat_by_hash(first_name, stride, n, slots, cap);
	if (*repeat == SIZE_MAX)
		has_memory = repeat_by_sorting(first_name, stride, n, &scratch, repeat);
	arena_finish(&scratch);
	return has_memory;
}

bool repeats_refuse(struct format_job *job, const char *code, const void *first_name, size_t stride,
		    size_t n)
{
	size_t repeat;
	if (!repeats_find(first_name, stride, n, &repeat))
		return format_fail_memory(job, n * sizeof(struct str));
	if (repeat == n)
		return true;
	struct str name = reading_quote(name_at(first_name, stride, repeat));
	return format_fail(job, code, "\"%.*s\" appears twice", STR_ARG(name));
}
