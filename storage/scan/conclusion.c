// SPDX-License-Identifier: MIT
#include "storage/scan/conclusion.h"

#include <stdlib.h>

#include "core/base/map.h"
#include "core/base/pack.h"

enum { LAYOUTS_MANY = 1024 }; /* conclusions kept; a library has a few dozen layouts */

struct concluder {
	const struct knowledge *knowledge; /* borrowed */
	struct arena arena;                /* owns `by_layout` and what it holds */
	struct map by_layout; /* layout's key and configuration -> struct tensor_facts */
	struct bytes key;     /* that is looked for */
};

static void start(struct concluder *concluder)
{
	arena_finish(&concluder->arena);
	map_init(&concluder->by_layout, &concluder->arena, 64);
}

struct concluder *concluder_create(const struct knowledge *knowledge)
{
	struct concluder *concluder = calloc(1, sizeof *concluder);
	if (!concluder)
		die_oom();
	concluder->knowledge = knowledge;
	start(concluder);
	return concluder;
}

void concluder_destroy(struct concluder *concluder)
{
	if (!concluder)
		return;
	arena_finish(&concluder->arena);
	bytes_finish(&concluder->key);
	free(concluder);
}

void concluder_trim(struct concluder *concluder)
{
	if (concluder->by_layout.n >= LAYOUTS_MANY)
		start(concluder);
}

/** All that what the tensors tell depends on. */
static struct str key_of(struct concluder *concluder, struct str layout,
			 const struct metadata *config)
{
	struct bytes *key = &concluder->key;
	bytes_clear(key);
	bytes_append_str(key, layout);
	for (size_t i = 0; i < config->n_pairs; i++) {
		pack_str(key, config->pairs[i].key);
		pack_str(key, config->pairs[i].value);
	}
	return bytes_str(key);
}

static const struct tensor_facts *of_layout(struct concluder *concluder, struct str layout,
					    const struct reading *reading)
{
	struct str key = key_of(concluder, layout, &reading->config);
	struct tensor_facts *tensors = map_find(&concluder->by_layout, key);
	if (tensors)
		return tensors;
	tensors = ARENA_NEW(&concluder->arena, struct tensor_facts);
	identify_tensors(concluder->knowledge, &reading->table, &reading->config, &concluder->arena,
			 tensors);
	*map_place(&concluder->by_layout, arena_str(&concluder->arena, key)) = tensors;
	return tensors;
}

static const struct tensor_facts *think_of_tensors(struct concluder *concluder,
						   const struct facts *facts, struct arena *arena)
{
	const struct reading *reading = &facts->gist.reading;
	if (!reading->has_table && !reading->config.n_pairs)
		return NULL;
	if (facts->layout.ptr)
		return of_layout(concluder, facts->layout, reading);
	struct tensor_facts *tensors = ARENA_NEW(arena, struct tensor_facts);
	identify_tensors(concluder->knowledge, &reading->table, &reading->config, arena, tensors);
	if (!reading->has_table) /* the configuration is all that speaks */
		tensors->n_tensors = tensors->parameters = -1;
	return tensors;
}

void concluder_conclude(struct concluder *concluder, const struct facts *facts, struct str name,
			struct str folder, struct arena *arena, struct model *out)
{
	struct identify_input input = {
		.name = name,
		.folder_name = folder,
		.gist = &facts->gist,
		.tensors = think_of_tensors(concluder, facts, arena),
		.only_count = facts->only_count,
	};
	identify(concluder->knowledge, &input, arena, out);
}
