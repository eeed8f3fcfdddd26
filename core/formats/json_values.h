// SPDX-License-Identifier: MIT
/**
 * The plain values of a JSON text, each with the path where it stands. No tree is built.
 */
#ifndef CORE_FORMATS_JSON_VALUES_H
#define CORE_FORMATS_JSON_VALUES_H

#include "core/base/arena.h"
#include "core/base/json.h"

#define JSON_PATH_MAX 96u /* bytes of a path; what stands deeper is passed over */

struct json_value {
	struct str path;      /* keys joined by dots, "[]" for what stands in an array */
	enum json_token type; /* STRING, NUMBER, TRUE, FALSE or NULL */
	struct str text;      /* unescaped; of a number as written; "true", "false", "null" */
};

typedef void (*json_value_fn)(void *context, const struct json_value *value);

/**
 * Hands out every value of an object, in the order of the text.
 *
 * @arena  owns texts that had escapes; the rest borrows from `text`. Paths live until `take` returns
 * @why    out: static words, when it is no object or not JSON; what came before was handed out
 */
NODISCARD bool json_values_each(struct str text, struct arena *arena, json_value_fn take,
				void *context, const char **why);

#endif
