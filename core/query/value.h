// SPDX-License-Identifier: MIT
/**
 * The right side of a term: what may stand after each field, and what it means.
 *
 * Internal to core/query: query.c cuts the text into terms, this reads their values.
 */
#ifndef CORE_QUERY_VALUE_H
#define CORE_QUERY_VALUE_H

#include "core/query/query.h"

/** All that reading a query needs; lives as long as query_parse. */
struct query_context {
	struct str text; /* the whole query */
	const struct knowledge *knowledge;
	int64_t now_s;
	struct arena *arena;
	struct query_mistake *mistake; /* out */
};

/** How many bytes of somebody's word a mistake quotes: STR_ARG of the result fits its text. */
struct str query_quote(struct str word);

/** Which character, counted from 1, that byte of the text is. */
size_t query_column(const struct query_context *context, size_t at);

/** Fills the mistake; `at` is a byte of the text, told as a character. Returns false. */
bool query_fail(const struct query_context *context, size_t at, const char *format, ...)
	PRINTF(3, 4);

/** The field of that word, letters of any case; FIELD_COUNT when there is none. */
enum query_field query_field_find(struct str word);

struct query_value {
	struct str text; /* without quotes, escapes resolved */
	size_t at;       /* where it begins in the query */
};

/**
 * Reads the value of `leaf->field`; `leaf->match` says whether ":=" stood before it.
 * @leaf   in: field, match. Out: text, low, high, is
 */
NODISCARD bool query_value_read(const struct query_context *context,
				const struct query_value *value, struct query_node *leaf);

/** "field:" alone: whether it has a meaning for this field. */
NODISCARD bool query_value_any(const struct query_context *context, size_t at,
			       struct query_node *leaf);

#endif
