// SPDX-License-Identifier: MIT
#include "storage/conclusions.h"

#include <stdlib.h>

#include "storage/index/facts_rows.h"
#include "storage/scan/candidate.h"
#include "storage/scan/conclusion.h"
#include "storage/user/corrections.h"

enum { SLICE_MS = 20, TELL_MS = 250 };

struct stale {
	int64_t layout_id;		/* 0: it has no tensors */
	uint32_t id;
};

struct conclusions {
	struct store *store;		/* borrowed */
	struct concluder *concluder;
	struct squeezer *squeezer;
	struct array stale;		/* struct stale, one layout after the other */
	size_t n_done;
	int64_t told_ms;
	struct arena arena;		/* the squeezer's words */
	struct arena layout;		/* the table of the layout in hand */
	struct { int64_t id; bool is_found; struct tensor_table table; } current;
	struct arena room;		/* of one model */
	struct bytes flat;
};

/* One model and all that it takes. */
struct job {
	uint32_t id;
	int64_t root_id;
	struct str path, name, facts, old;
};

static int compare_stale(const void *a, const void *b)
{
	const struct stale *left = a, *right = b;
	if (left->layout_id != right->layout_id)
		return left->layout_id < right->layout_id ? -1 : 1;
	return (left->id > right->id) - (left->id < right->id);
}

static bool list_stale(struct conclusions *conclusions, struct error *err)
{
	struct store *store = conclusions->store;
	struct array *stale = &conclusions->stale;
	sqlite3_stmt *rows = DB_BIND(store->index, SQL_FACTS_STALE, err,
				     db_int(store->models.knowledge_id));
	while (rows && db_next(rows, err))
		*ARRAY_PUSH(stale, struct stale) = (struct stale){
			.layout_id = sqlite3_column_int64(rows, 1),
			.id = (uint32_t)sqlite3_column_int64(rows, 0),
		};
	if (stale->len > 1)
		qsort(stale->ptr, stale->len, sizeof(struct stale), compare_stale);
	return err->code == ERROR_NONE;
}

static bool settle_knowledge(struct store *store, int64_t knowledge_id, struct error *err)
{
	return DB_RUN(store->index, SQL_KNOWLEDGE_SETTLE, err, db_int(knowledge_id));
}

static void tell(struct conclusions *conclusions, size_t n)
{
	struct event *event = event_create(EVENT_CONCLUDING, 0);
	event->as.concluding.n_done = conclusions->n_done;
	event->as.concluding.n = n;
	conclusions->told_ms = store_monotonic_ms();
	store_send(conclusions->store, event);
}

/* Nothing is settled any more before the first model is: whoever comes back with the old knowledge
   must find those that were done under the new one. */
static bool start(struct conclusions *conclusions, struct error *err)
{
	struct store *store = conclusions->store;
	if (!list_stale(conclusions, err)
	    || !DB_RUN(store->index, SQL_FACTS_LOST, err, db_int(store->models.knowledge_id))
	    || !settle_knowledge(store, conclusions->stale.len ? 0 : store->models.knowledge_id, err))
		return false;
	if (conclusions->stale.len)
		tell(conclusions, conclusions->stale.len);
	return true;
}

bool conclusions_begin(struct store *store, struct conclusions **out, struct error *err)
{
	struct db_value id = db_int(store->models.knowledge_id);
	*out = NULL;
	if (db_first_int(store->index, SQL_KNOWLEDGE_IS_SETTLED, &id, 1, 0))
		return true;
	struct conclusions *conclusions = calloc(1, sizeof *conclusions);
	if (!conclusions)
		die_oom();
	conclusions->store = store;
	conclusions->stale = ARRAY_OF(struct stale);
	conclusions->concluder = concluder_create(store->options->knowledge);
	conclusions->squeezer = facts_squeezer_create(&conclusions->arena);
	bool ok = start(conclusions, err);
	if (ok && conclusions->stale.len)
		*out = conclusions;
	else
		conclusions_destroy(conclusions);
	return ok;
}

void conclusions_destroy(struct conclusions *conclusions)
{
	struct error err;
	if (!conclusions)
		return;
	if (!store_commit(conclusions->store, &err))
		store_fail(conclusions->store, 0, &err);
	/* Cut short, it is over for now all the same. */
	if (conclusions->n_done < conclusions->stale.len)
		tell(conclusions, conclusions->n_done);
	concluder_destroy(conclusions->concluder);
	squeezer_destroy(conclusions->squeezer);
	array_finish(&conclusions->stale);
	arena_finish(&conclusions->arena);
	arena_finish(&conclusions->layout);
	arena_finish(&conclusions->room);
	bytes_finish(&conclusions->flat);
	free(conclusions);
}

/* False without error when it is gone or was concluded meanwhile. */
static bool load(struct conclusions *conclusions, struct job *job, struct error *err)
{
	struct arena *room = &conclusions->room;
	struct store *store = conclusions->store;
	sqlite3_stmt *row = DB_BIND(store->index, SQL_FACTS_OF, err, db_int(job->id),
				    db_int(store->models.knowledge_id));
	if (!row || !db_next(row, err))
		return false;
	job->root_id = sqlite3_column_int64(row, 0);
	job->path = db_column_copy(row, 1, room);
	job->name = db_column_copy(row, 2, room);
	job->facts = db_column_copy(row, 3, room);
	job->old = db_column_copy(row, 4, room);
	db_reset(row);
	return true;
}

/* Models come layout by layout, so each is decoded once. */
static bool load_layout(struct conclusions *conclusions, int64_t id, struct error *err)
{
	if (id == conclusions->current.id)
		return true;
	arena_reset(&conclusions->layout);
	conclusions->current.id = id;
	return facts_rows_layout(conclusions->store->index, id, &conclusions->layout,
				 &conclusions->current.table, &conclusions->current.is_found, err);
}

/* False when the facts are not what this version writes: the file is to be read again. */
static bool conclude(struct conclusions *conclusions, const struct job *job, int64_t layout_id,
		     struct model *model)
{
	struct error broken;
	struct arena *room = &conclusions->room;
	struct facts *facts = ARENA_NEW(room, struct facts);
	if (!facts_decode(job->facts, conclusions->squeezer, room, facts, &broken)
	    || facts->gist.reading.has_table != (layout_id != 0)
	    || (layout_id && !conclusions->current.is_found))
		return false;
	if (layout_id)
		facts->gist.reading.table = conclusions->current.table;
	concluder_conclude(conclusions->concluder, facts, job->name,
			   candidate_folder_name(job->path, room), room, model);
	bytes_clear(&conclusions->flat);
	model_encode(model, &conclusions->flat);
	return true;
}

/* Most knowledge changes few models; but what a correction means, it may mean otherwise now. */
static bool store_model(struct conclusions *conclusions, const struct job *job,
			const struct model *model, struct error *err)
{
	struct store *store = conclusions->store;
	struct correction correction = { 0 };
	if (store->has_corrections
	    && !corrections_find(store->user, job->root_id, job->path, &conclusions->room,
				 &correction, err))
		return false;
	if (correction_is_empty(&correction) && str_equal(job->old, bytes_str(&conclusions->flat)))
		return true;
	struct reconclusion reconclusion = {
		.id = job->id, .root_id = job->root_id, .path = job->path, .model = model,
		.flat = bytes_str(&conclusions->flat), .correction = &correction,
	};
	*ARRAY_PUSH(&store->changed, uint32_t) = job->id;
	return models_reconclude(&store->models, &reconclusion, err);
}

static bool do_one(struct conclusions *conclusions, const struct stale *stale, struct error *err)
{
	struct store *store = conclusions->store;
	struct job job = { .id = stale->id };
	struct model model;
	arena_reset(&conclusions->room);
	if (!load(conclusions, &job, err))
		return err->code == ERROR_NONE;
	if ((stale->layout_id && !load_layout(conclusions, stale->layout_id, err))
	    || !store_begin(store, err))
		return false;
	store->n_rows++;
	bool is_concluded = conclude(conclusions, &job, stale->layout_id, &model);
	return (!is_concluded || store_model(conclusions, &job, &model, err))
		&& models_settle(&store->models, job.root_id, job.path, !is_concluded, err);
}

/* A batch that failed for another's sake took some of ours along: those are the next start's. */
static bool finish(struct conclusions *conclusions, struct error *err)
{
	struct store *store = conclusions->store;
	struct db_value id = db_int(store->models.knowledge_id);
	bool ok = store_begin(store, err)
		&& (db_first_int(store->index, SQL_FACTS_STALE, &id, 1, 0)
		    || settle_knowledge(store, id.integer, err))
		&& store_commit(store, err);
	if (ok)
		tell(conclusions, conclusions->stale.len);
	return ok;
}

bool conclusions_step(struct conclusions *conclusions, bool *done, struct error *err)
{
	struct store *store = conclusions->store;
	int64_t until_ms = store_monotonic_ms() + SLICE_MS;
	bool ok = true;
	while (ok && conclusions->n_done < conclusions->stale.len
	       && store_monotonic_ms() < until_ms) {
		ok = do_one(conclusions, ARRAY_AT(&conclusions->stale, struct stale,
						  conclusions->n_done), err);
		conclusions->n_done++;
	}
	*done = conclusions->n_done == conclusions->stale.len;
	if (ok && store_due_ms(store) == 0)
		ok = store_commit(store, err);
	if (ok && !*done && store_monotonic_ms() - conclusions->told_ms >= TELL_MS)
		tell(conclusions, conclusions->stale.len);
	ok = ok && (!*done || finish(conclusions, err));
	if (!ok)
		store_rollback(store);
	return ok;
}
