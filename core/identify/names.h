// SPDX-License-Identifier: MIT
/**
 * The names of one file, grouped by what they are with every number as #: a model repeats its
 * blocks, so a few hundred groups stand for thousands of names, and a pattern is looked up, not
 * tried on each.
 */
#ifndef CORE_IDENTIFY_NAMES_H
#define CORE_IDENTIFY_NAMES_H

#include "core/base/arena.h"
#include "core/knowledge/knowledge.h"

struct name_group {
	uint32_t first, last; /* indices of names; a chain runs from one to the other */
	uint32_t n;
	uint32_t root_len; /* bytes of a denoiser root in front of each */
	uint64_t hash;     /* of the whole masked name */
};

struct name_index {
	const struct str *names; /* as they stand */
	size_t n_names;
	uint32_t *next;            /* by name: index + 1 of the next in its group */
	struct name_group *groups; /* in order of first appearance */
	size_t n_groups, cap_groups;
	uint32_t *slots;     /* group index + 1 by hash */
	size_t n_slots;      /* a power of two */
	struct str roots[8]; /* roots that occur */
	size_t n_roots;
	bool dots_stop; /* of patterns: * does not cross a dot */
};

/**
 * @names      borrowed
 * @roots      roots that a name may be tried without; NULL: none
 * @dots_stop  tensor names: yes; module names: no
 */
void names_index(struct name_index *index, const struct str *names, size_t n_names,
		 const struct texts *roots, bool dots_stop, struct arena *arena);

/** A name that matched, and what the first # stood for if that was asked; false stops the walk. */
typedef bool (*name_fn)(void *context, size_t name_i, uint64_t number);

/** Calls `take` for every name that matches `pattern`, as it stands or with its root removed. */
void names_each(const struct name_index *index, struct str pattern, bool wants_number, name_fn take,
		void *context);

/** How many names match. */
size_t names_count(const struct name_index *index, struct str pattern);

#endif
