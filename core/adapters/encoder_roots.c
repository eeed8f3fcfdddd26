// SPDX-License-Identifier: MIT
#include "core/adapters/encoder_roots.h"

#include <stdlib.h>

static bool names(const struct texts *texts, struct str word)
{
	for (size_t i = 0; i < texts->n; i++)
		if (str_equal(texts->list[i], word))
			return true;
	return false;
}

static const struct text_encoder *encoder_at(const struct knowledge *knowledge, size_t i)
{
	return ARRAY_AT(&knowledge->text_encoders, struct text_encoder, i);
}

/* A section that names the architecture stands instead of the general one of its number. */
static bool holds(const struct knowledge *knowledge, const struct text_encoder *encoder,
		  struct str architecture)
{
	if (encoder->architectures.n)
		return names(&encoder->architectures, architecture);
	for (size_t i = 0; i < knowledge->text_encoders.len; i++) {
		const struct text_encoder *other = encoder_at(knowledge, i);
		if (str_equal(other->id, encoder->id) && other->architectures.n &&
		    names(&other->architectures, architecture))
			return false;
	}
	return true;
}

static bool has_wildcard(const struct encoder_root *root)
{
	return str_find_byte(root->root, '*') >= 0;
}

static int order(const void *a, const void *b)
{
	const struct encoder_root *x = a, *y = b;
	if (has_wildcard(x) != has_wildcard(y))
		return has_wildcard(x) ? 1 : -1;
	if (x->root.len != y->root.len)
		return x->root.len < y->root.len ? 1 : -1;
	if (x->is_there != y->is_there)
		return x->is_there ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static const struct texts *texts_of(const struct text_encoder *encoder, enum encoder_side side)
{
	return side == ENCODER_IN_CHECKPOINT ? &encoder->roots : &encoder->adapter_roots;
}

static void list_side(struct encoder_roots *roots, enum encoder_side side,
		      const struct knowledge *knowledge, struct str architecture,
		      struct arena *arena)
{
	size_t n = 0;
	for (size_t i = 0; i < knowledge->text_encoders.len; i++)
		n += texts_of(encoder_at(knowledge, i), side)->n;
	struct encoder_root *list = ARENA_NEW_N(arena, struct encoder_root, n + 1);
	n = 0;
	for (size_t i = 0; i < knowledge->text_encoders.len; i++) {
		const struct text_encoder *encoder = encoder_at(knowledge, i);
		const struct texts *texts = texts_of(encoder, side);
		bool is_there = holds(knowledge, encoder, architecture);
		/* What adapters of others are called is still no layer of the denoiser. */
		if (!is_there && (side == ENCODER_IN_CHECKPOINT || encoder->architectures.n))
			continue;
		for (size_t k = 0; k < texts->n; k++)
			list[n++] = (struct encoder_root){ texts->list[k],
							   (unsigned)(encoder->id.ptr[0] - '0'),
							   is_there };
	}
	qsort(list, n, sizeof *list, order);
	roots->list[side] = list;
	roots->n[side] = n;
}

void encoder_roots_init(struct encoder_roots *roots, const struct knowledge *knowledge,
			struct str architecture, struct arena *arena)
{
	for (int side = 0; side < ENCODER_SIDES; side++)
		list_side(roots, (enum encoder_side)side, knowledge, architecture, arena);
}

/* "text_encoders.*.transformer." */
static bool cut_root(struct str *name, struct str root)
{
	ptrdiff_t star = str_find_byte(root, '*');
	if (star < 0)
		return str_cut_prefix(name, root);
	struct str rest = *name;
	if (!str_cut_prefix(&rest, str_slice(root, 0, (size_t)star)))
		return false;
	ptrdiff_t dot = str_find_byte(rest, '.');
	if (dot <= 0)
		return false;
	rest = str_slice(rest, (size_t)dot, rest.len);
	if (!str_cut_prefix(&rest, str_slice(root, (size_t)star + 1, root.len)))
		return false;
	*name = rest;
	return true;
}

unsigned encoder_roots_cut(const struct encoder_roots *roots, enum encoder_side side,
			   struct str *name, bool *is_there)
{
	for (size_t i = 0; i < roots->n[side]; i++) {
		const struct encoder_root *one = &roots->list[side][i];
		if (one->root.len && name->len && one->root.ptr[0] == name->ptr[0] &&
		    cut_root(name, one->root)) {
			if (is_there)
				*is_there = one->is_there;
			return one->number;
		}
	}
	return 0;
}
