// SPDX-License-Identifier: MIT
/**
 * A strict pull reader of JSON over a slice: no tree, no allocation, bounded depth.
 *
 * Strict: RFC 8259, UTF-8 checked, no duplicate-key rule (callers that need one keep a map).
 * Lone surrogates are accepted by the reader and become U+FFFD in json_text(); callers that
 * must refuse them look at `has_lone_surrogate`.
 */
#ifndef CORE_BASE_JSON_H
#define CORE_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"

enum json_token {
	JSON_ERROR,
	JSON_END,
	JSON_OBJECT,
	JSON_OBJECT_END,
	JSON_ARRAY,
	JSON_ARRAY_END,
	JSON_KEY,
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
};

#define JSON_DEPTH_MAX 64

struct json {
	struct str text;
	size_t at; /* after JSON_ERROR: where */
	unsigned depth, depth_max;
	uint64_t objects; /* bit i: level i is an object */
	struct str value; /* raw bytes of a key, string (without quotes) or number */
	bool has_escapes, has_lone_surrogate; /* of the last key or string */
	const char *error;                    /* static words; "is not UTF-8" for bad bytes */
	unsigned char state;
};

void json_init(struct json *json, struct str text, unsigned depth_max);
enum json_token json_next(struct json *json);
/** Unescaped text of the last key or string; borrows from the input when nothing is escaped. */
struct str json_text(const struct json *json, struct arena *arena);
/** After JSON_KEY: skips the value. After JSON_OBJECT or JSON_ARRAY: skips to its end. */
NODISCARD bool json_skip(struct json *json);
/** Whole number from the last JSON_NUMBER: false for signs, fractions, exponents, overflow. */
NODISCARD bool json_u64(const struct json *json, uint64_t *out);
NODISCARD bool json_double(const struct json *json, double *out);

#endif
