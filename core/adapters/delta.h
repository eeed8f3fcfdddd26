// SPDX-License-Identifier: MIT
/**
 * The change that a module's factors multiply to: how many rows and columns, and whether that is
 * what its target has.
 *
 * Stricter than the programs that load adapters: they compare how many elements there are, so a
 * change of other rows and columns is applied as noise. Source: binding facts, sections 3 and 7.
 */
#ifndef CORE_ADAPTERS_DELTA_H
#define CORE_ADAPTERS_DELTA_H

#include <stdbool.h>
#include <stdint.h>

#define DELTA_KERNEL_MAX 3

struct factors;

struct delta {
	uint64_t rows;    /* 0: the factors do not tell */
	uint64_t columns; /* inputs times kernel; 0: the factors do not tell */
	uint64_t kernel[DELTA_KERNEL_MAX];
	uint8_t n_kernel;    /* 0: stored as a plain matrix */
	bool is_whole;       /* no factor is missing that the others need */
	bool is_sound;       /* the factors can be multiplied with one another */
	bool is_either_side; /* `rows` is the width of the input or of the output */
	bool may_pad;        /* says itself that the target is to be enlarged */
	bool is_small;       /* changes a bias or a norm, no matrix */
};

/** Never trusts a shape: what does not multiply, or overflows, is not sound. */
void delta_read(const struct factors *factors, struct delta *out);

/** What a module may change: a matrix, or rows of one. */
struct delta_target {
	uint64_t rows, columns, inputs; /* 0: not provable, packed weights hide it */
	bool takes_any_inputs;          /* a first layer: programs pad it */
	bool is_table;                  /* an embedding: adapters store it turned round */
};

enum delta_fit { DELTA_FITS, DELTA_FITS_PADDED, DELTA_INCOMPLETE, DELTA_DIFFERS };

enum delta_fit delta_fits(const struct delta *delta, const struct delta_target *target);

#endif
