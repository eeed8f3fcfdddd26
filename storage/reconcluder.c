// SPDX-License-Identifier: MIT
#include "storage/reconcluder.h"

#include <stdlib.h>

#include "core/base/crew.h"
#include "storage/index/facts_rows.h"
#include "storage/scan/candidate.h"
#include "storage/scan/conclusion.h"
#include "storage/user/corrections.h"

/* A thread is worth its while for a share or more: some milliseconds. */
enum { LAYOUTS_KEPT = 8, JOBS_MAX = 128, SHARE = 32 };

/** The table of a layout. */
struct kept_layout {
	int64_t id;
	struct arena arena;
	bool is_found;
	bool is_lent; /* to a job in hand */
	struct tensor_table table;
};

/** One model and all that it takes. */
struct job {
	uint32_t id;
	int64_t root_id;
	struct str path, name, facts, old;
	int64_t knowledge_id;             /* under which it was concluded */
	struct str sha256;                /* STR_NULL: not known, or of the file as it was */
	const struct kept_layout *layout; /* NULL: it has none */
	struct model model;               /* concluded */
	struct str flat;                  /* the model's; STR_NULL: the file is to be read again */
	bool *is_concluded;               /* borrowed; NULL: nobody asks */
};

/** What a thread concludes with. */
struct thinker {
	struct concluder *concluder; /* NULL: it had nothing to do yet */
	struct squeezer *squeezer;
	struct arena arena; /* the squeezer's words */
	struct arena room;  /* of what was concluded of the jobs in hand */
	struct bytes flat;
};

struct reconcluder {
	struct store *store;                      /* borrowed */
	struct kept_layout layouts[LAYOUTS_KEPT]; /* the last ones */
	size_t next_layout;
	struct job jobs[JOBS_MAX];
	size_t n_jobs;
	struct arena room; /* of what they take */
	struct thinker thinkers[CREW_MAX];
	size_t n_thinkers;
};

struct reconcluder *reconcluder_create(struct store *store)
{
	struct reconcluder *reconcluder = calloc(1, sizeof *reconcluder);
	if (!reconcluder)
		die_oom();
	reconcluder->store = store;
	reconcluder->n_thinkers = crew_of_thinkers();
	return reconcluder;
}

static void thinker_finish(struct thinker *thinker)
{
	concluder_destroy(thinker->concluder);
	squeezer_destroy(thinker->squeezer);
	arena_finish(&thinker->arena);
	arena_finish(&thinker->room);
	bytes_finish(&thinker->flat);
}

void reconcluder_destroy(struct reconcluder *reconcluder)
{
	if (!reconcluder)
		return;
	for (size_t i = 0; i < CREW_MAX; i++)
		thinker_finish(&reconcluder->thinkers[i]);
	for (size_t i = 0; i < LAYOUTS_KEPT; i++)
		arena_finish(&reconcluder->layouts[i].arena);
	arena_finish(&reconcluder->room);
	free(reconcluder);
}

/* False when the facts are not what this version writes. */
static bool decode(struct thinker *thinker, const struct job *job, struct facts *facts)
{
	struct error broken;
	const struct kept_layout *layout = job->layout;
	if (!facts_decode(job->facts, thinker->squeezer, &thinker->room, facts, &broken) ||
	    facts->gist.reading.has_table != (layout != NULL) || (layout && !layout->is_found))
		return false;
	if (layout)
		facts->gist.reading.table = layout->table;
	if (!facts->gist.sha256.ptr)
		facts->gist.sha256 = job->sha256;
	return true;
}

static void conclude(struct thinker *thinker, struct job *job)
{
	struct arena *room = &thinker->room;
	struct facts *facts = ARENA_NEW(room, struct facts);
	if (!decode(thinker, job, facts))
		return;
	concluder_conclude(thinker->concluder, facts, job->name,
			   candidate_folder_name(job->path, room), room, &job->model);
	bytes_clear(&thinker->flat);
	model_encode(&job->model, &thinker->flat);
	job->flat = arena_str(room, bytes_str(&thinker->flat));
}

static void conclude_share(void *context, size_t member_i, size_t first, size_t end)
{
	struct reconcluder *reconcluder = context;
	struct thinker *thinker = &reconcluder->thinkers[member_i];
	if (!thinker->concluder) {
		thinker->concluder = concluder_create(reconcluder->store->options->knowledge);
		thinker->squeezer = facts_squeezer_create(&thinker->arena);
	}
	for (size_t i = first; i < end; i++)
		conclude(thinker, &reconcluder->jobs[i]);
}

/* Most knowledge changes few models; but what a correction means, it may mean otherwise now. */
static bool store_model(struct reconcluder *reconcluder, const struct job *job, struct error *err)
{
	struct store *store = reconcluder->store;
	struct correction correction = { 0 };
	if (store->has_corrections && !corrections_find(store->user, job->root_id, job->path,
							&reconcluder->room, &correction, err))
		return false;
	if (correction_is_empty(&correction) && str_equal(job->old, job->flat))
		return true;
	struct reconclusion reconclusion = {
		.id = job->id,
		.root_id = job->root_id,
		.path = job->path,
		.model = &job->model,
		.flat = job->flat,
		.correction = &correction,
	};
	*ARRAY_PUSH(&store->changed, uint32_t) = job->id;
	return models_reconclude(&store->models, &reconclusion, err);
}

static bool store_job(struct reconcluder *reconcluder, const struct job *job, struct error *err)
{
	struct store *store = reconcluder->store;
	bool is_concluded = job->flat.ptr != NULL;
	store->n_rows++;
	if (job->is_concluded)
		*job->is_concluded = is_concluded;
	if (is_concluded && !store_model(reconcluder, job, err))
		return false;
	return (is_concluded && job->knowledge_id == store->models.knowledge_id) ||
	       models_settle(&store->models, job->root_id, job->path, !is_concluded, err);
}

static void forget_jobs(struct reconcluder *reconcluder)
{
	reconcluder->n_jobs = 0; /* `room` holds the one that is being taken on */
	for (size_t i = 0; i < LAYOUTS_KEPT; i++)
		reconcluder->layouts[i].is_lent = false;
	for (size_t i = 0; i < CREW_MAX; i++) {
		struct thinker *thinker = &reconcluder->thinkers[i];
		arena_reset(&thinker->room);
		if (thinker->concluder)
			concluder_trim(thinker->concluder);
	}
}

bool reconcluder_flush(struct reconcluder *reconcluder, struct error *err)
{
	size_t n = reconcluder->n_jobs;
	if (n == 0)
		return true;
	crew_do(reconcluder->n_thinkers, n, SHARE, conclude_share, reconcluder);
	bool ok = store_begin(reconcluder->store, err);
	for (size_t i = 0; ok && i < n; i++)
		ok = store_job(reconcluder, &reconcluder->jobs[i], err);
	forget_jobs(reconcluder);
	return ok;
}

static struct kept_layout *find_layout(struct reconcluder *reconcluder, int64_t id)
{
	for (size_t i = 0; i < LAYOUTS_KEPT; i++)
		if (reconcluder->layouts[i].id == id)
			return &reconcluder->layouts[i];
	return NULL;
}

/* Models of one folder have few, so each is decoded once a folder or less. */
static bool load_layout(struct reconcluder *reconcluder, int64_t id, struct kept_layout **out,
			struct error *err)
{
	*out = id ? find_layout(reconcluder, id) : NULL;
	if (!id || *out)
		return true;
	struct kept_layout *kept = &reconcluder->layouts[reconcluder->next_layout];
	reconcluder->next_layout = (reconcluder->next_layout + 1) % LAYOUTS_KEPT;
	if (kept->is_lent && !reconcluder_flush(reconcluder, err))
		return false;
	arena_reset(&kept->arena);
	kept->id = 0;
	if (!facts_rows_layout(reconcluder->store->index, id, &kept->arena, &kept->table,
			       &kept->is_found, err))
		return false;
	kept->id = id;
	*out = kept;
	return true;
}

/* False without error when it is gone, or nothing is known of it yet. */
static bool load(struct reconcluder *reconcluder, struct job *job, int64_t *layout_id,
		 struct error *err)
{
	struct arena *room = &reconcluder->room;
	err->code = ERROR_NONE;
	sqlite3_stmt *row = DB_BIND(reconcluder->store->index, SQL_FACTS_OF, err, db_int(job->id));
	if (!row || !db_next(row, err))
		return false;
	job->root_id = sqlite3_column_int64(row, 0);
	job->path = db_column_copy(row, 1, room);
	job->name = db_column_copy(row, 2, room);
	job->facts = db_column_copy(row, 3, room);
	job->old = db_column_copy(row, 4, room);
	job->sha256 = db_column_copy(row, 5, room);
	*layout_id = sqlite3_column_int64(row, 6);
	job->knowledge_id = sqlite3_column_int64(row, 7);
	db_reset(row);
	return true;
}

bool reconcluder_add(struct reconcluder *reconcluder, uint32_t id, bool *is_concluded,
		     struct error *err)
{
	struct job job = { .id = id, .is_concluded = is_concluded };
	struct kept_layout *layout;
	int64_t layout_id;
	if (is_concluded)
		*is_concluded = false;
	if (reconcluder->n_jobs == 0)
		arena_reset(&reconcluder->room);
	if (!load(reconcluder, &job, &layout_id, err))
		return err->code == ERROR_NONE;
	if (!load_layout(reconcluder, layout_id, &layout, err))
		return false;
	if (layout)
		layout->is_lent = true;
	job.layout = layout;
	reconcluder->jobs[reconcluder->n_jobs++] = job;
	return reconcluder->n_jobs < JOBS_MAX || reconcluder_flush(reconcluder, err);
}

bool reconcluder_do_one(struct reconcluder *reconcluder, uint32_t id, struct error *err)
{
	return reconcluder_add(reconcluder, id, NULL, err) && reconcluder_flush(reconcluder, err);
}
