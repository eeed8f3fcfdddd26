// SPDX-License-Identifier: MIT
#include "storage/index/term_memory.h"

#include <stdlib.h>

#include "core/base/array.h"
#include "core/base/error.h"

enum { TERMS_KEPT = 16 };

struct remembered {
	struct arena arena; /* owns the rest */
	struct str key;     /* empty: free */
	struct str word;    /* of a bare word, else empty */
	struct bitmap slots;
	size_t n_slots; /* in the set */
	uint64_t used;
};

struct term_memory {
	struct remembered terms[TERMS_KEPT];
	uint64_t clock;
};

struct term_memory *term_memory_create(void)
{
	struct term_memory *memory = calloc(1, sizeof *memory);
	if (!memory)
		die_oom();
	return memory;
}

void term_memory_clear(struct term_memory *memory)
{
	for (size_t i = 0; i < TERMS_KEPT; i++) {
		arena_finish(&memory->terms[i].arena);
		memory->terms[i] = (struct remembered){ 0 };
	}
}

void term_memory_destroy(struct term_memory *memory)
{
	if (!memory)
		return;
	term_memory_clear(memory);
	free(memory);
}

struct str term_key(const struct query_node *leaf, struct arena *arena)
{
	struct bytes key = { 0 };
	bytes_printf(&key, "%d %d %d %a %a %d %d\n", (int)leaf->field, (int)leaf->match,
		     (int)leaf->is, leaf->low, leaf->high, leaf->low_open, leaf->high_open);
	bytes_append_str(&key, leaf->text);
	struct str copy = arena_str(arena, bytes_str(&key));
	bytes_finish(&key);
	return copy;
}

const struct bitmap *term_recall(struct term_memory *memory, struct str key)
{
	for (size_t i = 0; i < TERMS_KEPT; i++) {
		if (memory->terms[i].key.len > 0 && str_equal(memory->terms[i].key, key)) {
			memory->terms[i].used = ++memory->clock;
			return &memory->terms[i].slots;
		}
	}
	return NULL;
}

void term_remember(struct term_memory *memory, struct str key, struct str word,
		   const struct bitmap *slots)
{
	struct remembered *oldest = &memory->terms[0];
	for (size_t i = 1; i < TERMS_KEPT; i++) {
		if (memory->terms[i].used < oldest->used)
			oldest = &memory->terms[i];
	}
	arena_reset(&oldest->arena);
	oldest->key = arena_str(&oldest->arena, key);
	oldest->word = word.len > 0 ? arena_str(&oldest->arena, word) : STR_NULL;
	oldest->slots = bitmap_copy(&oldest->arena, slots);
	oldest->n_slots = bitmap_count(slots);
	oldest->used = ++memory->clock;
}

const struct bitmap *term_recall_part(const struct term_memory *memory, struct str word)
{
	const struct remembered *best = NULL;
	for (size_t i = 0; i < TERMS_KEPT; i++) {
		const struct remembered *term = &memory->terms[i];
		if (term->word.len > 0 && str_find(word, term->word) >= 0 &&
		    (!best || term->n_slots < best->n_slots))
			best = term;
	}
	return best ? &best->slots : NULL;
}
