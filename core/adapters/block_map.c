// SPDX-License-Identifier: MIT
#include "core/adapters/block_map.h"

#include <string.h>

static bool names(const struct texts *texts, struct str word)
{
	for (size_t i = 0; i < texts->n; i++)
		if (str_equal(texts->list[i], word))
			return true;
	return false;
}

static void add(struct map *rules, struct str name, const struct module_rule *rule,
		struct arena *arena)
{
	struct block_name masked;
	if (!block_name_read(name, &masked))
		return;
	struct str key = arena_str(arena, (struct str){ masked.masked, masked.len });
	struct block_rule *link = ARENA_NEW(arena, struct block_rule), *last;
	void **place = map_place(rules, key);
	link->rule = rule;
	if (!*place) {
		*place = link;
		return;
	}
	for (last = *place; last->next; last = (struct block_rule *)last->next)
		;
	last->next = link;
}

void block_map_init(struct block_map *map, const struct knowledge *knowledge,
		    struct str architecture, struct arena *arena)
{
	for (int side = 0; side < BLOCK_SIDES; side++)
		map_init(&map->rules[side], arena, 64);
	for (size_t i = 0; i < knowledge->name_maps.len; i++) {
		const struct name_map *one = ARRAY_AT(&knowledge->name_maps, struct name_map, i);
		if (architecture.ptr ? !names(&one->architectures, architecture)
				     : one->architectures.n > 0)
			continue;
		for (size_t r = 0; r < one->modules.n_rules; r++) {
			const struct module_rule *rule = &one->modules.rules[r];
			add(&map->rules[BLOCK_WHOLE], rule->whole, rule, arena);
			add(&map->rules[BLOCK_FIRST_PART], rule->parts[0].name, rule, arena);
		}
	}
}

bool block_name_read(struct str name, struct block_name *out)
{
	if (!name.len || name.len > BLOCK_NAME_MAX)
		return false;
	out->n_numbers = module_rule_mask(name, out->masked, out->numbers);
	if (out->n_numbers > MODULE_NUMBERS_MAX)
		return false;
	out->len = name.len;
	for (size_t i = 0; i < out->n_numbers; i++)
		out->len -= out->numbers[i].len - 1;
	return true;
}

/* Numbers that the rule spells out must be those of the name. */
static bool has_numbers(const struct block_name *name, struct str pattern)
{
	struct block_name wanted;
	if (!block_name_read(pattern, &wanted) || wanted.n_numbers != name->n_numbers)
		return false;
	for (size_t i = 0; i < wanted.n_numbers; i++)
		if (wanted.numbers[i].ptr[0] != '#' &&
		    !str_equal(wanted.numbers[i], name->numbers[i]))
			return false;
	return true;
}

const struct block_rule *block_map_next(const struct block_map *map, enum block_side side,
					const struct block_name *name,
					const struct block_rule *after)
{
	const struct block_rule *link =
		after ? after->next
		      : map_find(&map->rules[side], (struct str){ name->masked, name->len });
	while (link && !has_numbers(name, side == BLOCK_WHOLE ? link->rule->whole
							      : link->rule->parts[0].name))
		link = link->next;
	return link;
}

/* The i-th number of the name that stands for a #. */
static struct str variable(const struct block_name *name, const struct block_name *from, size_t i)
{
	for (size_t k = 0; k < from->n_numbers; k++)
		if (from->numbers[k].ptr[0] == '#' && i-- == 0)
			return name->numbers[k];
	return STR_NULL;
}

struct str block_name_write(const struct block_name *name, struct str from, struct str to,
			    struct arena *arena)
{
	struct block_name pattern;
	size_t len = to.len, n = 0, at = 0;
	if (!block_name_read(from, &pattern))
		return STR_NULL;
	for (size_t i = 0; i < name->n_numbers; i++)
		len += name->numbers[i].len;
	char *written = arena_alloc(arena, len);
	for (size_t i = 0; i < to.len; i++) {
		struct str piece =
			to.ptr[i] == '#' ? variable(name, &pattern, n++) : str_slice(to, i, i + 1);
		if (piece.len)
			memcpy(written + at, piece.ptr, piece.len);
		at += piece.len;
	}
	return (struct str){ written, at };
}
