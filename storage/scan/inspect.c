// SPDX-License-Identifier: MIT
#include "storage/library.h"

#include <stdlib.h>

#include "core/base/error.h"
#include "storage/scan/named.h"
#include "storage/scan/names.h"
#include "storage/scan/probe.h"

enum { DESCRIPTORS_MAX = 100 };

_Static_assert(LIBRARY_INSPECT_MAX == PROBE_MODELS_MAX, "one batch is one batch");

/** What aria2 keeps of a download is no model, nor a part of one. */
static bool is_control_file(struct str name)
{
	return str_has_suffix(name, STR(".aria2"));
}

static void name_control_file(struct model *model)
{
	static const struct note note = {
		{ "W_MISNAMED", 10 },
		{ "this is a download's control file, not a model", 46 },
	};
	*model = (struct model){
		.name = model->name,
		.status = STATUS_UNSUPPORTED,
		.notes = &note,
		.n_notes = 1,
		.size_bytes = model->size_bytes,
		.n_tensors = -1,
		.parameters = -1,
		.safety = SAFETY_CANNOT_TELL,
	};
}

struct inspector {
	struct reader_team *team; /* NULL: of no other process */
	struct probe *probe;
	struct arena room; /* of one batch */
};

struct inspector *library_inspector_create(const struct knowledge *knowledge,
					   struct readers *readers)
{
	struct inspector *inspector = calloc(1, sizeof *inspector);
	if (!inspector)
		die_oom();
	inspector->team = reader_team_create(readers, 1, false, NULL);
	const struct probe_options options = {
		.knowledge = knowledge,
		.team = inspector->team,
		.descriptors_max = DESCRIPTORS_MAX,
	};
	inspector->probe = probe_create(&options);
	return inspector;
}

void library_inspector_destroy(struct inspector *inspector)
{
	if (!inspector)
		return;
	probe_destroy(inspector->probe);
	reader_team_destroy(inspector->team);
	arena_finish(&inspector->room);
	free(inspector);
}

void library_inspect(struct inspector *inspector, const char *const *paths, size_t n,
		     struct arena *arena, struct model *out)
{
	struct opened_target targets[PROBE_MODELS_MAX] = { 0 };
	struct probed probed[PROBE_MODELS_MAX];
	arena_reset(&inspector->room);
	for (size_t i = 0; i < n; i++)
		targets[i] = named_target(paths[i], &inspector->room);
	probe_models(inspector->probe, targets, n, arena, probed);
	for (size_t i = 0; i < n; i++) {
		/* Without a file there is a model all the same, one that cannot be read. */
		out[i] = probed[i].model;
		if (probed[i].was_opened &&
		    is_control_file(name_of_path(targets[i].candidate->path)))
			name_control_file(&out[i]);
	}
}
