// SPDX-License-Identifier: MIT
#include "storage/library.h"

#include <stdlib.h>

#include "core/base/error.h"
#include "core/base/map.h"
#include "storage/scan/facts.h"
#include "storage/scan/layout.h"
#include "storage/scan/named.h"
#include "storage/scan/probe.h"

enum { DESCRIPTORS_MAX = 100 };

struct layouts {
	struct reader_team *team; /* NULL: of no other process */
	struct probe *probe;
	struct arena arena; /* owns what follows */
	struct map by_key;  /* to struct str: the layout, squeezed */
	struct arena room;  /* of one model */
};

static void keep(void *context, struct str squeezed)
{
	struct layouts *layouts = context;
	struct arena *arena = &layouts->arena;
	struct error err;
	struct str key;
	if (!layout_key_of_squeezed(squeezed, arena, &key, &err) || map_find(&layouts->by_key, key))
		return;
	struct str *copy = ARENA_NEW(arena, struct str);
	*copy = arena_str(arena, squeezed);
	*map_place(&layouts->by_key, key) = copy;
}

struct layouts *library_layouts_open(const struct knowledge *knowledge, struct readers *readers)
{
	struct layouts *layouts = calloc(1, sizeof *layouts);
	if (!layouts)
		die_oom();
	map_init(&layouts->by_key, &layouts->arena, 64);
	layouts->team = reader_team_create(readers, 1, true, NULL);
	const struct probe_options options = {
		.knowledge = knowledge,
		.team = layouts->team,
		.gives_facts = true,
		.layout = keep,
		.layout_context = layouts,
		.descriptors_max = DESCRIPTORS_MAX,
	};
	layouts->probe = probe_create(&options);
	return layouts;
}

void library_layouts_close(struct layouts *layouts)
{
	if (!layouts)
		return;
	probe_destroy(layouts->probe);
	reader_team_destroy(layouts->team);
	arena_finish(&layouts->arena);
	arena_finish(&layouts->room);
	free(layouts);
}

bool library_layout_find(struct layouts *layouts, const char *path, struct str *key)
{
	struct probed probed;
	struct error err;
	bool is_whole;
	arena_reset(&layouts->room);
	const struct opened_target target = named_target(path, &layouts->room);
	probe_models(layouts->probe, &target, 1, &layouts->room, &probed);
	if (probed.model.status != STATUS_OK ||
	    !facts_layout(probed.flat.facts, key, &is_whole, &err) || !is_whole || !key->ptr)
		return false;
	*key = arena_str(&layouts->arena, *key);
	return map_find(&layouts->by_key, *key) != NULL;
}

bool library_layout_read(const struct layouts *layouts, struct str key, struct arena *arena,
			 struct tensor_table *table)
{
	struct error err;
	const struct str *squeezed = map_find(&layouts->by_key, key);
	return squeezed && layout_decode(*squeezed, arena, table, &err);
}
