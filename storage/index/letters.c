// SPDX-License-Identifier: MIT
#include "storage/index/letters.h"

/* Signs and digits have the lower half of the bits, letters the upper one. */
static uint64_t bit_of(unsigned char byte)
{
	return byte < 0x80 ? UINT64_C(1) << ((byte & 31) | (byte & 64) >> 1) : 0;
}

uint64_t letters_of(struct str folded)
{
	uint64_t letters = 0;
	for (size_t i = 0; i < folded.len; i++)
		letters |= bit_of((unsigned char)folded.ptr[i]);
	return letters;
}

bool letters_tell(struct str word)
{
	char only = word.len == 1 ? word.ptr[0] : '\0';
	return (only >= 'a' && only <= 'z') || (only >= '0' && only <= '9');
}

struct bitmap letters_filter(const uint64_t *texts, size_t n, const struct bitmap *in,
			     uint64_t letters, struct arena *arena)
{
	struct bitmap found = bitmap_new(arena, n);
	for (size_t i = 0; i < bitmap_n_words(n); i++) {
		size_t end = n - i * 64 < 64 ? n - i * 64 : 64;
		uint64_t word = 0;
		if (in && in->words[i] == 0)
			continue;
		for (size_t bit = 0; bit < end; bit++)
			word |= (uint64_t)((texts[i * 64 + bit] & letters) == letters) << bit;
		found.words[i] = in ? word & in->words[i] : word;
	}
	return found;
}
