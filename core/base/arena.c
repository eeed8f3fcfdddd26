// SPDX-License-Identifier: MIT
#include "core/base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"

enum {
	CHUNK_MIN = 4 << 10,
	CHUNK_MAX = 1 << 20, /* larger requests get a chunk of their own size */
	KEPT_MAX = 16 << 20, /* by a reset: what was larger was wanted once */
};

struct arena_chunk {
	struct arena_chunk *older;
	size_t used, cap;
	alignas(max_align_t) char bytes[];
};

bool size_add(size_t a, size_t b, size_t *out)
{
	if (b > SIZE_MAX - a)
		return false;
	*out = a + b;
	return true;
}

bool size_mul(size_t a, size_t b, size_t *out)
{
	if (a && b > SIZE_MAX / a)
		return false;
	*out = a * b;
	return true;
}

void arena_init(struct arena *arena)
{
	*arena = (struct arena){ 0 };
}

void arena_finish(struct arena *arena)
{
	if (!arena)
		return;
	while (arena->newest) {
		struct arena_chunk *older = arena->newest->older;
		free(arena->newest);
		arena->newest = older;
	}
	arena->used_bytes = 0;
}

void arena_reset(struct arena *arena)
{
	struct arena_chunk *largest = NULL;
	for (struct arena_chunk *chunk = arena->newest; chunk; chunk = chunk->older)
		if (chunk->cap <= KEPT_MAX && (!largest || chunk->cap > largest->cap))
			largest = chunk;
	for (struct arena_chunk *chunk = arena->newest, *older; chunk; chunk = older) {
		older = chunk->older;
		if (chunk != largest)
			free(chunk);
	}
	if (largest) {
		largest->older = NULL;
		largest->used = 0;
	}
	arena->newest = largest;
	arena->used_bytes = 0;
}

/** Half of what is there: few chunks, and little left over in arenas that are kept. */
static size_t next_cap(const struct arena *arena, size_t wanted)
{
	size_t cap = arena->used_bytes / 2;
	if (cap < CHUNK_MIN)
		cap = CHUNK_MIN;
	if (cap > CHUNK_MAX)
		cap = CHUNK_MAX;
	return cap < wanted ? wanted : cap;
}

static bool grow(struct arena *arena, size_t wanted)
{
	size_t cap = next_cap(arena, wanted), total;
	if (!size_add(sizeof(struct arena_chunk), cap, &total))
		return false;
	struct arena_chunk *chunk = malloc(total);
	if (!chunk)
		return false;
	chunk->older = arena->newest;
	chunk->used = 0;
	chunk->cap = cap;
	arena->newest = chunk;
	return true;
}

/** `align` is a power of two; chunks begin aligned for any type, so offsets may be rounded. */
static char *take(struct arena *arena, size_t size_bytes, size_t align)
{
	struct arena_chunk *chunk = arena->newest;
	size_t from = chunk ? (chunk->used + align - 1) & ~(align - 1) : 0;
	if (!chunk || from > chunk->cap || size_bytes > chunk->cap - from) {
		if (!grow(arena, size_bytes ? size_bytes : 1))
			return NULL;
		chunk = arena->newest;
		from = 0;
	}
	arena->used_bytes += from + size_bytes - chunk->used;
	chunk->used = from + size_bytes;
	return chunk->bytes + from;
}

char *arena_try_bytes(struct arena *arena, size_t size_bytes)
{
	return take(arena, size_bytes, 1);
}

void *arena_try_room(struct arena *arena, size_t size_bytes)
{
	return take(arena, size_bytes, alignof(max_align_t));
}

void arena_trim(struct arena *arena, const void *newest, size_t size_bytes)
{
	struct arena_chunk *chunk = arena->newest;
	if (!chunk)
		BUG("trimming an empty arena");
	size_t from = (size_t)((const char *)newest - chunk->bytes);
	if (from > chunk->used || size_bytes > chunk->used - from)
		BUG("trimming what is not the newest allocation");
	arena->used_bytes -= chunk->used - from - size_bytes;
	chunk->used = from + size_bytes;
}

void *arena_try(struct arena *arena, size_t size_bytes)
{
	void *memory = arena_try_room(arena, size_bytes);
	if (memory)
		memset(memory, 0, size_bytes);
	return memory;
}

void *arena_alloc(struct arena *arena, size_t size_bytes)
{
	void *memory = arena_try(arena, size_bytes);
	if (!memory)
		die_oom();
	return memory;
}

void *arena_alloc_n(struct arena *arena, size_t element_bytes, size_t n)
{
	size_t size_bytes;
	if (!size_mul(element_bytes, n, &size_bytes))
		die_oom();
	return arena_alloc(arena, size_bytes);
}

struct str arena_str(struct arena *arena, struct str text)
{
	if (!text.ptr)
		return STR_NULL;
	size_t size_bytes;
	char *copy = size_add(text.len, 1, &size_bytes) ? arena_try_bytes(arena, size_bytes) : NULL;
	if (!copy)
		die_oom();
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	return (struct str){ copy, text.len };
}

char *arena_cstr(struct arena *arena, struct str text)
{
	struct str copy = arena_str(arena, text.ptr ? text : STR(""));
	return (char *)copy.ptr;
}

/* Most texts fit into what the newest chunk has left: those are written once. */
static PRINTF(2, 0) struct str format_into(struct arena *arena, const char *format, va_list args)
{
	const struct arena_chunk *chunk = arena->newest;
	size_t room = chunk ? chunk->cap - chunk->used : 0;
	char *end = room ? arena->newest->bytes + chunk->used : NULL;
	va_list again;
	va_copy(again, args);
	int len = vsnprintf(end, room, format, again);
	va_end(again);
	if (len < 0)
		BUG("a format that cannot be printed: %s", format);
	char *text = arena_try_bytes(arena, (size_t)len + 1);
	if (!text)
		die_oom();
	if (text != end)
		vsnprintf(text, (size_t)len + 1, format, args);
	return (struct str){ text, (size_t)len };
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct str text = format_into(arena, format, args);
	va_end(args);
	return (char *)text.ptr;
}

struct str arena_strf(struct arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct str text = format_into(arena, format, args);
	va_end(args);
	return text;
}
