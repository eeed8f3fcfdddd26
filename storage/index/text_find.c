// SPDX-License-Identifier: MIT
#include "storage/index/text_find.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>

/*
 * Places where both the first and the last byte of the word stand are rare enough to look at one by
 * one. Found faster than with memmem, which restarts at every place.
 */
size_t text_find(const char *text, size_t from, size_t to, struct str word)
{
	if (word.len == 0 || to - from < word.len)
		return word.len == 0 ? from : to;
	const __m128i first = _mm_set1_epi8(word.ptr[0]);
	const __m128i last = _mm_set1_epi8(word.ptr[word.len - 1]);
	size_t end = to - word.len + 1;
	for (size_t at = from; at < end; at += 16) {
		__m128i head = _mm_loadu_si128((const __m128i *)(const void *)(text + at));
		__m128i tail =
			_mm_loadu_si128((const __m128i *)(const void *)(text + at + word.len - 1));
		unsigned places = (unsigned)_mm_movemask_epi8(
			_mm_and_si128(_mm_cmpeq_epi8(head, first), _mm_cmpeq_epi8(tail, last)));
		for (; places; places &= places - 1) {
			size_t place = at + (unsigned)__builtin_ctz(places);
			if (place >= end)
				return to;
			if (word.len <= 2 ||
			    memcmp(text + place + 1, word.ptr + 1, word.len - 2) == 0)
				return place;
		}
	}
	return to;
}

#else

size_t text_find(const char *text, size_t from, size_t to, struct str word)
{
	const char *place = memmem(text + from, to - from, word.ptr, word.len);
	return place ? (size_t)(place - text) : to;
}

#endif
