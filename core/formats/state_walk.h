// SPDX-License-Identifier: MIT
/**
 * The walk through a pickled model. For state_dict alone.
 */
#ifndef CORE_FORMATS_STATE_WALK_H
#define CORE_FORMATS_STATE_WALK_H

#include "core/formats/state_dict.h"

/** One step of the way to a value. */
struct state_step {
	const struct state_step *up; /* NULL: the first */
	struct str text;
	char digits[24]; /* text of a number */
};

struct state_walk {
	struct format_job *job;
	const struct pickle *pickle;
	const struct map *places;
	struct tensor *tensors; /* on the reader's room while they grow */
	size_t n_tensors, cap_tensors;
	bool only_counts; /* what is not listed */
	uint64_t counted_bytes;
	unsigned depth;
	bool is_full; /* a limit was met */
};

/** The text of a key, which may be a number; false for any other value. */
bool state_step_make(const struct pickle *pickle, uint32_t key, const struct state_step *up,
		     struct state_step *out);

/** No more than once into a container: tied modules stand in many places, those of a forged graph
 * in more than can be counted. */
bool state_walk_enter(struct state_walk *walk, uint32_t container);

/** Walks a value whose way is `up`. */
void state_walk_value(struct state_walk *walk, uint32_t value, const struct state_step *up);

/** Is it a dict, or an object that is filled like one? */
bool state_has_pairs(const struct pickle *pickle, uint32_t value);

/** Walks the keys and values of one. */
struct state_pairs {
	const struct pickle_heap *heap;
	struct pickle_walk listed;  /* pairs that it was made of, each a list */
	struct pickle_walk members; /* keys and values that were put in */
};

struct state_pairs state_pairs(const struct pickle *pickle, uint32_t value);
bool state_pairs_next(struct state_pairs *pairs, uint32_t *key, uint32_t *value);
/** The last value of a text key; 0 when there is none. */
uint32_t state_find(const struct pickle *pickle, uint32_t dict, struct str key);

/** Adds a tensor, or tells why it cannot be one of this file. */
void state_add_tensor(struct state_walk *walk, uint32_t value, const struct state_step *up);

#endif
