// SPDX-License-Identifier: MIT
/**
 * Bytes of a pickle, taken in order from a blob: a window at a time, so that neither a large
 * pickle nor the weights behind it are in memory.
 */
#ifndef CORE_FORMATS_PICKLE_SOURCE_H
#define CORE_FORMATS_PICKLE_SOURCE_H

#include "core/base/arena.h"
#include "core/base/blob.h"
#include "core/formats/pickle_budget.h"

#define PICKLE_STRING_MAX (16u << 20) /* of one text: longer ones are no name of anything */
#define PICKLE_LOOK_MAX 8u            /* of the widest number */

enum pickle_taken {
	TAKEN_ALL,
	TAKEN_SHORT, /* the bytes end before */
	TAKEN_LONG,  /* more than PICKLE_STRING_MAX */
	TAKEN_MUCH,  /* more than the budget or the memory has */
};

struct pickle_source {
	const struct blob *blob;      /* borrowed from the caller */
	struct arena *arena;          /* borrowed; owns the window and the texts */
	struct pickle_budget *budget; /* borrowed; pays for them */
	uint64_t at, end;             /* in the blob */
	const char *window;           /* of a memory blob: the blob itself */
	uint64_t window_at;
	size_t window_len;
	char *room; /* NULL for a memory blob */
	size_t room_bytes;
	struct error err; /* why the blob could not be read; code NONE: it could */
};

/** `end` at most the blob's size. */
void pickle_source_init(struct pickle_source *source, const struct blob *blob, uint64_t at,
			uint64_t end, struct arena *arena, struct pickle_budget *budget);

uint64_t pickle_source_left(const struct pickle_source *source);

/** The next `len` bytes, at most PICKLE_LOOK_MAX, not taken; NULL when there are fewer. */
const unsigned char *pickle_source_look(struct pickle_source *source, size_t len);

/** Takes `len` bytes without reading them; false when there are fewer. */
NODISCARD bool pickle_source_skip(struct pickle_source *source, uint64_t len);

/** Copies `len` bytes into the arena. */
enum pickle_taken pickle_source_take(struct pickle_source *source, uint64_t len, struct str *out);

/** Copies a line into the arena without its end; takes the end too. */
enum pickle_taken pickle_source_line(struct pickle_source *source, struct str *out);

#endif
