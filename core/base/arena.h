// SPDX-License-Identifier: MIT
/**
 * Arenas: memory by lifetime. Everything in one dies together.
 *
 * Sizes that an input decides go through `size_mul`/`size_add` and `arena_try`.
 */
#ifndef CORE_BASE_ARENA_H
#define CORE_BASE_ARENA_H

#include <stddef.h>

#include "core/base/compiler.h"
#include "core/base/str.h"

struct arena_chunk;

/** A zeroed struct is a valid empty arena. */
struct arena {
	struct arena_chunk *newest;
	size_t used_bytes;
};

void arena_init(struct arena *arena);
void arena_finish(struct arena *arena);

/** Empties the arena but keeps its largest chunk for the next use, unless that is huge. */
void arena_reset(struct arena *arena);

/** Zeroed memory aligned for any type, never NULL: ends the program when memory ends. */
void *arena_alloc(struct arena *arena, size_t size_bytes);

/** As arena_alloc, but NULL when there is no memory: for sizes that an input decides. */
void *arena_try(struct arena *arena, size_t size_bytes);

/** Not zeroed and not aligned; for bytes. NULL when there is no memory. */
char *arena_try_bytes(struct arena *arena, size_t size_bytes);

/** Aligned for any type but not zeroed; NULL when there is no memory. */
void *arena_try_room(struct arena *arena, size_t size_bytes);

/** Gives back what lies behind the first `size_bytes` of the newest allocation. */
void arena_trim(struct arena *arena, const void *newest, size_t size_bytes);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_NEW_N(arena, type, n) ((type *)arena_alloc_n((arena), sizeof(type), (n)))

/** n zeroed elements; ends the program on overflow or when memory ends. */
void *arena_alloc_n(struct arena *arena, size_t element_bytes, size_t n);

/** Copies; the result is also NUL-terminated one byte past its end. */
struct str arena_str(struct arena *arena, struct str text);
char *arena_cstr(struct arena *arena, struct str text);
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF(2, 3);
struct str arena_strf(struct arena *arena, const char *format, ...) PRINTF(2, 3);

/** false on overflow, `*out` untouched. */
NODISCARD bool size_add(size_t a, size_t b, size_t *out);
NODISCARD bool size_mul(size_t a, size_t b, size_t *out);

#endif
