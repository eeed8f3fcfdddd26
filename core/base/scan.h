// SPDX-License-Identifier: MIT
/**
 * The inner loop of everything that reads JSON strings: sixteen bytes at a step where the machine
 * has SSE2, one elsewhere. Inline, since its callers spend most of their time here.
 */
#ifndef CORE_BASE_SCAN_H
#define CORE_BASE_SCAN_H

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/** The first byte that is a quote, a backslash, a control character or not ASCII; or `end`. */
static inline const char *scan_plain(const char *at, const char *end)
{
#if defined(__SSE2__)
	const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
	const __m128i blank = _mm_set1_epi8(' ');
	for (; end - at >= 16; at += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
		/* As signed bytes both control characters and non-ASCII are less than a blank. */
		__m128i stops = _mm_or_si128(_mm_cmplt_epi8(bytes, blank),
					     _mm_or_si128(_mm_cmpeq_epi8(bytes, quote),
							  _mm_cmpeq_epi8(bytes, backslash)));
		int mask = _mm_movemask_epi8(stops);
		if (mask)
			return at + __builtin_ctz((unsigned)mask);
	}
#endif
	while (at < end && *at != '"' && *at != '\\' && (unsigned char)(*at - ' ') < 0x60)
		at++;
	return at;
}

#endif
