// SPDX-License-Identifier: MIT
#include "storage/hash_session.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/path.h"
#include "core/formats/shards.h"
#include "storage/index/bitmap.h"
#include "storage/reconcluder.h"
#include "storage/scan/hasher.h"

enum { RESULTS_WAITING_MAX = 64, RESULTS_AT_ONCE = 64, STATE_BYTES = 24, PROGRESS_MS = 250 };

/** A model that is to be hashed. */
struct wanted {
	uint32_t id;
	int64_t root_id;
	struct str rest, path;             /* below the root; absolute */
	bool is_known;                     /* its hash is, for the file as it was scanned */
	struct str sha256, tensors, state; /* stored */
	bool has_ends;
	uint64_t dev, inode; /* of the twins */
	uint64_t size_bytes;
	char ends[SHA256_HEX + 1];
	bool is_linked; /* another name of the file before it */
};

struct hash_session {
	struct store *store; /* borrowed */
	uint32_t serial;
	bool verifies, is_for_twins, is_idle, is_cancelled, is_paused;
	uint64_t bytes; /* of the jobs that read whole files */
	enum { READING_ENDS, READING_WHOLE } stage;
	struct arena arena;
	struct roots roots;
	struct array list;          /* struct wanted */
	struct array jobs;          /* struct hash_job, of the stage */
	struct array wanted_of_job; /* size_t: into `list` */
	struct queue *results;      /* struct hash_result * */
	struct hasher *hasher;
	struct reconcluder *reconcluder;
	size_t n_taken;
	uint64_t n_hashed;
};

static struct wanted *wanted_at(const struct hash_session *session, size_t i)
{
	return ARRAY_AT(&session->list, struct wanted, i);
}

static bool add_wanted(struct hash_session *session, uint32_t id, struct error *err)
{
	struct arena *arena = &session->arena;
	sqlite3_stmt *row = DB_BIND(session->store->index, SQL_HASH_OF, err, db_int(id));
	if (!row || !db_next(row, err))
		return err->code == ERROR_NONE;
	const struct root *root = roots_find(&session->roots, sqlite3_column_int64(row, 0));
	struct wanted wanted = {
		.id = id,
		.root_id = sqlite3_column_int64(row, 0),
		.rest = db_column_copy(row, 1, arena),
		.is_known = sqlite3_column_int(row, 2),
		.sha256 = db_column_copy(row, 3, arena),
		.tensors = db_column_copy(row, 4, arena),
		.state = db_column_copy(row, 5, arena),
	};
	wanted.size_bytes = (uint64_t)sqlite3_column_int64(row, 6);
	db_reset(row);
	if (!root)
		return true;
	wanted.path = path_join(arena, root->path, wanted.rest);
	*ARRAY_PUSH(&session->list, struct wanted) = wanted;
	return true;
}

static bool list_twins(struct hash_session *session, const struct request *request,
		       struct error *err)
{
	struct array ids = ARRAY_OF(uint32_t);
	struct arena scratch = { 0 };
	struct bitmap meant =
		bitmap_of_ids(&scratch, request->as.hash.models.ids, request->as.hash.models.n_ids);
	err->code = ERROR_NONE;
	sqlite3_stmt *rows = db_bind(session->store->index, SQL_HASH_TWINS, NULL, 0, err);
	while (rows && db_next(rows, err)) {
		uint32_t id = (uint32_t)sqlite3_column_int64(rows, 0);
		if (request->as.hash.is_all || bitmap_holds(&meant, id))
			*ARRAY_PUSH(&ids, uint32_t) = id;
	}
	arena_finish(&scratch);
	bool ok = err->code == ERROR_NONE;
	for (size_t i = 0; ok && i < ids.len; i++)
		ok = add_wanted(session, *ARRAY_AT(&ids, uint32_t, i), err);
	array_finish(&ids);
	return ok;
}

static bool list_models(struct hash_session *session, const struct request *request,
			struct error *err)
{
	const struct selection *models = &request->as.hash.models;
	if (session->is_for_twins)
		return list_twins(session, request, err);
	for (size_t i = 0; i < models->n_ids; i++)
		if (!add_wanted(session, models->ids[i], err))
			return false;
	return true;
}

/* A hash of one part would pass for that of the whole. */
static bool is_one_file(const struct wanted *wanted)
{
	struct shard_name shard;
	return !shard_name_parse(str_after_last(wanted->path, '/'), &shard);
}

static void add_job(struct hash_session *session, size_t i, enum hash_wish wish)
{
	if (wish != HASH_ENDS)
		session->bytes += wanted_at(session, i)->size_bytes;
	*ARRAY_PUSH(&session->wanted_of_job, size_t) = i;
	*ARRAY_PUSH(&session->jobs, struct hash_job) = (struct hash_job){
		.id = wanted_at(session, i)->id,
		.path = wanted_at(session, i)->path,
		.wish = wish,
	};
}

static void tell_hash(struct hash_session *session, const struct wanted *wanted, bool is_rotten,
		      const struct error *failure)
{
	if (session->is_for_twins || session->is_idle)
		return;
	struct event *event = event_create(EVENT_HASHED, session->serial);
	struct arena *arena = &event->arena;
	event->as.hashed.id = wanted->id;
	event->as.hashed.path = arena_str(arena, wanted->path);
	event->as.hashed.sha256 = wanted->sha256.len ? arena_str(arena, wanted->sha256) : STR_NULL;
	event->as.hashed.tensors =
		wanted->tensors.len ? arena_str(arena, wanted->tensors) : STR_NULL;
	event->as.hashed.is_rotten = is_rotten;
	event->as.hashed.failure = failure ? *failure : (struct error){ 0 };
	store_send(session->store, event);
}

/* What is known already is told at once; `verify` reads it all the same. */
static void plan_whole(struct hash_session *session)
{
	enum hash_wish wish = session->is_for_twins ? HASH_WHOLE : HASH_WHOLE_AND_TENSORS;
	for (size_t i = 0; i < session->list.len; i++) {
		struct wanted *wanted = wanted_at(session, i);
		bool knows_all = wanted->is_known && (session->is_for_twins || wanted->tensors.ptr);
		if (session->is_for_twins && (wanted->is_linked || !wanted->has_ends))
			continue;
		if (!is_one_file(wanted))
			tell_hash(session, wanted, false, NULL);
		else if (knows_all && !session->verifies)
			tell_hash(session, wanted, false, NULL);
		else
			add_job(session, i, wish);
	}
}

static void plan_ends(struct hash_session *session)
{
	for (size_t i = 0; i < session->list.len; i++)
		if (is_one_file(wanted_at(session, i)))
			add_job(session, i, HASH_ENDS);
}

static void start_stage(struct hash_session *session)
{
	session->n_taken = 0;
	session->hasher = hasher_start(session->jobs.ptr, session->jobs.len, session->is_idle,
				       session->results);
	if (session->is_paused)
		hasher_pause(session->hasher, true);
	if (session->is_cancelled)
		hasher_cancel(session->hasher);
}

static void end_stage(struct hash_session *session)
{
	hasher_destroy(session->hasher);
	session->hasher = NULL;
	array_clear(&session->jobs);
	array_clear(&session->wanted_of_job);
}

bool hash_session_start(struct store *store, const struct request *request,
			struct hash_session **out, struct error *err)
{
	struct hash_session *session = calloc(1, sizeof *session);
	if (!session)
		die_oom();
	session->store = store;
	session->serial = request->serial;
	session->verifies = request->as.hash.verifies;
	session->is_for_twins = request->as.hash.only_twins;
	session->is_idle = request->as.hash.is_idle;
	session->reconcluder = reconcluder_create(store);
	session->list = ARRAY_OF(struct wanted);
	session->jobs = ARRAY_OF(struct hash_job);
	session->wanted_of_job = ARRAY_OF(size_t);
	session->results = queue_create(RESULTS_WAITING_MAX, true);
	session->stage = session->is_for_twins ? READING_ENDS : READING_WHOLE;
	if (!store_roots(store, &session->arena, &session->roots, err) ||
	    !list_models(session, request, err)) {
		hash_session_destroy(session);
		return false;
	}
	(session->is_for_twins ? plan_ends : plan_whole)(session);
	start_stage(session);
	*out = session;
	return true;
}

int hash_session_fd(const struct hash_session *session)
{
	return queue_fd(session->results);
}

static bool put(struct hash_session *session, const struct wanted *wanted,
		const struct hash_result *result, struct error *err)
{
	struct store *store = session->store;
	struct str state = { (const char *)&result->state, STATE_BYTES };
	struct str tensors = result->tensors[0] ? str_from(result->tensors) : STR_NULL;
	if (!store_begin(store, err) ||
	    !DB_RUN(store->index, SQL_HASH_PUT, err, db_int(wanted->id), db_blob(state),
		    db_text(str_from(result->sha256)), db_text(tensors)))
		return false;
	store->n_rows++;
	*ARRAY_PUSH(&store->changed, uint32_t) = wanted->id;
	/* A hash that is known tells what the file is, whatever it is called. */
	return reconcluder_do_one(session->reconcluder, wanted->id, err) &&
	       DB_RUN(store->user, SQL_SUBJECT_SHA256, err, db_int(wanted->root_id),
		      db_blob(wanted->rest), db_text(str_from(result->sha256)));
}

/* Same size and time, other bytes: nobody wrote it, and yet it is another. */
static bool is_rotten(const struct wanted *wanted, const struct hash_result *result)
{
	struct str state = { (const char *)&result->state, STATE_BYTES };
	return wanted->sha256.len > 0 && str_equal(wanted->state, state) &&
	       !str_equal(wanted->sha256, str_from(result->sha256));
}

/* Other names of the same file, which were not read for themselves. */
static bool put_links(struct hash_session *session, const struct wanted *wanted,
		      const struct hash_result *result, struct error *err)
{
	const struct wanted *list = session->list.ptr, *end = list + session->list.len;
	for (const struct wanted *link = wanted + 1; link < end && link->is_linked; link++)
		if (!put(session, link, result, err))
			return false;
	return true;
}

static void take_whole(struct hash_session *session, struct wanted *wanted,
		       const struct hash_result *result)
{
	struct error err = result->err;
	bool rotten = err.code == ERROR_NONE && is_rotten(wanted, result);
	/* The old hash stays when the bytes rotted: it is what the file should have. */
	if (err.code == ERROR_NONE && (rotten || (put(session, wanted, result, &err) &&
						  put_links(session, wanted, result, &err)))) {
		wanted->sha256 = arena_str(&session->arena, str_from(result->sha256));
		wanted->tensors = arena_str(&session->arena, str_from(result->tensors));
		session->n_hashed++;
		tell_hash(session, wanted, rotten, NULL);
		return;
	}
	wanted->sha256 = wanted->tensors = STR_NULL;
	if (err.code == ERROR_SYSTEM)
		(void)roots_are_away(&session->roots, wanted->path, &err); /* that is why, then */
	tell_hash(session, wanted, false, &err);
}

static void take_ends(struct wanted *wanted, const struct hash_result *result)
{
	wanted->has_ends = result->err.code == ERROR_NONE;
	wanted->dev = result->dev;
	wanted->inode = result->state.inode;
	wanted->size_bytes = result->state.size_bytes;
	memcpy(wanted->ends, result->sha256, sizeof wanted->ends);
}

static int compare_twins(const void *a, const void *b)
{
	const struct wanted *left = a, *right = b;
	int order = memcmp(left->ends, right->ends, sizeof left->ends);
	if (order == 0)
		order = (left->dev > right->dev) - (left->dev < right->dev);
	return order ? order : (left->inode > right->inode) - (left->inode < right->inode);
}

static bool has_same_ends(const struct wanted *a, const struct wanted *b)
{
	return a->has_ends && b->has_ends && memcmp(a->ends, b->ends, sizeof a->ends) == 0;
}

/* Whoever shares its ends with another file stays; names of one file count as one. */
static void find_twins(struct hash_session *session)
{
	size_t n = session->list.len;
	if (n > 1)
		qsort(session->list.ptr, n, sizeof(struct wanted), compare_twins);
	for (size_t i = 1; i < n; i++) {
		struct wanted *one = wanted_at(session, i), *before = wanted_at(session, i - 1);
		one->is_linked = has_same_ends(one, before) && one->dev == before->dev &&
				 one->inode == before->inode;
	}
	for (size_t first = 0, end; first < n; first = end) {
		size_t n_files = 1;
		for (end = first + 1;
		     end < n && has_same_ends(wanted_at(session, first), wanted_at(session, end));
		     end++)
			n_files += !wanted_at(session, end)->is_linked;
		for (size_t i = first; n_files < 2 && i < end; i++)
			wanted_at(session, i)->has_ends = false;
	}
}

static void tell_progress(struct hash_session *session)
{
	if (session->is_idle)
		return;
	struct event *event = event_create(EVENT_FILES, session->serial);
	event->as.files.n_done = session->n_taken;
	event->as.files.n = session->jobs.len;
	event->as.files.bytes = session->bytes;
	event->as.files.bytes_done = hasher_bytes(session->hasher);
	if (event->as.files.bytes_done > session->bytes) /* one became larger since */
		event->as.files.bytes_done = session->bytes;
	store_send(session->store, event);
}

static void finish(struct hash_session *session)
{
	struct error err;
	if (!store_commit(session->store, &err)) {
		store_fail(session->store, session->serial, &err);
		return;
	}
	if (session->is_idle)
		return;
	struct event *event = event_create(EVENT_DONE, session->serial);
	event->as.done.n_changed = session->n_hashed;
	store_send(session->store, event);
}

/* True when that was the last one. */
static bool end_of_stage(struct hash_session *session)
{
	end_stage(session);
	if (session->stage == READING_ENDS) {
		session->stage = READING_WHOLE;
		find_twins(session);
		plan_whole(session);
		if (session->jobs.len > 0) {
			start_stage(session);
			return false;
		}
	}
	finish(session);
	return true;
}

bool hash_session_take(struct hash_session *session)
{
	for (int i = 0; i < RESULTS_AT_ONCE && session->n_taken < session->jobs.len; i++) {
		struct hash_result *result = queue_receive_timeout(session->results, 0);
		if (!result)
			break;
		struct wanted *wanted =
			wanted_at(session, *ARRAY_AT(&session->wanted_of_job, size_t, result->job));
		if (session->stage == READING_ENDS)
			take_ends(wanted, result);
		else
			take_whole(session, wanted, result);
		session->n_taken++;
		free(result);
	}
	tell_progress(session);
	return session->n_taken == session->jobs.len && end_of_stage(session);
}

void hash_session_pause(struct hash_session *session, bool is_paused)
{
	session->is_paused = is_paused;
	if (session->hasher)
		hasher_pause(session->hasher, is_paused);
}

int hash_session_due_ms(const struct hash_session *session)
{
	return session->is_paused || session->stage == READING_ENDS ? -1 : PROGRESS_MS;
}

bool hash_session_is_idle(const struct hash_session *session)
{
	return session->is_idle;
}

bool hash_session_was_cancelled(const struct hash_session *session)
{
	return session->is_cancelled;
}

void hash_session_cancel(struct hash_session *session)
{
	session->is_cancelled = true;
	if (session->hasher)
		hasher_cancel(session->hasher);
}

void hash_session_destroy(struct hash_session *session)
{
	if (!session)
		return;
	if (session->hasher)
		hasher_cancel(session->hasher);
	queue_close(session->results);
	hasher_destroy(session->hasher);
	reconcluder_destroy(session->reconcluder);
	for (struct hash_result *left; (left = queue_receive_timeout(session->results, 0)) != NULL;)
		free(left);
	queue_destroy(session->results);
	array_finish(&session->list);
	array_finish(&session->jobs);
	array_finish(&session->wanted_of_job);
	arena_finish(&session->arena);
	free(session);
}
