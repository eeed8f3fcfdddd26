// SPDX-License-Identifier: MIT
#include "storage/reconcluder.h"

#include <stdlib.h>

#include "storage/index/facts_rows.h"
#include "storage/scan/candidate.h"
#include "storage/scan/conclusion.h"
#include "storage/user/corrections.h"

enum { LAYOUTS_KEPT = 8 };

/** The table of a layout. */
struct kept_layout {
	int64_t id;
	struct arena arena;
	bool is_found;
	struct tensor_table table;
};

struct reconcluder {
	struct store *store; /* borrowed */
	struct concluder *concluder;
	struct squeezer *squeezer;                /* NULL: not needed yet */
	struct arena arena;                       /* the squeezer's words */
	struct kept_layout layouts[LAYOUTS_KEPT]; /* the last ones */
	size_t next_layout;
	const struct kept_layout *current; /* of the model in hand; NULL: it has none */
	struct arena room;                 /* of one model */
	struct bytes flat;
};

/* One model and all that it takes. */
struct job {
	uint32_t id;
	int64_t root_id;
	struct str path, name, facts, old;
	struct str sha256; /* STR_NULL: not known, or of the file as it was */
};

struct reconcluder *reconcluder_create(struct store *store)
{
	struct reconcluder *reconcluder = calloc(1, sizeof *reconcluder);
	if (!reconcluder)
		die_oom();
	reconcluder->store = store;
	reconcluder->concluder = concluder_create(store->options->knowledge);
	return reconcluder;
}

void reconcluder_destroy(struct reconcluder *reconcluder)
{
	if (!reconcluder)
		return;
	concluder_destroy(reconcluder->concluder);
	squeezer_destroy(reconcluder->squeezer);
	arena_finish(&reconcluder->arena);
	for (size_t i = 0; i < LAYOUTS_KEPT; i++)
		arena_finish(&reconcluder->layouts[i].arena);
	arena_finish(&reconcluder->room);
	bytes_finish(&reconcluder->flat);
	free(reconcluder);
}

/* False without error when it is gone. */
static bool load(struct reconcluder *reconcluder, struct job *job, struct error *err)
{
	struct arena *room = &reconcluder->room;
	struct store *store = reconcluder->store;
	sqlite3_stmt *row = DB_BIND(store->index, SQL_FACTS_OF, err, db_int(job->id));
	if (!row || !db_next(row, err))
		return false;
	job->root_id = sqlite3_column_int64(row, 0);
	job->path = db_column_copy(row, 1, room);
	job->name = db_column_copy(row, 2, room);
	job->facts = db_column_copy(row, 3, room);
	job->old = db_column_copy(row, 4, room);
	job->sha256 = db_column_copy(row, 5, room);
	db_reset(row);
	return true;
}

/* Models of one folder have few, so each is decoded once a folder or less. */
static bool load_layout(struct reconcluder *reconcluder, int64_t id, struct error *err)
{
	reconcluder->current = NULL;
	for (size_t i = 0; id && i < LAYOUTS_KEPT; i++)
		if (reconcluder->layouts[i].id == id)
			reconcluder->current = &reconcluder->layouts[i];
	if (!id || reconcluder->current)
		return true;
	struct kept_layout *kept = &reconcluder->layouts[reconcluder->next_layout];
	reconcluder->next_layout = (reconcluder->next_layout + 1) % LAYOUTS_KEPT;
	arena_reset(&kept->arena);
	kept->id = 0;
	if (!facts_rows_layout(reconcluder->store->index, id, &kept->arena, &kept->table,
			       &kept->is_found, err))
		return false;
	kept->id = id;
	reconcluder->current = kept;
	return true;
}

/* False when the facts are not what this version writes: the file is to be read again. */
static bool conclude(struct reconcluder *reconcluder, const struct job *job, struct model *model)
{
	struct error broken;
	const struct kept_layout *layout = reconcluder->current;
	struct arena *room = &reconcluder->room;
	struct facts *facts = ARENA_NEW(room, struct facts);
	if (!reconcluder->squeezer)
		reconcluder->squeezer = facts_squeezer_create(&reconcluder->arena);
	if (!facts_decode(job->facts, reconcluder->squeezer, room, facts, &broken) ||
	    facts->gist.reading.has_table != (layout != NULL) || (layout && !layout->is_found))
		return false;
	if (layout)
		facts->gist.reading.table = layout->table;
	if (!facts->gist.sha256.ptr)
		facts->gist.sha256 = job->sha256;
	concluder_conclude(reconcluder->concluder, facts, job->name,
			   candidate_folder_name(job->path, room), room, model);
	bytes_clear(&reconcluder->flat);
	model_encode(model, &reconcluder->flat);
	return true;
}

/* Most knowledge changes few models; but what a correction means, it may mean otherwise now. */
static bool store_model(struct reconcluder *reconcluder, const struct job *job,
			const struct model *model, struct error *err)
{
	struct store *store = reconcluder->store;
	struct correction correction = { 0 };
	if (store->has_corrections && !corrections_find(store->user, job->root_id, job->path,
							&reconcluder->room, &correction, err))
		return false;
	if (correction_is_empty(&correction) && str_equal(job->old, bytes_str(&reconcluder->flat)))
		return true;
	struct reconclusion reconclusion = {
		.id = job->id,
		.root_id = job->root_id,
		.path = job->path,
		.model = model,
		.flat = bytes_str(&reconcluder->flat),
		.correction = &correction,
	};
	*ARRAY_PUSH(&store->changed, uint32_t) = job->id;
	return models_reconclude(&store->models, &reconclusion, err);
}

static bool conclude_one(struct reconcluder *reconcluder, uint32_t id, int64_t layout_id,
			 bool *is_concluded, struct error *err)
{
	struct store *store = reconcluder->store;
	struct job job = { .id = id };
	struct model model;
	err->code = ERROR_NONE;
	*is_concluded = false;
	arena_reset(&reconcluder->room);
	if (!load(reconcluder, &job, err))
		return err->code == ERROR_NONE;
	if (!load_layout(reconcluder, layout_id, err) || !store_begin(store, err))
		return false;
	store->n_rows++;
	*is_concluded = conclude(reconcluder, &job, &model);
	return (!*is_concluded || store_model(reconcluder, &job, &model, err)) &&
	       models_settle(&store->models, job.root_id, job.path, !*is_concluded, err);
}

bool reconcluder_do(struct reconcluder *reconcluder, uint32_t id, int64_t layout_id,
		    struct error *err)
{
	bool ignored;
	return conclude_one(reconcluder, id, layout_id, &ignored, err);
}

bool reconcluder_do_one(struct reconcluder *reconcluder, uint32_t id, bool *is_concluded,
			struct error *err)
{
	struct db_value model = db_int(id);
	int64_t layout_id = db_first_int(reconcluder->store->index, SQL_FACTS_LAYOUT, &model, 1, 0);
	return conclude_one(reconcluder, id, layout_id, is_concluded, err);
}
