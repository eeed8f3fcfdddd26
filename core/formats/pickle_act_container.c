// SPDX-License-Identifier: MIT
#include "core/formats/pickle_op.h"

#include "core/formats/pickle_verdict.h"

enum { OP_TUPLE1 = 0x85, OP_EMPTY_SET = 0x8f, OP_FROZEN_SET = 0x91 };

static enum pickle_kind kind_of(unsigned char op)
{
	switch (op) {
	case ']':
	case 'l': return PICKLE_LIST;
	case '}':
	case 'd': return PICKLE_DICT;
	case OP_EMPTY_SET:
	case OP_FROZEN_SET: return PICKLE_SET;
	default: return PICKLE_TUPLE;
	}
}

void act_empty(struct pickle *pickle)
{
	pickle_push(pickle, pickle_make(pickle, kind_of(pickle->op)));
}

void act_few(struct pickle *pickle)
{
	uint32_t members[3];
	size_t n = (size_t)(pickle->op - OP_TUPLE1) + 1;
	for (size_t i = n; i-- > 0;)
		members[i] = pickle_pop(pickle);
	uint32_t tuple = pickle_make(pickle, PICKLE_TUPLE);
	pickle_put_in(pickle, tuple, members, n);
	pickle_push(pickle, tuple);
}

/** A key without its value is left out. */
static size_t whole_pairs(struct pickle *pickle, size_t n)
{
	if (n % 2)
		pickle_stray(pickle);
	return n - n % 2;
}

void act_many(struct pickle *pickle)
{
	size_t n;
	const uint32_t *members = pickle_pop_mark(pickle, &n);
	uint32_t container = pickle_make(pickle, kind_of(pickle->op));
	if (pickle->op == 'd')
		n = whole_pairs(pickle, n);
	pickle_put_in(pickle, container, members, n);
	pickle_push(pickle, container);
}

static void fill(struct pickle *pickle, const uint32_t *members, size_t n, unsigned flags)
{
	uint32_t container = pickle_top(pickle);
	if (!pickle->is_astray)
		pickle_verdict_fill(pickle->findings, &pickle->heap, container);
	pickle_at(&pickle->heap, container)->flags |= (uint8_t)flags;
	pickle_put_in(pickle, container, members, n);
}

void act_append(struct pickle *pickle)
{
	uint32_t member = pickle_pop(pickle);
	fill(pickle, &member, 1, 0);
}

void act_appends(struct pickle *pickle)
{
	size_t n;
	const uint32_t *members = pickle_pop_mark(pickle, &n);
	fill(pickle, members, n, 0);
}

void act_set_item(struct pickle *pickle)
{
	uint32_t pair[2];
	pair[1] = pickle_pop(pickle);
	pair[0] = pickle_pop(pickle);
	fill(pickle, pair, 2, PICKLE_HAS_PAIRS);
}

void act_set_items(struct pickle *pickle)
{
	size_t n;
	const uint32_t *members = pickle_pop_mark(pickle, &n);
	fill(pickle, members, whole_pairs(pickle, n), PICKLE_HAS_PAIRS);
}
