// SPDX-License-Identifier: MIT
#include "storage/scan_session.h"

#include <stdlib.h>

#include "storage/corrected.h"
#include "storage/index/facts_rows.h"
#include "storage/nested.h"
#include "storage/reconcluder.h"
#include "storage/reunite.h"
#include "storage/scan/scanner.h"
#include "storage/user/corrections.h"
#include "storage/user/subjects.h"

enum { BATCHES_WAITING_MAX = 32, BATCHES_AT_ONCE = 8 };

struct scan_session {
	struct store *store; /* borrowed */
	uint32_t serial;
	int64_t began_ms;
	struct live *live;  /* borrowed; NULL: nobody watches */
	bool is_live;       /* see request.scan */
	bool has_news;      /* of a root: it came or went */
	struct arena arena; /* what the scanner was given */
	struct roots roots;
	struct queue *batches; /* struct scan_batch * */
	struct scanner *scanner;
	struct array scanned;            /* int64_t: ids of the roots */
	struct array known;              /* struct array: of struct known_file, one a root */
	struct reconcluder *reconcluder; /* NULL: no hash is known */
	struct fresh_files fresh;        /* what was seen; only where people attached anything */
	bool has_subjects;
	bool has_failed; /* told; what still comes is dropped */
};

static const struct scan_part *parts_of(const struct request *request, int64_t root_id, size_t *n)
{
	const struct scan_part *parts = request->as.scan.parts;
	size_t from = 0, end;
	while (from < request->as.scan.n_parts && parts[from].root_id != root_id)
		from++;
	for (end = from; end < request->as.scan.n_parts && parts[end].root_id == root_id;)
		end++;
	*n = end - from;
	return *n ? &parts[from] : NULL;
}

/* Only those that something is to be looked at in. */
static void choose_parts(const struct scan_session *session, const struct request *request,
			 struct array *chosen)
{
	size_t n;
	for (size_t i = 0; i < session->roots.n; i++)
		if (parts_of(request, session->roots.list[i].id, &n))
			*ARRAY_PUSH(chosen, const struct root *) = &session->roots.list[i];
}

static bool choose_roots(const struct scan_session *session, const struct request *request,
			 struct array *chosen, struct error *err)
{
	if (request->as.scan.is_live) {
		choose_parts(session, request, chosen);
		return true;
	}
	for (size_t i = 0; i < request->as.scan.n_paths; i++) {
		struct str path = request->as.scan.paths[i];
		const struct root *root = roots_find_named(&session->roots, path);
		if (!root)
			return error_set(err, ERROR_USAGE, NULL, "%.*s: this is no root",
					 STR_ARG(path));
		*ARRAY_PUSH(chosen, const struct root *) = root;
	}
	for (size_t i = 0; request->as.scan.n_paths == 0 && i < session->roots.n; i++)
		*ARRAY_PUSH(chosen, const struct root *) = &session->roots.list[i];
	return true;
}

static bool load_known(struct scan_session *session, const struct root *root, struct scan_root *out,
		       struct error *err)
{
	*ARRAY_PUSH(&session->scanned, int64_t) = root->id;
	struct array *known = ARRAY_PUSH(&session->known, struct array);
	*known = ARRAY_OF(struct known_file);
	if (!models_known(&session->store->models, root->id, &session->arena, known, err))
		return false;
	*out = (struct scan_root){
		.id = root->id,
		.name = root->name,
		.path = root->path,
		.fingerprint = root->fingerprint,
		.known = known->ptr,
		.n_known = known->len,
	};
	return true;
}

/* The request goes before the scan is over. */
static void load_parts(struct scan_session *session, const struct request *request,
		       struct scan_root *root)
{
	const struct scan_part *parts = parts_of(request, root->id, &root->n_parts);
	struct scan_part *copy = ARENA_NEW_N(&session->arena, struct scan_part, root->n_parts + 1);
	for (size_t i = 0; i < root->n_parts; i++) {
		copy[i] = parts[i];
		copy[i].folder = arena_str(&session->arena, parts[i].folder);
	}
	root->parts = copy;
	if (!session->is_live)
		live_scanning(session->live, root->id);
}

static const struct str *all_paths(struct scan_session *session)
{
	struct str *paths = ARENA_NEW_N(&session->arena, struct str, session->roots.n + 1);
	for (size_t i = 0; i < session->roots.n; i++)
		paths[i] = session->roots.list[i].path;
	return paths;
}

static bool start(struct scan_session *session, const struct request *request, struct error *err)
{
	const struct library_options *options = session->store->options;
	struct array chosen = ARRAY_OF(const struct root *);
	struct db *index = session->store->index;
	bool ok = store_roots(session->store, &session->arena, &session->roots, err) &&
		  nested_hand_over(session->store, &session->roots, err) &&
		  choose_roots(session, request, &chosen, err) &&
		  db_run(index, SQL_CACHE_SMALL, NULL, 0, err);
	struct scan_root *roots = ARENA_NEW_N(&session->arena, struct scan_root, chosen.len + 1);
	for (size_t i = 0; ok && i < chosen.len; i++) {
		ok = load_known(session, *ARRAY_AT(&chosen, const struct root *, i), &roots[i],
				err);
		load_parts(session, request, &roots[i]);
	}
	ok = ok && db_run(index, SQL_CACHE_LARGE, NULL, 0, err);
	if (ok) {
		struct scanner_options scan = {
			.knowledge = options->knowledge,
			.readers = options->readers,
			.n_workers = options->n_workers,
			.extensions = options->extensions,
			.n_extensions = options->n_extensions,
			.ignore = options->ignore,
			.n_ignore = options->n_ignore,
			.roots = all_paths(session),
			.n_roots = session->roots.n,
			.full = request->as.scan.full,
			.accept_missing = request->as.scan.accept_missing,
			.is_live = session->is_live,
			.enter = session->live ? live_enter : NULL,
			.enter_context = session->live,
		};
		session->scanner = scanner_start(&scan, roots, chosen.len, session->batches);
	}
	array_finish(&chosen);
	return ok;
}

bool scan_session_start(struct store *store, const struct request *request, struct live *live,
			struct scan_session **out, struct error *err)
{
	struct scan_session *session = calloc(1, sizeof *session);
	if (!session)
		die_oom();
	session->store = store;
	session->serial = request->serial;
	session->live = live;
	session->is_live = request->as.scan.is_live;
	session->began_ms = store_monotonic_ms();
	session->scanned = ARRAY_OF(int64_t);
	session->known = ARRAY_OF(struct array);
	session->has_subjects = db_first_int(store->user, SQL_ANY_SUBJECT, NULL, 0, 0) != 0;
	if (db_first_int(store->index, SQL_ANY_HASH, NULL, 0, 0))
		session->reconcluder = reconcluder_create(store);
	fresh_files_init(&session->fresh);
	session->batches = queue_create(BATCHES_WAITING_MAX, true);
	if (!start(session, request, err)) {
		live_scanned(live, session->is_live); /* what fails at once is not tried for ever */
		scan_session_destroy(session);
		return false;
	}
	*out = session;
	return true;
}

void scan_session_destroy(struct scan_session *session)
{
	if (!session)
		return;
	if (session->scanner)
		scanner_destroy(session->scanner);
	sqlite3_db_release_memory(session->store->index->handle); /* what it can; tells no errors */
	queue_destroy(session->batches);
	fresh_files_finish(&session->fresh);
	reconcluder_destroy(session->reconcluder);
	array_finish(&session->scanned);
	for (size_t i = 0; i < session->known.len; i++)
		array_finish(ARRAY_AT(&session->known, struct array, i));
	array_finish(&session->known);
	arena_finish(&session->arena);
	free(session);
}

int scan_session_fd(const struct scan_session *session)
{
	return queue_fd(session->batches);
}

bool scan_session_is_live(const struct scan_session *session)
{
	return session->is_live;
}

void scan_session_cancel(struct scan_session *session)
{
	scanner_cancel(session->scanner);
}

/* Where the moved files were: only those that somebody attached something to. */
static bool list_moves(struct scan_session *session, const struct scan_batch *batch,
		       struct arena *arena, struct array *moves, struct error *err)
{
	struct store *store = session->store;
	err->code = ERROR_NONE;
	for (size_t i = 0; i < batch->n_findings; i++) {
		const struct finding *finding = &batch->findings[i];
		struct model_place old;
		if (finding->type != FINDING_MOVED ||
		    !models_place(&store->models, finding->id, arena, &old, err) ||
		    !subject_find(store->user, old.root_id, old.path))
			continue;
		*ARRAY_PUSH(moves, struct subject_move) = (struct subject_move){
			.old_root_id = old.root_id,
			.old_path = old.path,
			.new_root_id = finding->root_id,
			.new_path = finding->path,
		};
	}
	return err->code == ERROR_NONE;
}

/*
 * user.db first: if we are killed before index.db is committed, the next scan finds the same move
 * again, and nothing is attached to the old place any more.
 */
static bool relink(struct scan_session *session, const struct scan_batch *batch, struct error *err)
{
	struct db *user = session->store->user;
	struct arena arena = { 0 };
	struct array moves = ARRAY_OF(struct subject_move);
	bool ok = list_moves(session, batch, &arena, &moves, err);
	if (ok && moves.len > 0)
		ok = subjects_relink(user, moves.ptr, moves.len, store_now_s(), err);
	array_finish(&moves);
	arena_finish(&arena);
	return ok;
}

/* Only what was read is concluded anew; what only moved takes its correction along. */
static bool store_corrected(struct store *store, const struct finding *finding, int64_t now_s,
			    struct error *err)
{
	struct arena arena = { 0 };
	struct correction correction = { 0 };
	bool ok = (!store->has_corrections || !finding->flat.model.ptr ||
		   corrections_find(store->user, finding->root_id, finding->path, &arena,
				    &correction, err)) &&
		  models_store(&store->models, finding, &correction, now_s, &store->changed, err);
	arena_finish(&arena);
	return ok;
}

/* Who reads a file knows nothing of its hash. */
static bool reconclude(struct scan_session *session, uint32_t id, struct error *err)
{
	struct db_value model = db_int(id);
	return !session->reconcluder ||
	       !db_first_int(session->store->index, SQL_HASH_HOLDS, &model, 1, 0) ||
	       reconcluder_do_one(session->reconcluder, id, err);
}

static bool store_finding(struct scan_session *session, const struct finding *finding,
			  int64_t now_s, struct error *err)
{
	struct store *store = session->store;
	if (!store_corrected(store, finding, now_s, err))
		return false;
	if (session->has_subjects && finding->type == FINDING_GONE)
		fresh_files_gone(&session->fresh, finding->id);
	if (!finding->flat.model.ptr)
		return true;
	uint32_t id = *ARRAY_AT(&store->changed, uint32_t, store->changed.len - 1);
	if (session->has_subjects)
		fresh_files_add(&session->fresh, id,
				finding->type == FINDING_MODEL && finding->id != 0,
				finding->model.size_bytes);
	return reconclude(session, id, err);
}

static bool store_findings(struct scan_session *session, const struct scan_batch *batch,
			   struct error *err)
{
	int64_t now_s = store_now_s();
	bool ok = relink(session, batch, err) && store_begin(session->store, err);
	for (size_t i = 0; ok && i < batch->n_findings; i++)
		ok = store_finding(session, &batch->findings[i], now_s, err);
	session->store->n_rows += batch->n_findings;
	return ok;
}

static bool store_layout(struct scan_session *session, struct str squeezed, struct error *err)
{
	return store_begin(session->store, err) &&
	       facts_rows_put_layout(session->store->index, squeezed, err);
}

/* An offline root keeps its fingerprint: that is how it is known when it comes back. */
static bool store_root(struct scan_session *session, const struct scan_batch *batch,
		       struct error *err)
{
	const struct root *old = roots_find(&session->roots, batch->root.root_id);
	if (!old)
		return true;
	struct root root = *old;
	root.is_online = batch->root.is_online;
	if (root.is_online)
		root.fingerprint = batch->root.fingerprint;
	if (session->is_live && root.is_online == old->is_online &&
	    str_equal(root.fingerprint, old->fingerprint))
		return true;
	session->has_news = true;
	if (root.is_online && !session->is_live)
		root.last_scan_s = store_now_s();
	return store_begin(session->store, err) &&
	       roots_store_state(session->store->index, &root, err);
}

static void pass_on_progress(struct scan_session *session, const struct scan_batch *batch)
{
	struct event *event = event_create(EVENT_PROGRESS, session->serial);
	event->as.progress.seen = batch->progress.seen;
	event->as.progress.total_guess = batch->progress.total_guess;
	event->as.progress.read = batch->progress.read;
	event->as.progress.seconds = (double)(store_monotonic_ms() - session->began_ms) / 1000;
	event->as.progress.root = arena_str(&event->arena, batch->progress.root);
	store_send(session->store, event);
}

static void pass_on_told(struct scan_session *session, const struct scan_batch *batch)
{
	struct event *event = event_create(EVENT_TOLD, session->serial);
	event->as.told.text = arena_str(&event->arena, batch->told);
	store_send(session->store, event);
}

static void fail(struct scan_session *session, const struct error *err)
{
	if (!session->has_failed)
		store_fail(session->store, session->serial, err);
	session->has_failed = true;
	store_rollback(session->store);
	scanner_cancel(session->scanner);
}

/* Of all models there, not only of those that were read this time; live, of all roots. */
static uint64_t count_damaged(const struct scan_session *session)
{
	uint64_t n = 0;
	size_t n_roots = session->is_live ? session->roots.n : session->scanned.len;
	for (size_t i = 0; i < n_roots; i++) {
		struct db_value root =
			db_int(session->is_live ? session->roots.list[i].id
						: *ARRAY_AT(&session->scanned, int64_t, i));
		n += (uint64_t)db_first_int(session->store->index, SQL_CENSUS_OF_DAMAGED, &root, 1,
					    0);
	}
	return n;
}

/* Of what nobody asked for only the news are told. */
static bool is_told(const struct scan_session *session, const struct scan_summary *summary)
{
	return !session->is_live || session->has_news || summary->brake || summary->new ||
	       summary->changed || summary->moved || summary->gone;
}

/* Asked, not guessed: which of several it is, the person knows. */
static void ask(struct scan_session *session, uint64_t n)
{
	if (n == 0)
		return;
	struct event *event = event_create(EVENT_TOLD, session->serial);
	event->as.told.text = arena_strf(&event->arena,
					 "%llu model%s may have moved: \"lorarium moved\" lists "
					 "them, and is told where they are",
					 (unsigned long long)n, n == 1 ? "" : "s");
	store_send(session->store, event);
}

static void finish(struct scan_session *session, const struct scan_batch *batch)
{
	struct error err;
	uint64_t n_asked = 0;
	if (!session->has_failed &&
	    (!store_commit(session->store, &err) ||
	     !reunite(session->store, &session->roots, &session->fresh, &n_asked, &err) ||
	     !corrected_update(session->store, &err)))
		fail(session, &err);
	ask(session, n_asked);
	live_scanned(session->live, session->has_failed || !batch->summary.cancelled);
	if (session->has_failed || !is_told(session, &batch->summary))
		return;
	struct event *event = event_create(EVENT_SCANNED, session->serial);
	event->as.scanned = batch->summary;
	event->as.scanned.damaged = count_damaged(session);
	store_send(session->store, event);
}

static bool take(struct scan_session *session, const struct scan_batch *batch, struct error *err)
{
	switch (batch->type) {
	case SCAN_LAYOUT: return session->has_failed || store_layout(session, batch->layout, err);
	case SCAN_FINDINGS: return session->has_failed || store_findings(session, batch, err);
	case SCAN_PROGRESS:
		if (!session->is_live)
			pass_on_progress(session, batch);
		return true;
	case SCAN_TOLD: pass_on_told(session, batch); return true;
	case SCAN_PUT_OFF:
		live_put_off(session->live, batch->put_off.root_id, batch->put_off.folder);
		return true;
	case SCAN_ROOT_DONE:
		live_root(session->live, batch->root.root_id, batch->root.is_online,
			  batch->root.has_events);
		return session->has_failed || store_root(session, batch, err);
	case SCAN_DONE: finish(session, batch); return true;
	}
	return true;
}

bool scan_session_take(struct scan_session *session)
{
	struct store *store = session->store;
	for (int i = 0; i < BATCHES_AT_ONCE; i++) {
		struct error err;
		struct scan_batch *batch = queue_receive_timeout(session->batches, 0);
		if (!batch)
			break;
		bool is_done = batch->type == SCAN_DONE;
		if (!take(session, batch, &err))
			fail(session, &err);
		scan_batch_destroy(batch);
		if (is_done)
			return true;
		if (store_due_ms(store) == 0 && !store_commit(store, &err))
			fail(session, &err);
	}
	return false;
}
