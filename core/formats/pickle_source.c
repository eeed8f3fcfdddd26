// SPDX-License-Identifier: MIT
#include "core/formats/pickle_source.h"

#include <string.h>

enum {
	WINDOW_FIRST = 4 << 10, /* most of what is tried is no pickle, or a small one */
	WINDOW_MAX = 64 << 10,
};

void pickle_source_init(struct pickle_source *source, const struct blob *blob, uint64_t at,
			uint64_t end, struct arena *arena, struct pickle_budget *budget)
{
	*source = (struct pickle_source){
		.blob = blob,
		.arena = arena,
		.budget = budget,
		.at = at,
		.end = end < blob->size_bytes ? end : blob->size_bytes,
	};
	if (source->at > source->end)
		source->at = source->end;
	if (blob->memory) {
		source->window = blob->memory;
		source->window_len = (size_t)blob->size_bytes;
	}
}

uint64_t pickle_source_left(const struct pickle_source *source)
{
	return source->end - source->at;
}

/** A larger window than the last one: who has read on will do so again. */
static bool make_room(struct pickle_source *source)
{
	size_t bytes = source->room ? WINDOW_MAX : WINDOW_FIRST;
	if (source->room_bytes == bytes)
		return true;
	if (pickle_budget_spend(source->budget, bytes))
		source->room = arena_try_bytes(source->arena, bytes);
	source->room_bytes = source->room ? bytes : 0;
	return source->room_bytes == bytes;
}

/** Brings the byte at `at` into the window; false when it cannot be had. */
static bool load_window(struct pickle_source *source)
{
	if (!make_room(source))
		return error_set(&source->err, ERROR_LIMIT, NULL, "no memory to read a pickle");
	uint64_t left = pickle_source_left(source);
	size_t len = left < source->room_bytes ? (size_t)left : source->room_bytes;
	source->window_len = 0;
	if (!blob_read_at(source->blob, source->at, source->room, len, &source->err))
		return false;
	source->window = source->room;
	source->window_at = source->at;
	source->window_len = len;
	return true;
}

/** What the window holds from `at` on. */
static struct str in_window(const struct pickle_source *source)
{
	if (source->at < source->window_at || source->at - source->window_at >= source->window_len)
		return STR_NULL;
	size_t from = (size_t)(source->at - source->window_at);
	struct str have = { source->window + from, source->window_len - from };
	uint64_t left = pickle_source_left(source);
	return have.len > left ? str_slice(have, 0, (size_t)left) : have;
}

const unsigned char *pickle_source_look(struct pickle_source *source, size_t len)
{
	if (source->err.code != ERROR_NONE || len > pickle_source_left(source))
		return NULL;
	struct str have = in_window(source);
	if (have.len < len) {
		if (!load_window(source))
			return NULL;
		have = in_window(source);
	}
	return (const unsigned char *)have.ptr;
}

bool pickle_source_skip(struct pickle_source *source, uint64_t len)
{
	if (len > pickle_source_left(source))
		return false;
	source->at += len;
	return true;
}

/** Some of the bytes at `at`, at least one; empty at the end or when they cannot be read. */
static struct str some(struct pickle_source *source)
{
	return pickle_source_look(source, 1) ? in_window(source) : STR_NULL;
}

enum pickle_taken pickle_source_take(struct pickle_source *source, uint64_t len, struct str *out)
{
	if (len > pickle_source_left(source))
		return TAKEN_SHORT;
	if (len > PICKLE_STRING_MAX)
		return TAKEN_LONG;
	if (!pickle_budget_spend(source->budget, (size_t)len))
		return TAKEN_MUCH;
	char *copy = arena_try_bytes(source->arena, (size_t)len);
	if (!copy)
		return TAKEN_MUCH;
	for (size_t have = 0; have < len;) {
		struct str part = some(source);
		if (part.len == 0)
			return TAKEN_SHORT;
		if (part.len > len - have)
			part.len = (size_t)len - have;
		memcpy(copy + have, part.ptr, part.len);
		have += part.len;
		source->at += part.len;
	}
	*out = (struct str){ copy, (size_t)len };
	return TAKEN_ALL;
}

enum pickle_taken pickle_source_line(struct pickle_source *source, struct str *out)
{
	uint64_t start = source->at;
	ptrdiff_t in_part = -1;
	while (in_part < 0) {
		struct str part = some(source);
		if (part.len == 0)
			return TAKEN_SHORT;
		if (source->at - start > PICKLE_STRING_MAX)
			return TAKEN_LONG;
		in_part = str_find_byte(part, '\n');
		source->at += in_part < 0 ? part.len : (size_t)in_part;
	}
	uint64_t len = source->at - start;
	source->at = start;
	enum pickle_taken taken = pickle_source_take(source, len, out);
	if (taken == TAKEN_ALL)
		source->at++;
	return taken;
}
