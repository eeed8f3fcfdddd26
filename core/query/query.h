// SPDX-License-Identifier: MIT
/**
 * The query language: text to a tree, mistakes with their column. product.md, "QUERY".
 *
 * Knows fields and their types; names no table. Who evaluates a tree walks it.
 */
#ifndef CORE_QUERY_QUERY_H
#define CORE_QUERY_QUERY_H

#include "core/knowledge/knowledge.h"

enum query_field {
	FIELD_TEXT, /* a bare word: name, file name, tag or trigger */
	FIELD_BASE,
	FIELD_ARCH,
	FIELD_KIND,
	FIELD_VARIANT,
	FIELD_TAG,
	FIELD_SET,
	FIELD_ROOT,
	FIELD_PATH,
	FIELD_TRIGGER,
	FIELD_TRAINED,
	FIELD_TYPE,
	FIELD_FORMAT,
	FIELD_CONFIDENCE,
	FIELD_STATUS,
	FIELD_SAFETY,
	FIELD_FIT,
	FIELD_IS,
	FIELD_RANK,
	FIELD_SIZE,
	FIELD_PARAMS,
	FIELD_RATING,
	FIELD_ADDED,
	FIELD_MODIFIED,
	FIELD_PREDICTION,
	FIELD_PRECISION,
	FIELD_COUNT
};

enum query_is {
	IS_FAVOURITE,
	IS_UNTAGGED,
	IS_DUPLICATE,
	IS_OFFLINE,
	IS_UNUSED,
	IS_MISSING,
	IS_COUNT
};

enum query_op { QUERY_ALL, QUERY_LEAF, QUERY_AND, QUERY_OR, QUERY_NOT };

enum query_match { MATCH_CONTAINS, MATCH_EXACT, MATCH_ANY }; /* field:x, field:=x, field: */

struct query_node {
	enum query_op op;
	const struct query_node *left, *right; /* AND, OR; NOT uses left */
	/* leaf */
	enum query_field field;
	enum query_match match;
	struct str text;  /* folded for words; resolved id for base, arch; word for closed fields */
	double low, high; /* numbers: low <= x <= high, infinities allowed;
					   times: seconds since the epoch */
	bool low_open, high_open; /* strict comparison */
	enum query_is is;
	size_t column; /* 1-based, in characters, of the term */
};

struct query_mistake {
	size_t column;  /* 1-based, in characters */
	char text[200]; /* "no field \"bse\"; did you mean \"base\"?" */
};

/**
 * Parses a query.
 * @now_s  the present, for ages (added:<7d)
 * @return the tree, on `arena`; QUERY_ALL for an empty text; NULL with `mistake` filled
 */
const struct query_node *query_parse(struct str text, const struct knowledge *knowledge,
				     int64_t now_s, struct arena *arena,
				     struct query_mistake *mistake);

const char *query_field_word(enum query_field field); /* "base"; for completion and help */
/** What it asks for, for help: "the base model or one of its descendants: base:pony". */
const char *query_field_help(enum query_field field);

#endif
