// SPDX-License-Identifier: MIT
/**
 * Numbers and texts as one run of bytes without pointers, and back from bytes that nobody vouches
 * for.
 *
 * Numbers are LEB128 in their shortest spelling; a text is its length plus one (0: STR_NULL) and
 * its bytes; a list its length and its members. What unpacks packs to the same bytes.
 */
#ifndef CORE_BASE_PACK_H
#define CORE_BASE_PACK_H

#include <stdint.h>

#include "core/base/array.h"

void pack_u64(struct bytes *out, uint64_t number);
void pack_double(struct bytes *out, double number);
void pack_str(struct bytes *out, struct str text);
void pack_strs(struct bytes *out, const struct str *list, size_t n);

/** What is left to unpack. After the first mistake everything taken is zero and nothing moves. */
struct packed {
	struct str rest;     /* texts taken borrow from it */
	struct arena *arena; /* owns the lists taken */
	bool is_broken;
};

uint64_t unpack_u64(struct packed *from);
uint32_t unpack_u32(struct packed *from);
/** A number below `end`: a word of a closed list, a boolean. */
unsigned unpack_below(struct packed *from, unsigned end);
double unpack_double(struct packed *from);
struct str unpack_str(struct packed *from);
const struct str *unpack_strs(struct packed *from, size_t *n);
/** Room for a list whose members take `flat_bytes` at least: counted before it is allocated. */
void *unpack_list(struct packed *from, size_t flat_bytes, size_t member_bytes, size_t *n);

/** A mistake that only the caller can see; returns 0. */
uint64_t unpack_broken(struct packed *from);

#endif
