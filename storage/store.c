// SPDX-License-Identifier: MIT
#include "storage/store.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "storage/index/ending.h"
#include "storage/mail.h"
#include "storage/user/copies.h"
#include "storage/user/subjects.h"

int64_t store_now_s(void)
{
	return time(NULL);
}

int64_t store_monotonic_ms(void)
{
	struct timespec now;
	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		BUG("no monotonic clock");
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void store_send(struct store *store, struct event *event)
{
	if (!queue_send(store->events, event))
		event_destroy(event); /* the library is being closed: nobody listens */
}

static bool is_slug(const struct error *err, const char *slug)
{
	return err->slug && strcmp(err->slug, slug) == 0;
}

void store_fail(struct store *store, uint32_t serial, const struct error *err)
{
	struct event *event = event_create(EVENT_FAILED, serial);
	event->as.failed = *err;
	if (is_slug(err, DB_DAMAGED))
		ending_suspect(store->options->data_dir);
	store_send(store, event);
}

static void say(struct store *store, const char *text)
{
	struct event *event = event_create(EVENT_TOLD, 0);
	event->as.told.text = arena_str(&event->arena, str_from(text));
	store_send(store, event);
}

/*
 * Before it is copied, and before the first change of a day: not at every start, since the history makes
 * it longer. After an end that was none db_open has done it.
 */
static bool look_over_user(struct store *store, struct error *err)
{
	return !copies_are_due(store->user, store->options->data_dir, store_now_s()) ||
	       db_check(store->user, "main", false, err);
}

static bool open_user(struct store *store, struct error *err)
{
	if (db_open(store->options->data_dir, DB_USER, DB_WRITE, &store->user, err) &&
	    look_over_user(store, err))
		return true;
	if (is_slug(err, DB_DAMAGED))
		error_context(err,
			      "your tags and roots are in a damaged file, which was left as it is; "
			      "there may be a copy in %s/backups",
			      store->options->data_dir);
	return false;
}

static bool open_index(struct store *store, struct error *err)
{
	const char *dir = store->options->data_dir;
	if (db_open(dir, DB_INDEX, DB_WRITE, &store->index, err))
		return true;
	if (!is_slug(err, DB_DAMAGED) && !is_slug(err, DB_OLDER) && !is_slug(err, DB_NEWER))
		return false;
	bool is_damaged = is_slug(err, DB_DAMAGED);
	if (!db_move_aside(dir, DB_INDEX, err) ||
	    !db_open(dir, DB_INDEX, DB_WRITE, &store->index, err))
		return false;
	say(store,
	    is_damaged
		    ? "The index was damaged and is made anew by the next scan. Nothing of yours is lost."
		    : "The index is of another version and is made anew by the next scan. Nothing of yours is lost.");
	return true;
}

static bool is_current(const struct roots *roots, int64_t id, struct str path)
{
	const struct root *root = roots_find(roots, id);
	return root && str_equal(root->path, path);
}

/* Rows of roots that were removed when index.db could not be written, or of another user.db. */
static bool forget_strangers(struct store *store, struct error *err)
{
	struct arena arena = { 0 };
	struct roots roots;
	struct array strangers = ARRAY_OF(int64_t);
	bool ok = store_roots(store, &arena, &roots, err);
	sqlite3_stmt *rows = ok ? db_bind(store->index, SQL_ROOT_STATES, NULL, 0, err) : NULL;
	while (rows && db_next(rows, err)) {
		if (!is_current(&roots, sqlite3_column_int64(rows, 0), db_column(rows, 1)))
			*ARRAY_PUSH(&strangers, int64_t) = sqlite3_column_int64(rows, 0);
	}
	ok = ok && err->code == ERROR_NONE && (strangers.len == 0 || store_begin(store, err));
	for (size_t i = 0; ok && i < strangers.len; i++)
		ok = models_forget_root(&store->models, *ARRAY_AT(&strangers, int64_t, i), err);
	ok = ok && store_commit(store, err);
	array_finish(&strangers);
	arena_finish(&arena);
	return ok;
}

void store_init(struct store *store, const struct library_options *options, struct queue *events,
		struct queue *readers)
{
	*store = (struct store){ .options = options,
				 .events = events,
				 .readers = readers,
				 .changed = ARRAY_OF(uint32_t) };
}

bool store_open(struct store *store, struct error *err)
{
	return open_user(store, err) && open_index(store, err) &&
	       models_init(&store->models, store->index, store->options->knowledge, err) &&
	       forget_strangers(store, err);
}

static void *close_one(void *db)
{
	db_close(db);
	return NULL;
}

/* What either has in its log goes to its file and that to the disk: the waiting is done at once. */
static void close_both(struct store *store)
{
	pthread_t thread;
	bool is_apart = pthread_create(&thread, NULL, close_one, store->user) == 0;
	db_close(store->index);
	if (is_apart)
		pthread_join(thread, NULL); /* fails only for a thread that is not ours */
	else
		db_close(store->user);
}

void store_close(struct store *store)
{
	models_finish(&store->models);
	close_both(store);
	array_finish(&store->changed);
}

bool store_begin(struct store *store, struct error *err)
{
	if (store->in_batch)
		return true;
	if (!db_begin(store->index, err))
		return false;
	store->in_batch = true;
	store->n_rows = 0;
	store->batch_began_ms = store_monotonic_ms();
	return true;
}

bool store_commit(struct store *store, struct error *err)
{
	if (!store->in_batch)
		return true;
	if (!db_commit(store->index, err)) {
		store_rollback(store);
		return error_context(err, "writing the index");
	}
	store->in_batch = false;
	store_tell(store);
	return true;
}

void store_rollback(struct store *store)
{
	struct error err;
	db_rollback(store->index);
	store->in_batch = false;
	store->everything_changed = true;
	if (!models_reload(&store->models, &err))
		store_fail(store, 0, &err);
}

int store_due_ms(const struct store *store)
{
	if (!store->in_batch)
		return -1;
	int64_t left = store->batch_began_ms + STORE_BATCH_MS - store_monotonic_ms();
	if (store->n_rows >= STORE_BATCH_ROWS || left < 0)
		return 0;
	return (int)left;
}

static void tell_readers(struct store *store)
{
	struct mail *mail = mail_create(MAIL_CHANGED);
	mail->ids = store->changed;
	mail->everything = store->everything_changed;
	store->changed = ARRAY_OF(uint32_t);
	store->everything_changed = false;
	/* Never blocks, since the query thread may be waiting for room in our own inbox. What could not
	   be told in detail is told as "everything" the next time. */
	if (queue_try_send(store->readers, mail))
		return;
	store->everything_changed = true;
	mail_destroy(mail);
}

void store_tell(struct store *store)
{
	tell_readers(store);
	struct event *event = event_create(EVENT_CHANGED, 0);
	event->as.changed.generation = ++store->generation;
	store_send(store, event);
}

bool store_roots(struct store *store, struct arena *arena, struct roots *out, struct error *err)
{
	return roots_load(store->user, store->index, arena, out, err);
}

bool store_subject(struct store *store, const struct roots *roots, uint32_t id, int64_t *subject,
		   struct error *err)
{
	struct arena arena = { 0 };
	struct model_place place;
	err->code = ERROR_NONE;
	bool ok = models_place(&store->models, id, &arena, &place, err);
	if (ok) {
		const struct root *root = roots_find(roots, place.root_id);
		struct subject_place where = {
			.root_id = place.root_id,
			.path = place.path,
			.size_bytes = place.size_bytes,
			.root_path = root ? root->path : STR(""),
		};
		ok = subject_place(store->user, &where, subject, err);
		*ARRAY_PUSH(&store->changed, uint32_t) = id;
	} else if (err->code == ERROR_NONE) {
		error_set(err, ERROR_CHANGED, NULL, "a model left the library meanwhile");
	}
	arena_finish(&arena);
	return ok;
}
