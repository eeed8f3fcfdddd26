// SPDX-License-Identifier: MIT
/**
 * The maps of names that hold for one architecture, found by name.
 *
 * A name is looked up with its numbers as #, so that thousands of modules against hundreds of
 * rules are as many look-ups. Which rules there are is knowledge: config/knowledge/names.ini.
 */
#ifndef CORE_ADAPTERS_BLOCK_MAP_H
#define CORE_ADAPTERS_BLOCK_MAP_H

#include "core/knowledge/knowledge.h"

#define BLOCK_NAME_MAX 256 /* longer names are nobody's modules */

enum block_side { BLOCK_WHOLE, BLOCK_FIRST_PART, BLOCK_SIDES };

struct block_map {
	struct map rules[BLOCK_SIDES]; /* masked name to struct block_rule, a chain */
};

struct block_rule {
	const struct module_rule *rule;
	const struct block_rule *next;
};

/** A name with its numbers apart. */
struct block_name {
	char masked[BLOCK_NAME_MAX];
	size_t len;
	struct str numbers[MODULE_NUMBERS_MAX];
	size_t n_numbers;
};

/** @architecture  STR_NULL: the maps of text encoders */
void block_map_init(struct block_map *map, const struct knowledge *knowledge,
		    struct str architecture, struct arena *arena);

/** False when the name is too long or has too many numbers for any rule. */
bool block_name_read(struct str name, struct block_name *out);

/** The next rule after `after` (NULL: the first) whose whole or first part is called so. */
const struct block_rule *block_map_next(const struct block_map *map, enum block_side side,
					const struct block_name *name,
					const struct block_rule *after);

/** `to` with the numbers that stand for the # of `from` in `name`; on the arena. */
struct str block_name_write(const struct block_name *name, struct str from, struct str to,
			    struct arena *arena);

#endif
