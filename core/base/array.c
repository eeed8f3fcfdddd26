// SPDX-License-Identifier: MIT
#include "core/base/array.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"

enum { ARRAY_FIRST = 8, BYTES_FIRST = 64 };

/** Memory for at least `wanted` elements, twice as many as before. */
static void *grown(void *old, size_t *cap, size_t wanted, size_t first, size_t element_bytes)
{
	size_t n = *cap > SIZE_MAX / 2 ? wanted : *cap * 2;
	if (n < first)
		n = first;
	if (n < wanted)
		n = wanted;
	size_t size_bytes;
	if (!size_mul(n, element_bytes, &size_bytes))
		die_oom();
	void *memory = realloc(old, size_bytes);
	if (!memory)
		die_oom();
	*cap = n;
	return memory;
}

static size_t len_after(size_t len, size_t more)
{
	size_t sum;
	if (!size_add(len, more, &sum))
		die_oom();
	return sum;
}

void array_finish(struct array *array)
{
	if (!array)
		return;
	free(array->ptr);
	array->ptr = NULL;
	array->len = array->cap = 0;
}

void array_clear(struct array *array)
{
	array->len = 0;
}

void array_reserve(struct array *array, size_t n_more)
{
	size_t wanted = len_after(array->len, n_more);
	if (wanted > array->cap)
		array->ptr =
			grown(array->ptr, &array->cap, wanted, ARRAY_FIRST, array->element_bytes);
}

void *array_push(struct array *array)
{
	array_reserve(array, 1);
	void *element = (char *)array->ptr + array->len++ * array->element_bytes;
	memset(element, 0, array->element_bytes);
	return element;
}

void array_pop(struct array *array)
{
	if (array->len == 0)
		BUG("pop from an empty array");
	array->len--;
}

void *array_at(const struct array *array, size_t i)
{
	if (i >= array->len)
		BUG("element %zu of %zu", i, array->len);
	return (char *)array->ptr + i * array->element_bytes;
}

void *array_to_arena(const struct array *array, struct arena *arena)
{
	if (array->len == 0)
		return NULL;
	void *copy = arena_alloc_n(arena, array->element_bytes, array->len);
	memcpy(copy, array->ptr, array->len * array->element_bytes);
	return copy;
}

void bytes_finish(struct bytes *bytes)
{
	if (!bytes)
		return;
	free(bytes->ptr);
	*bytes = (struct bytes){ 0 };
}

void bytes_clear(struct bytes *bytes)
{
	bytes->len = 0;
	if (bytes->ptr)
		bytes->ptr[0] = '\0';
}

char *bytes_reserve(struct bytes *bytes, size_t more)
{
	size_t wanted = len_after(len_after(bytes->len, more), 1);
	if (wanted > bytes->cap)
		bytes->ptr = grown(bytes->ptr, &bytes->cap, wanted, BYTES_FIRST, 1);
	return bytes->ptr + bytes->len;
}

void bytes_append(struct bytes *bytes, const void *from, size_t len)
{
	char *to = bytes_reserve(bytes, len);
	if (len)
		memcpy(to, from, len);
	bytes->len += len;
	bytes->ptr[bytes->len] = '\0';
}

void bytes_append_str(struct bytes *bytes, struct str text)
{
	bytes_append(bytes, text.ptr, text.len);
}

void bytes_append_byte(struct bytes *bytes, char byte)
{
	bytes_append(bytes, &byte, 1);
}

static PRINTF(2, 0) void append_format(struct bytes *bytes, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (len < 0)
		BUG("a format that cannot be printed");
	vsnprintf(bytes_reserve(bytes, (size_t)len), (size_t)len + 1, format, args);
	bytes->len += (size_t)len;
}

void bytes_printf(struct bytes *bytes, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	append_format(bytes, format, args);
	va_end(args);
}

struct str bytes_str(const struct bytes *bytes)
{
	return (struct str){ bytes->ptr ? bytes->ptr : "", bytes->len };
}
