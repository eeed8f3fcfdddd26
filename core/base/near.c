// SPDX-License-Identifier: MIT
#include "core/base/near.h"

static unsigned char fold(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte + 32) : (unsigned char)byte;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment: insert, delete, replace, or swap two neighbours, one each. */
static size_t distance(struct str a, struct str b)
{
	size_t rows[3][NEAR_WORD_MAX + 1];
	size_t *two_up = rows[0], *up = rows[1], *row = rows[2];
	for (size_t j = 0; j <= b.len; j++)
		up[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			bool same = fold(a.ptr[i - 1]) == fold(b.ptr[j - 1]);
			row[j] = least(up[j - 1] + !same, least(up[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && fold(a.ptr[i - 1]) == fold(b.ptr[j - 2]) &&
			    fold(a.ptr[i - 2]) == fold(b.ptr[j - 1]))
				row[j] = least(row[j], two_up[j - 2] + 1);
		}
		size_t *spare = two_up;
		two_up = up;
		up = row;
		row = spare;
	}
	return up[b.len];
}

/* Typing the beginning of a long word is near it, however much is left to type. */
static bool begins(struct str word, struct str candidate)
{
	return word.len >= 3 && word.len < candidate.len &&
	       str_equal_nocase(str_slice(candidate, 0, word.len), word);
}

void near_offer(struct near *near, struct str candidate)
{
	if (near->word.len == 0 || near->word.len > NEAR_WORD_MAX || candidate.len == 0 ||
	    candidate.len > NEAR_WORD_MAX)
		return;
	size_t edits = begins(near->word, candidate) ? 1 : distance(near->word, candidate);
	size_t allowed = near->word.len < 3 ? 1 : (near->word.len + 2) / 3;
	if (edits > allowed || edits >= candidate.len)
		return;
	if (near->best.ptr && edits >= near->distance)
		return;
	near->best = candidate;
	near->distance = edits;
}
