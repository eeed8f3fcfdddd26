// SPDX-License-Identifier: MIT
/**
 * Key lists: the tensor names and shapes of a known layout, many to a line.
 *
 * A line is `name <tab> shape <tab> dtype`, the shape `320,R,1,1` or `-`; {0..11} and {q|k|v} in a
 * name stand for as many tensors. Lines that begin with # say where the list is from.
 */
#ifndef CORE_SAMPLES_KEY_LIST_H
#define CORE_SAMPLES_KEY_LIST_H

#include "core/base/array.h"
#include "core/base/error.h"
#include "core/formats/tensor_table.h"

#define KEY_DIMS_MAX 6

/** A dimension of n times the adapter's rank, until keys_resolve makes it a number. */
#define KEY_RANK(n) (UINT64_MAX - (n) + 1)
#define KEY_RANK_TIMES_MAX 64

/** A tensor to be: all that a header says of one but its place. */
struct key_row {
	struct str name; /* NUL-terminated, on the arena */
	uint64_t shape[KEY_DIMS_MAX];
	uint8_t n_dims;
	enum dtype dtype; /* UNKNOWN: the part's or the sample's own */
};

/** Appends the rows of a list's text to `rows` (of struct key_row). */
NODISCARD bool key_list_parse(struct str text, struct arena *arena, struct array *rows,
			      struct error *err);

/** "320", "R" or "R*3". */
NODISCARD bool key_list_dimension(struct str text, uint64_t *out);

/** Appends a row for every name that `row->name` stands for. */
void key_list_expand(const struct key_row *row, struct arena *arena, struct array *rows);

/** Puts numbers where the rank stands. */
void key_list_resolve(struct array *rows, uint64_t rank);

/** "F16", ... in the order in which the reference writer sorts tensors; NULL: it has no word. */
const char *key_dtype_word(enum dtype dtype);
/** Place in that order. */
unsigned key_dtype_order(enum dtype dtype);

/** Product of the shape; ranks must be resolved. */
uint64_t key_elements(const struct key_row *row);

#endif
