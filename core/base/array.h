// SPDX-License-Identifier: MIT
/**
 * A growing vector of equal elements on the heap.
 *
 * Element pointers are valid until the next push. The only place that calls realloc.
 */
#ifndef CORE_BASE_ARRAY_H
#define CORE_BASE_ARRAY_H

#include <stddef.h>

#include "core/base/arena.h"

struct array {
	void *ptr;
	size_t len, cap, element_bytes;
};

#define ARRAY_OF(type) ((struct array){ .element_bytes = sizeof(type) })
#define ARRAY_PUSH(array, type) ((type *)array_push(array))
#define ARRAY_AT(array, type, i) ((type *)array_at((array), (i)))

void array_finish(struct array *array);
void array_clear(struct array *array); /* keeps the memory */
/** A new zeroed element at the end, never NULL. */
void *array_push(struct array *array);
void array_pop(struct array *array);
void *array_at(const struct array *array, size_t i);
/** Room for n more in one step. */
void array_reserve(struct array *array, size_t n_more);
/** The elements copied into `arena`; NULL when empty. */
void *array_to_arena(const struct array *array, struct arena *arena);

/** Growing bytes, always NUL-terminated after the first append. */
struct bytes {
	char *ptr;
	size_t len, cap;
};

void bytes_finish(struct bytes *bytes);
void bytes_clear(struct bytes *bytes);
/** Room for `more` bytes behind those that are there; who fills it moves `len` and ends with a NUL. */
char *bytes_reserve(struct bytes *bytes, size_t more);
void bytes_append(struct bytes *bytes, const void *from, size_t len);
void bytes_append_str(struct bytes *bytes, struct str text);
void bytes_append_byte(struct bytes *bytes, char byte);
void bytes_printf(struct bytes *bytes, const char *format, ...) PRINTF(2, 3);
struct str bytes_str(const struct bytes *bytes); /* borrowed until the next append */

#endif
