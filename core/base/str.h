// SPDX-License-Identifier: MIT
/**
 * Slices of somebody else's bytes: not terminated, may hold NUL and broken UTF-8.
 *
 * Comparison is bytewise; folding for people lives in base/text. A slice whose `ptr` is NULL
 * means "unknown" (JSON null) wherever a struct says so.
 */
#ifndef CORE_BASE_STR_H
#define CORE_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/compiler.h"

struct str {
	const char *ptr;
	size_t len;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_NULL ((struct str){ NULL, 0 })
/** For printf("%.*s", STR_ARG(s)); only for text that is known to be harmless. */
#define STR_ARG(s) (int)(s).len, (s).ptr ? (s).ptr : ""

static inline bool str_is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

struct str str_from(const char *terminated); /* NULL gives STR_NULL */
bool str_equal(struct str a, struct str b);
/** ASCII letters compare alike; other bytes as they are. */
bool str_equal_nocase(struct str a, struct str b);
int str_compare(struct str a, struct str b);
bool str_has_prefix(struct str text, struct str prefix);
bool str_has_suffix(struct str text, struct str suffix);
bool str_has_suffix_nocase(struct str text, struct str suffix);
/** Remove it and return true, or leave `text` alone and return false. */
bool str_cut_prefix(struct str *text, struct str prefix);
bool str_cut_suffix(struct str *text, struct str suffix);
/** Index of the first / last occurrence, or -1. */
ptrdiff_t str_find(struct str text, struct str wanted);
ptrdiff_t str_find_byte(struct str text, char byte);
ptrdiff_t str_rfind_byte(struct str text, char byte);
struct str str_slice(struct str text, size_t from, size_t to);
/** What stands behind the last `byte`; all of it where there is none. */
struct str str_after_last(struct str text, char byte);
struct str str_trim(struct str text); /* spaces, tabs, CR, LF at both ends */
/** Is it one of the words, which stand between blanks? The empty text is none. */
bool str_is_listed(const char *words, struct str word);
/** Takes the part before `separator` off the front of `*rest`; false when `*rest` is used up.
 *  "a;;b" gives "a", "", "b". Start with `*rest` = whole text; it ends as STR_NULL. */
bool str_next_part(struct str *rest, char separator, struct str *part);
/** Whole text must be digits and fit; false otherwise. */
NODISCARD bool str_to_u64(struct str text, uint64_t *out);
NODISCARD bool str_to_i64(struct str text, int64_t *out);
NODISCARD bool str_to_double(struct str text, double *out);
uint64_t str_hash(struct str text); /* fast, not for secrets */

#endif
