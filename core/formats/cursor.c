// SPDX-License-Identifier: MIT
#include "core/formats/cursor.h"

#include <inttypes.h>
#include <string.h>

void cursor_init(struct cursor *cursor, const struct blob *blob, struct str front,
		 struct arena *arena)
{
	*cursor = (struct cursor){
		.blob = blob,
		.window = front.ptr,
		.window_len = front.len,
		.room = arena_alloc(arena, CURSOR_WINDOW),
	};
}

uint64_t cursor_left(const struct cursor *cursor)
{
	return cursor->blob->size_bytes - cursor->at;
}

static bool fill(struct cursor *cursor)
{
	bool is_next = cursor->at == cursor->window_at + cursor->window_len;
	size_t wanted = is_next ? CURSOR_WINDOW : CURSOR_STEP;
	size_t len = cursor_left(cursor) < wanted ? (size_t)cursor_left(cursor) : wanted;
	cursor->window = cursor->room;
	cursor->window_at = cursor->at;
	cursor->window_len = 0;
	if (!blob_read_at(cursor->blob, cursor->at, cursor->room, len, &cursor->err))
		return false;
	cursor->window_len = len;
	return true;
}

static bool has_left(struct cursor *cursor, uint64_t len)
{
	if (len <= cursor_left(cursor))
		return true;
	uint64_t end = len > UINT64_MAX - cursor->at ? UINT64_MAX : cursor->at + len;
	return error_set(&cursor->err, ERROR_FORMAT, "E_TRUNCATED",
			 "file is cut off: %" PRIu64 " of at least %" PRIu64 " bytes present",
			 cursor->blob->size_bytes, end);
}

/** What the window holds of the next bytes; a skip backwards never happens. */
static size_t in_window(const struct cursor *cursor)
{
	uint64_t end = cursor->window_at + cursor->window_len;
	return end > cursor->at ? (size_t)(end - cursor->at) : 0;
}

bool cursor_read(struct cursor *cursor, void *to, size_t len)
{
	if (!has_left(cursor, len))
		return false;
	while (len > 0) {
		size_t part = in_window(cursor);
		if (part == 0) {
			if (!fill(cursor))
				return false;
			continue;
		}
		part = part < len ? part : len;
		memcpy(to, cursor->window + (cursor->at - cursor->window_at), part);
		cursor->at += part;
		to = (char *)to + part;
		len -= part;
	}
	return true;
}

bool cursor_skip(struct cursor *cursor, uint64_t len)
{
	if (!has_left(cursor, len))
		return false;
	cursor->at += len;
	return true;
}
