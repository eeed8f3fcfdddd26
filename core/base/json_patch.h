// SPDX-License-Identifier: MIT
/**
 * Changing a few members of somebody else's JSON object: everything else keeps its bytes, as do white
 * space and order. What is new is written as the text around it is.
 */
#ifndef CORE_BASE_JSON_PATCH_H
#define CORE_BASE_JSON_PATCH_H

#include "core/base/array.h"
#include "core/base/error.h"
#include "core/base/json.h"

/** A member of the outermost object. */
struct json_member {
	struct str key;       /* unescaped */
	enum json_token type; /* STRING, NUMBER, TRUE, FALSE, NULL, OBJECT or ARRAY */
	struct str value;     /* raw, with its quotes or brackets; in the text */
};

/**
 * Appends the members, of struct json_member, in the order of the text.
 * @arena  owns keys that had escapes
 * @err    FORMAT: it is no object, or not JSON
 */
NODISCARD bool json_members(struct str text, struct arena *arena, struct array *out,
			    struct error *err);

/** The last member of that name, which is the one that most readers take; NULL: there is none. */
const struct json_member *json_member_find(const struct array *members, struct str key);

/** Appends each string in a raw array of a member, unescaped; what is no string is passed over. */
void json_member_strings(const struct json_member *array, struct arena *arena, struct array *out);

/** The unescaped text of a raw string. */
struct str json_member_text(const struct json_member *string, struct arena *arena);

/** Appends a text as it stands between quotes, as json.dump writes it: other letters as they are, or
 *  all of them as \uXXXX. */
void json_escape(struct bytes *out, struct str text, bool is_ascii);

/**
 * Appends the object with members changed.
 *
 * @with   an object of strings, numbers, words and arrays of these: the elements of an array come to
 *         those that are there; all else takes the place of what is there. What is not there comes last
 * @err    FORMAT: one of both is not JSON or no object, or a member that is to change is there twice;
 *         `out` is not for use then
 */
NODISCARD bool json_patch(struct str text, struct str with, struct bytes *out, struct error *err);

#endif
