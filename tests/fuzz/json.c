// SPDX-License-Identifier: MIT
/** Reads any bytes as JSON; what it accepts is written again and must then read the same. */
#include "core/base/json.h"

#include <stdlib.h>

#include "core/base/json_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** Tokens and texts, in a form that two readings can be compared by. */
static bool describe(struct str text, struct bytes *out, struct arena *arena)
{
	struct json json;
	json_init(&json, text, JSON_DEPTH_MAX);
	for (;;) {
		enum json_token token = json_next(&json);
		if (token == JSON_ERROR && (!json.error || json.at > text.len))
			abort();
		if (token == JSON_ERROR || token == JSON_END)
			return token == JSON_END;
		bytes_append_byte(out, (char)('A' + token));
		if (token == JSON_KEY || token == JSON_STRING)
			bytes_append_str(out, json_text(&json, arena));
	}
}

static void write_again(struct str text, struct bytes *out, struct arena *arena)
{
	struct json json;
	json_init(&json, text, JSON_DEPTH_MAX);
	struct json_writer writer = json_writer(out);
	char *key = NULL;
	for (enum json_token token; (token = json_next(&json)) > JSON_END;) {
		if (token == JSON_KEY)
			key = arena_cstr(arena, json_text(&json, arena));
		else if (token == JSON_OBJECT)
			json_object(&writer, key);
		else if (token == JSON_ARRAY)
			json_array(&writer, key);
		else if (token == JSON_OBJECT_END)
			json_object_end(&writer);
		else if (token == JSON_ARRAY_END)
			json_array_end(&writer);
		else if (token == JSON_STRING)
			json_string(&writer, key, json_text(&json, arena));
		else if (token == JSON_NUMBER)
			json_u64_value(&writer, key, 0);
		else if (token == JSON_NULL)
			json_null(&writer, key);
		else
			json_bool(&writer, key, token == JSON_TRUE);
		if (token != JSON_KEY)
			key = NULL;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct arena arena = { 0 };
	struct bytes first = { 0 }, written = { 0 }, second = { 0 };
	/* A key with NUL is cut on its way through char *; such texts are only read. */
	if (describe(text, &first, &arena) && str_find_byte(bytes_str(&first), '\0') < 0) {
		write_again(text, &written, &arena);
		if (!describe(bytes_str(&written), &second, &arena) ||
		    !str_equal(bytes_str(&first), bytes_str(&second)))
			abort();
	}
	struct json json;
	json_init(&json, text, 3);
	if (json_next(&json) != JSON_ERROR && json_skip(&json) && json.at > size)
		abort();
	bytes_finish(&first);
	bytes_finish(&written);
	bytes_finish(&second);
	arena_finish(&arena);
	return 0;
}
