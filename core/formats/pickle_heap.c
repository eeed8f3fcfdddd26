// SPDX-License-Identifier: MIT
#include "core/formats/pickle_heap.h"

#include <string.h>

enum {
	PAGE_BITS = 9, /* small, since a zip may hold many small pickles */
	PAGE_ELEMENTS = 1 << PAGE_BITS,
	PAGES_FIRST = 16,
};

struct segment {
	uint32_t first, n; /* in members */
	uint32_t next;     /* segment + 1; 0: the last */
};

static void *page_at(const struct pickle_pages *pages, size_t i)
{
	return pages->pages[i >> PAGE_BITS] + (i & (PAGE_ELEMENTS - 1)) * pages->element_bytes;
}

static bool more_pages(struct pickle_heap *heap, struct pickle_pages *pages)
{
	size_t n = pages->n_pages ? pages->n_pages * 2 : PAGES_FIRST;
	if (!pickle_budget_spend(heap->budget, n * sizeof(char *)))
		return false;
	char **more = arena_try(heap->arena, n * sizeof(char *));
	if (!more)
		return false;
	if (pages->n_pages)
		memcpy(more, pages->pages, pages->n_pages * sizeof(char *));
	pages->pages = more;
	pages->n_pages = n;
	return true;
}

static bool new_page(struct pickle_heap *heap, struct pickle_pages *pages)
{
	size_t page_i = pages->len >> PAGE_BITS, bytes = PAGE_ELEMENTS * pages->element_bytes;
	if (page_i == pages->n_pages && !more_pages(heap, pages))
		return false;
	if (!pickle_budget_spend(heap->budget, bytes))
		return false;
	pages->pages[page_i] = arena_try(heap->arena, bytes);
	return pages->pages[page_i] != NULL;
}

/** A new zeroed element; NULL when the budget or the memory is used up. */
static void *page_push(struct pickle_heap *heap, struct pickle_pages *pages)
{
	if (pages->len == UINT32_MAX)
		return NULL;
	if ((pages->len & (PAGE_ELEMENTS - 1)) == 0 && !new_page(heap, pages))
		return NULL;
	return page_at(pages, pages->len++);
}

static struct segment *segment_at(const struct pickle_heap *heap, uint32_t i)
{
	return page_at(&heap->segments, i);
}

bool pickle_heap_init(struct pickle_heap *heap, struct arena *arena, struct pickle_budget *budget)
{
	*heap = (struct pickle_heap){
		.arena = arena,
		.budget = budget,
		.values.element_bytes = sizeof(struct pickle_value),
		.members.element_bytes = sizeof(uint32_t),
		.segments.element_bytes = sizeof(struct segment),
	};
	return page_push(heap, &heap->values) != NULL;
}

uint32_t pickle_heap_new(struct pickle_heap *heap, enum pickle_kind kind)
{
	struct pickle_value *value = page_push(heap, &heap->values);
	if (!value)
		return 0;
	value->kind = (uint8_t)kind;
	return (uint32_t)(heap->values.len - 1);
}

struct pickle_value *pickle_at(const struct pickle_heap *heap, uint32_t value)
{
	return page_at(&heap->values, value < heap->values.len ? value : 0);
}

size_t pickle_heap_count(const struct pickle_heap *heap)
{
	return heap->values.len;
}

static bool is_container(const struct pickle_value *value)
{
	switch ((enum pickle_kind)value->kind) {
	case PICKLE_TUPLE:
	case PICKLE_LIST:
	case PICKLE_DICT:
	case PICKLE_SET:
	case PICKLE_OBJECT: return true;
	case PICKLE_UNKNOWN:
	case PICKLE_NONE:
	case PICKLE_BOOL:
	case PICKLE_INT:
	case PICKLE_BIG:
	case PICKLE_FLOAT:
	case PICKLE_STR:
	case PICKLE_BYTES:
	case PICKLE_GLOBAL:
	case PICKLE_PERSID: break;
	}
	return false;
}

bool pickle_append(struct pickle_heap *heap, uint32_t container, const uint32_t *members, size_t n)
{
	struct pickle_value *value = pickle_at(heap, container);
	if (n == 0 || !is_container(value))
		return true;
	struct segment *segment = page_push(heap, &heap->segments);
	if (!segment)
		return false;
	segment->first = (uint32_t)heap->members.len;
	for (; segment->n < n; segment->n++) {
		uint32_t *member = page_push(heap, &heap->members);
		if (!member)
			return false;
		*member = members[segment->n];
	}
	uint32_t after = (uint32_t)heap->segments.len;
	if (value->last)
		segment_at(heap, value->last - 1)->next = after;
	else
		value->first = after;
	value->last = after;
	return true;
}

struct pickle_walk pickle_members(const struct pickle_heap *heap, uint32_t container)
{
	const struct pickle_value *value = pickle_at(heap, container);
	return (struct pickle_walk){ heap, is_container(value) ? value->first : 0, 0 };
}

bool pickle_next(struct pickle_walk *walk, uint32_t *member)
{
	while (walk->segment) {
		const struct segment *segment = segment_at(walk->heap, walk->segment - 1);
		if (walk->i < segment->n) {
			*member = *(uint32_t *)page_at(&walk->heap->members,
						       segment->first + walk->i++);
			return true;
		}
		walk->segment = segment->next;
		walk->i = 0;
	}
	return false;
}

uint32_t pickle_member(const struct pickle_heap *heap, uint32_t container, size_t n)
{
	struct pickle_walk walk = pickle_members(heap, container);
	uint32_t member;
	while (pickle_next(&walk, &member))
		if (n-- == 0)
			return member;
	return 0;
}

uint32_t pickle_find(const struct pickle_heap *heap, uint32_t dict, struct str key)
{
	struct pickle_walk walk = pickle_members(heap, dict);
	uint32_t found = 0, name, value;
	while (pickle_next(&walk, &name) && pickle_next(&walk, &value))
		if (str_equal(pickle_text(heap, name), key))
			found = value;
	return found;
}

struct str pickle_text(const struct pickle_heap *heap, uint32_t value)
{
	const struct pickle_value *text = pickle_at(heap, value);
	return text->kind == PICKLE_STR ? text->text : STR_NULL;
}

bool pickle_count(const struct pickle_heap *heap, uint32_t value, uint64_t *out)
{
	const struct pickle_value *number = pickle_at(heap, value);
	if ((number->kind != PICKLE_INT && number->kind != PICKLE_BOOL) || number->integer < 0)
		return false;
	*out = (uint64_t)number->integer;
	return true;
}
