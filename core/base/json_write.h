// SPDX-License-Identifier: MIT
/**
 * The only writer of JSON: one object a line, valid UTF-8 whatever the input.
 */
#ifndef CORE_BASE_JSON_WRITE_H
#define CORE_BASE_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/array.h"

struct json_writer {
	struct bytes *out; /* borrowed */
	bool wants_comma;
};

struct json_writer json_writer(struct bytes *out);
void json_object(struct json_writer *json,
		 const char *key); /* key NULL: in an array or at the top */
void json_object_end(struct json_writer *json);
void json_array(struct json_writer *json, const char *key);
void json_array_end(struct json_writer *json);
/** STR_NULL gives null. Bytes that are not UTF-8 become U+FFFD. */
void json_string(struct json_writer *json, const char *key, struct str text);
void json_u64_value(struct json_writer *json, const char *key, uint64_t number);
void json_i64_value(struct json_writer *json, const char *key, int64_t number);
/** Shortest text that reads back; NaN and infinities become null. 16 is written 16.0. */
void json_double_value(struct json_writer *json, const char *key, double number);
void json_bool(struct json_writer *json, const char *key, bool yes);
/** What is JSON already; STR_NULL gives null. */
void json_raw(struct json_writer *json, const char *key, struct str text);
void json_null(struct json_writer *json, const char *key);
/** The number where there is one, else null. */
void json_i64_if(struct json_writer *json, const char *key, bool has, int64_t number);
void json_double_if(struct json_writer *json, const char *key, bool has, double number);
/** `base64` of the bytes when they are not UTF-8, else null: for path_bytes. */
void json_base64_if_broken(struct json_writer *json, const char *key, struct str bytes);

#endif
