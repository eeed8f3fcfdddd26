// SPDX-License-Identifier: MIT
#include "storage/messages.h"

#include <stdlib.h>

static const char *const sort_words[SORT_COUNT] = {
	[SORT_NAME] = "name",         [SORT_SIZE] = "size", [SORT_ADDED] = "added",
	[SORT_MODIFIED] = "modified", [SORT_BASE] = "base", [SORT_KIND] = "kind",
	[SORT_RANK] = "rank",         [SORT_PATH] = "path",
};

const char *sort_word(enum sort_key key)
{
	return key < SORT_COUNT ? sort_words[key] : NULL;
}

enum sort_key sort_find(struct str word)
{
	for (enum sort_key key = 0; key < SORT_COUNT; key++) {
		if (str_equal(word, str_from(sort_words[key])))
			return key;
	}
	return SORT_COUNT;
}

struct request *request_create(enum request_type type)
{
	struct request *request = calloc(1, sizeof *request);
	if (!request)
		die_oom();
	request->type = type;
	arena_init(&request->arena);
	return request;
}

void request_destroy(struct request *request)
{
	if (!request)
		return;
	arena_finish(&request->arena);
	free(request);
}

struct selection *request_selection(struct request *request)
{
	switch (request->type) {
	case REQUEST_TAG: return &request->as.tag.models;
	case REQUEST_WORDS: return &request->as.words.models;
	case REQUEST_HASH: return request->as.hash.is_all ? NULL : &request->as.hash.models;
	case REQUEST_CORRECT: return &request->as.correct.models;
	case REQUEST_PURGE: return &request->as.purge.models;
	default: return NULL;
	}
}

struct event *event_create(enum event_type type, uint32_t serial)
{
	struct event *event = calloc(1, sizeof *event);
	if (!event)
		die_oom();
	event->type = type;
	event->serial = serial;
	arena_init(&event->arena);
	return event;
}

void event_destroy(struct event *event)
{
	if (!event)
		return;
	arena_finish(&event->arena);
	free(event);
}
