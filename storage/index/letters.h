// SPDX-License-Identifier: MIT
/**
 * Which characters a text has, as one word of bits: a first look that leaves few texts to search.
 *
 * Made of folded text, so capitals are not told from other signs, and what is not ASCII is left out.
 */
#ifndef STORAGE_INDEX_LETTERS_H
#define STORAGE_INDEX_LETTERS_H

#include "core/base/str.h"
#include "storage/index/bitmap.h"

uint64_t letters_of(struct str folded);
/** Is having the letters of `word` the same as having the word? So for one letter or digit. */
bool letters_tell(struct str word);
/**
 * Those of n texts that have all of the letters.
 * @texts  letters_of each
 * @in     only these are looked at; NULL: all
 */
struct bitmap letters_filter(const uint64_t *texts, size_t n, const struct bitmap *in,
			     uint64_t letters, struct arena *arena);

#endif
