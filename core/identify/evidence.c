// SPDX-License-Identifier: MIT
#include "core/identify/evidence.h"

#include <string.h>

static bool is_same(const struct evidence *a, const struct evidence *b)
{
	return a->source == b->source && str_equal(a->field, b->field) &&
	       str_equal(a->says, b->says) && str_equal(a->detail, b->detail);
}

void evidence_add(struct evidence_list *list, enum evidence_source source, struct str field,
		  struct str says, struct str detail)
{
	struct evidence one = { source, field, says, detail };
	for (size_t i = 0; i < list->n; i++)
		if (is_same(&list->list[i], &one))
			return;
	if (list->n < MODEL_LIST_MAX)
		list->list[list->n++] = one;
}

const struct evidence *evidence_copy(const struct evidence_list *list, struct arena *arena)
{
	if (!list->n)
		return NULL;
	struct evidence *copy = ARENA_NEW_N(arena, struct evidence, list->n);
	memcpy(copy, list->list, list->n * sizeof(*copy));
	return copy;
}
