// SPDX-License-Identifier: MIT
#include "storage/conclusions.h"

#include <stdlib.h>

#include "storage/reconcluder.h"

enum { SLICE_MS = 20, TELL_MS = 250 };

struct stale {
	int64_t layout_id; /* 0: it has no tensors */
	uint32_t id;
};

struct conclusions {
	struct store *store; /* borrowed */
	struct reconcluder *reconcluder;
	struct array stale; /* struct stale, one layout after the other */
	size_t n_done;
	int64_t told_ms;
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
	sqlite3_stmt *rows =
		DB_BIND(store->index, SQL_FACTS_STALE, err, db_int(store->models.knowledge_id));
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
	if (!list_stale(conclusions, err) ||
	    !DB_RUN(store->index, SQL_FACTS_LOST, err, db_int(store->models.knowledge_id)) ||
	    !settle_knowledge(store, conclusions->stale.len ? 0 : store->models.knowledge_id, err))
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
	conclusions->reconcluder = reconcluder_create(store);
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
	reconcluder_destroy(conclusions->reconcluder);
	array_finish(&conclusions->stale);
	free(conclusions);
}

/* A batch that failed for another's sake took some of ours along: those are the next start's. */
static bool finish(struct conclusions *conclusions, struct error *err)
{
	struct store *store = conclusions->store;
	struct db_value id = db_int(store->models.knowledge_id);
	bool ok = store_begin(store, err) &&
		  (db_first_int(store->index, SQL_FACTS_STALE, &id, 1, 0) ||
		   settle_knowledge(store, id.integer, err)) &&
		  store_commit(store, err);
	if (ok)
		tell(conclusions, conclusions->stale.len);
	return ok;
}

bool conclusions_step(struct conclusions *conclusions, bool *done, struct error *err)
{
	struct store *store = conclusions->store;
	int64_t until_ms = store_monotonic_ms() + SLICE_MS;
	bool ok = true;
	while (ok && conclusions->n_done < conclusions->stale.len &&
	       store_monotonic_ms() < until_ms) {
		const struct stale *stale =
			ARRAY_AT(&conclusions->stale, struct stale, conclusions->n_done);
		ok = reconcluder_add(conclusions->reconcluder, stale->id, NULL, err);
		conclusions->n_done++;
	}
	ok = ok && reconcluder_flush(conclusions->reconcluder, err);
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
