// SPDX-License-Identifier: MIT
/**
 * What the terms of the last queries gave, so that typing on costs one term, not all of them.
 */
#ifndef STORAGE_INDEX_TERM_MEMORY_H
#define STORAGE_INDEX_TERM_MEMORY_H

#include "core/query/query.h"
#include "storage/index/bitmap.h"

struct term_memory;

struct term_memory *term_memory_create(void);
void term_memory_destroy(struct term_memory *memory);
/** The library has changed: nothing holds any more. */
void term_memory_clear(struct term_memory *memory);

/** What tells one term from another, on `arena`. */
struct str term_key(const struct query_node *leaf, struct arena *arena);
/** Borrowed until the next term_remember; NULL when it is not known. */
const struct bitmap *term_recall(struct term_memory *memory, struct str key);
/** @word  of a bare word, folded; else STR_NULL */
void term_remember(struct term_memory *memory, struct str key, struct str word,
		   const struct bitmap *slots);
/** Where a part of the word was found: of several the rarest one; NULL when none is known. */
const struct bitmap *term_recall_part(const struct term_memory *memory, struct str word);

#endif
