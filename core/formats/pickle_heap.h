// SPDX-License-Identifier: MIT
/**
 * The values a pickle would make, as indices: a graph in which one value may stand in many places,
 * so that what refers to itself a million times costs no more than it takes in the file.
 */
#ifndef CORE_FORMATS_PICKLE_HEAP_H
#define CORE_FORMATS_PICKLE_HEAP_H

#include "core/base/arena.h"
#include "core/formats/pickle_budget.h"

enum pickle_kind {
	PICKLE_UNKNOWN, /* value 0 is always this one: nothing is known about it */
	PICKLE_NONE,
	PICKLE_BOOL,
	PICKLE_INT,
	PICKLE_BIG,
	PICKLE_FLOAT,
	PICKLE_STR,
	PICKLE_BYTES,
	PICKLE_TUPLE,
	PICKLE_LIST,
	PICKLE_DICT,
	PICKLE_SET,
	PICKLE_GLOBAL,
	PICKLE_PERSID,
	PICKLE_OBJECT,
};

/** How an object came to be. */
enum pickle_making { MADE_BY_CALL, MADE_BY_CLASS };

/* Flags. */
#define PICKLE_HAS_PAIRS 1u /* OBJECT: its members are keys and values in turns */
#define PICKLE_WAS_SEEN 2u  /* by who walks the graph */
#define PICKLE_WAS_READ 4u  /* as a pickle of its own */

struct pickle_value {
	uint8_t kind, making, flags;
	uint32_t last; /* containers: the last segment; GLOBAL: which one */
	union {
		int64_t integer; /* BOOL, INT */
		double real;     /* FLOAT */
		struct str text; /* STR; BIG: little-endian, two's complement */
		struct {
			uint64_t at, len;
		} bytes; /* BYTES: where they are in the source */
		struct {
			uint32_t first;                 /* containers: the first segment */
			uint32_t callable, args, state; /* OBJECT; PERSID: the id in `args` */
		};
	};
};

/** Elements in pages: they stay where they are, and growing copies nothing. */
struct pickle_pages {
	char **pages;
	size_t n_pages, len, element_bytes;
};

struct pickle_heap {
	struct arena *arena;          /* borrowed */
	struct pickle_budget *budget; /* borrowed */
	struct pickle_pages values;   /* struct pickle_value */
	struct pickle_pages members;  /* uint32_t */
	struct pickle_pages segments; /* runs of members: a container's, in order */
};

/** Makes value 0; false when there is no memory for it, and then no other call is allowed. */
NODISCARD bool pickle_heap_init(struct pickle_heap *heap, struct arena *arena,
				struct pickle_budget *budget);

/** A new value of this kind; 0 when the budget is used up. */
uint32_t pickle_heap_new(struct pickle_heap *heap, enum pickle_kind kind);

/** Never NULL; index 0 and what is out of range are the unknown value. */
struct pickle_value *pickle_at(const struct pickle_heap *heap, uint32_t value);

size_t pickle_heap_count(const struct pickle_heap *heap);

/** Appends members to a container or an object; false when the budget is used up. */
NODISCARD bool pickle_append(struct pickle_heap *heap, uint32_t container, const uint32_t *members,
			     size_t n);

/** Walks the members of one value: keys and values of a dict take turns. */
struct pickle_walk {
	const struct pickle_heap *heap;
	uint32_t segment, i; /* segment + 1; 0 at the end */
};

struct pickle_walk pickle_members(const struct pickle_heap *heap, uint32_t container);
bool pickle_next(struct pickle_walk *walk, uint32_t *member);

/** The nth member of a tuple or list; 0 when there is none. */
uint32_t pickle_member(const struct pickle_heap *heap, uint32_t container, size_t n);

/** The last value of a dict's text key; 0 when there is none. */
uint32_t pickle_find(const struct pickle_heap *heap, uint32_t dict, struct str key);

/** The text of a STR, or STR_NULL. */
struct str pickle_text(const struct pickle_heap *heap, uint32_t value);

/** The number of an INT or BOOL that is not negative. */
bool pickle_count(const struct pickle_heap *heap, uint32_t value, uint64_t *out);

#endif
