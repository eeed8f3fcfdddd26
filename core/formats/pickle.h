// SPDX-License-Identifier: MIT
/**
 * The pickle machine: what a pickle would make, call and import, told from its opcodes. Nothing is
 * looked up and nothing is called.
 *
 * Globals and calls are judged when their opcode runs, not by what is left at the end: an attack
 * drops its result. A broken pickle is read on to the last byte that can be decoded.
 */
#ifndef CORE_FORMATS_PICKLE_H
#define CORE_FORMATS_PICKLE_H

#include "core/formats/pickle_findings.h"
#include "core/formats/pickle_heap.h"
#include "core/formats/pickle_memo.h"
#include "core/formats/pickle_source.h"

#define PICKLE_STACK_MAX 1000000u
#define PICKLE_LONG_MAX (1u << 20)      /* bytes of a number */
#define PICKLE_OLD_TEXT_MAX (64u << 10) /* longer texts of Python 2 are taken for bytes */
#define PICKLE_PROTOCOL_MAX 5u

enum pickle_end {
	PICKLE_ABSENT, /* no byte is left */
	PICKLE_WHOLE,  /* read up to its STOP */
	PICKLE_BROKEN, /* the findings say why */
};

/** What stands behind an opcode. */
struct pickle_argument {
	uint64_t number; /* two's complement where it is signed */
	double real;
	struct str text, more; /* of a line or a counted text, or NULL; a second line */
	uint64_t at, len;      /* of bytes that are not copied */
};

struct pickle_stack {
	uint32_t *values;
	size_t n, cap;
};

struct pickle {
	struct pickle_source source;
	struct pickle_heap heap;
	struct pickle_findings *findings; /* borrowed */
	struct pickle_budget *budget;     /* borrowed */
	struct arena *arena;              /* borrowed */

	/* of the pickle that was read last */
	struct pickle_stack stack, marks;
	struct pickle_memo memo;
	uint64_t begin;     /* where it begins in the blob */
	uint64_t frame_end; /* 0: outside of frames */
	uint64_t op_at;
	unsigned char op;
	bool has_protocol; /* it begins with PROTO */
	bool is_astray;    /* it took what is not there: Python would have given up */
	bool is_over;
	bool is_faulty; /* the next two tell its first fault */
	uint64_t fault_at;
	unsigned char fault_op;
	struct pickle_argument argument;
	enum pickle_end end;
	uint32_t root; /* of a whole one */
	uint64_t n_ops;
};

/**
 * Opens bytes from `at` to `end` as a run of pickles.
 *
 * @arena  owns all values; they stay when further pickles are read
 * @return false when there is no memory
 */
NODISCARD bool pickle_open(struct pickle *pickle, const struct blob *blob, uint64_t at,
			   uint64_t end, struct arena *arena, struct pickle_budget *budget,
			   struct pickle_findings *findings);

/** Reads the next pickle. */
enum pickle_end pickle_read(struct pickle *pickle);

#endif
