// SPDX-License-Identifier: MIT
#include "tui/app/marks.h"

#include <stdlib.h>
#include <string.h>

void marks_init(struct marks *marks)
{
	marks->ids = ARRAY_OF(uint32_t);
}

void marks_finish(struct marks *marks)
{
	array_finish(&marks->ids);
}

void marks_clear(struct marks *marks)
{
	marks->ids.len = 0;
}

static int compare_ids(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

bool marks_has(const struct marks *marks, uint32_t id)
{
	return marks->ids.len &&
	       bsearch(&id, marks->ids.ptr, marks->ids.len, sizeof(id), compare_ids);
}

void marks_toggle(struct marks *marks, uint32_t id)
{
	marks_invert(marks, &id, 1);
}

/* Sorts, then drops what stands twice; with `pairs_cancel` both of a pair. */
static void settle(struct marks *marks, bool pairs_cancel)
{
	uint32_t *ids = marks->ids.ptr;
	size_t n = marks->ids.len, kept = 0;
	if (n)
		qsort(ids, n, sizeof(*ids), compare_ids);
	for (size_t i = 0; i < n; i++) {
		bool is_pair = i + 1 < n && ids[i] == ids[i + 1];
		if (is_pair && pairs_cancel)
			i++;
		else if (!is_pair)
			ids[kept++] = ids[i];
	}
	marks->ids.len = kept;
}

static void append(struct marks *marks, const uint32_t *ids, size_t n)
{
	array_reserve(&marks->ids, n);
	for (size_t i = 0; i < n; i++)
		*ARRAY_PUSH(&marks->ids, uint32_t) = ids[i];
}

void marks_add(struct marks *marks, const uint32_t *ids, size_t n)
{
	append(marks, ids, n);
	settle(marks, false);
}

void marks_invert(struct marks *marks, const uint32_t *ids, size_t n)
{
	append(marks, ids, n);
	settle(marks, true);
}
