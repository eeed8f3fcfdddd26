// SPDX-License-Identifier: MIT
#include "storage/writer.h"

#include <pthread.h>
#include <stdlib.h>

#include "storage/conclusions.h"
#include "storage/corrected.h"
#include "storage/edits.h"
#include "storage/file_session.h"
#include "storage/hash_session.h"
#include "storage/live/live.h"
#include "storage/purge.h"
#include "storage/relink.h"
#include "storage/root_edits.h"
#include "storage/scan_session.h"
#include "storage/set_edits.h"
#include "storage/tag_edits.h"
#include "storage/text_edits.h"
#include "storage/undo_session.h"
#include "storage/user/copies.h"

enum { PAUSED_MS = 60000 }; /* to look whether it still stands still */

struct writer {
	struct store store;
	struct queue *inbox; /* borrowed */
	pthread_t thread;
	bool is_started, is_open, must_stop;
	struct error failure;            /* of opening: code NONE when there is none */
	struct live *live;               /* NULL: nobody watches the roots */
	struct scan_session *session;    /* NULL: no scan */
	struct conclusions *conclusions; /* NULL: all is concluded; scans wait for it */
	/* At most one of these: scans and the other wait for it. */
	struct file_session *files;
	struct undo_session *undo;
	struct hash_session *hashes; /* NULL: nothing is being hashed */
	struct event *done;          /* of such an operation: told when its roots were scanned */
	struct array waiting;        /* struct request *: scans that come after this one */
	bool is_paused;              /* what is being done to files */
};

struct writer *writer_create(const struct writer_options *options)
{
	struct writer *writer = calloc(1, sizeof *writer);
	if (!writer)
		die_oom();
	writer->inbox = options->inbox;
	writer->waiting = ARRAY_OF(struct request *);
	store_init(&writer->store, options->library, options->events, options->readers);
	return writer;
}

bool writer_open(struct writer *writer, struct error *err)
{
	writer->is_open = true;
	return store_open(&writer->store, err) &&
	       purge_expire(&writer->store, store_now_s(), err) &&
	       file_sessions_recover(&writer->store, err) && corrected_update(&writer->store, err);
}

static void set_done(struct event *event, const struct edit_result *result)
{
	event->as.done.n_changed = result->n_changed;
	event->as.done.operation = result->operation;
}

static void send_done(struct writer *writer, const struct request *request,
		      const struct edit_result *result)
{
	struct event *event = event_create(EVENT_DONE, request->serial);
	set_done(event, result);
	store_send(&writer->store, event);
}

typedef bool (*edits_fn)(struct store *store, struct request *request, struct edit_result *result,
			 struct error *err);

static bool do_edit(struct writer *writer, struct request *request, edits_fn edit,
		    struct error *err)
{
	struct edit_result result = { 0 };
	if (!edit(&writer->store, request, &result, err))
		return false;
	send_done(writer, request, &result);
	return true;
}

static bool is_operating(const struct writer *writer)
{
	return writer->files || writer->undo || writer->done || writer->hashes;
}

static bool check_free(const struct writer *writer, struct error *err)
{
	if (is_operating(writer))
		return error_set(err, ERROR_USAGE, NULL,
				 "files are being moved: wait until that is over");
	return !writer->session ||
	       error_set(err, ERROR_USAGE, NULL, "a scan is running: wait until it is over");
}

static void open_mail(struct writer *writer, struct mail *mail);

static void watch_roots(struct writer *writer)
{
	struct arena arena = { 0 };
	struct roots roots;
	struct error err;
	if (!writer->live)
		return;
	if (store_roots(&writer->store, &arena, &roots, &err))
		live_set_roots(writer->live, &roots);
	else
		store_fail(&writer->store, 0, &err);
	arena_finish(&arena);
}

static void tell_cancelled(struct writer *writer, const struct request *request)
{
	struct error err;
	if (request->type != REQUEST_SCAN) {
		error_set(&err, ERROR_CANCELLED, NULL, "it was stopped before it began");
		store_fail(&writer->store, request->serial, &err);
		return;
	}
	struct event *event = event_create(EVENT_SCANNED, request->serial);
	event->as.scanned.cancelled = true;
	store_send(&writer->store, event);
}

/* Those that wait end as if they had begun. */
static void cancel_waiting(struct writer *writer)
{
	for (size_t i = 0; i < writer->waiting.len; i++) {
		struct request *request = *ARRAY_AT(&writer->waiting, struct request *, i);
		tell_cancelled(writer, request);
		request_destroy(request);
	}
	array_clear(&writer->waiting);
}

/* Between two files or in the middle of a copy; whatever else is wanted is done meanwhile. */
static void pause_files(struct writer *writer, bool is_paused)
{
	writer->is_paused = is_paused && (writer->files || writer->undo);
	if (writer->hashes)
		hash_session_pause(writer->hashes, is_paused);
}

static void cancel(struct writer *writer)
{
	writer->is_paused = false;
	if (writer->files)
		file_session_cancel(writer->files);
	if (writer->undo)
		undo_session_cancel(writer->undo);
	if (writer->hashes)
		hash_session_cancel(writer->hashes);
	if (is_operating(writer))
		return;
	if (writer->session) {
		scan_session_cancel(writer->session);
		return;
	}
	cancel_waiting(writer);
	conclusions_destroy(writer->conclusions);
	writer->conclusions = NULL;
}

/* In the middle of a long copy: no transaction is open, so whatever is wanted can be done. */
static void turn(void *context)
{
	struct writer *writer = context;
	struct mail *mail;
	do {
		mail = queue_receive_timeout(writer->inbox, writer->is_paused ? PAUSED_MS : 0);
		open_mail(writer, mail);
		if (writer->must_stop)
			cancel(writer);
	} while (mail || writer->is_paused);
}

static bool do_apply(struct writer *writer, struct request *request, struct error *err)
{
	if (!check_free(writer, err) ||
	    !file_session_apply(&writer->store, request->serial, &request->as.apply, &writer->files,
				err))
		return false;
	file_session_watch(writer->files, turn, writer);
	return true;
}

static bool do_hash(struct writer *writer, const struct request *request, struct error *err)
{
	return check_free(writer, err) &&
	       hash_session_start(&writer->store, request, &writer->hashes, err);
}

static bool do_undo(struct writer *writer, const struct request *request, struct error *err)
{
	if (!check_free(writer, err))
		return false;
	writer->undo = undo_session_start(&writer->store, request);
	undo_session_watch(writer->undo, turn, writer);
	return true;
}

/* What is watched follows. */
static bool do_root(struct writer *writer, struct request *request, edits_fn edit,
		    struct error *err)
{
	if (!do_edit(writer, request, edit, err))
		return false;
	watch_roots(writer);
	return true;
}

/* Keeps the request until its turn when another scan runs, or when models are concluded anew. */
static bool do_scan(struct writer *writer, struct request **request, struct error *err)
{
	if (writer->session || writer->conclusions || is_operating(writer)) {
		*ARRAY_PUSH(&writer->waiting, struct request *) = *request;
		*request = NULL;
		return true;
	}
	return scan_session_start(&writer->store, *request, writer->live, &writer->session, err);
}

/* What would be refused while a scan runs, or wait for its end. */
static bool needs_rest(enum request_type type)
{
	return type == REQUEST_SCAN || type == REQUEST_HASH || type == REQUEST_UNDO ||
	       type == REQUEST_APPLY || type == REQUEST_PURGE || type == REQUEST_RELINK ||
	       type == REQUEST_ROOT_REMOVE || type == REQUEST_ROOT_RELOCATE;
}

/* A scan that nobody asked for makes way; what it had to do is done later. */
static bool must_make_way(struct writer *writer, struct request *request)
{
	if (!writer->session || !scan_session_is_live(writer->session) ||
	    !needs_rest(request->type))
		return false;
	scan_session_cancel(writer->session);
	*ARRAY_PUSH(&writer->waiting, struct request *) = request;
	return true;
}

static bool obey(struct writer *writer, struct request **request, struct error *err)
{
	switch ((*request)->type) {
	case REQUEST_TAG: return do_edit(writer, *request, edits_tag, err);
	case REQUEST_EDIT: return do_edit(writer, *request, text_edits_apply, err);
	case REQUEST_TAGS_RENAME: return do_edit(writer, *request, tag_edits_rename, err);
	case REQUEST_HASH: return do_hash(writer, *request, err);
	case REQUEST_RESTORE: return do_edit(writer, *request, edits_restore, err);
	case REQUEST_WORDS: return do_edit(writer, *request, edits_words, err);
	case REQUEST_CORRECT: return do_edit(writer, *request, edits_correct, err);
	case REQUEST_SET_CHANGE: return do_edit(writer, *request, set_edits_change, err);
	case REQUEST_UNDO: return do_undo(writer, *request, err);
	case REQUEST_APPLY: return do_apply(writer, *request, err);
	case REQUEST_RELINK:
		return check_free(writer, err) && do_edit(writer, *request, relink_model, err);
	case REQUEST_PURGE:
		return check_free(writer, err) && do_edit(writer, *request, purge_models, err);
	case REQUEST_ROOT_ADD: return do_root(writer, *request, root_edits_add, err);
	case REQUEST_ROOT_REMOVE:
		return check_free(writer, err) && do_root(writer, *request, root_edits_remove, err);
	case REQUEST_ROOT_RELOCATE:
		return check_free(writer, err) &&
		       do_root(writer, *request, root_edits_relocate, err);
	case REQUEST_SCAN: return do_scan(writer, request, err);
	case REQUEST_CANCEL: cancel(writer); return true;
	case REQUEST_PAUSE: pause_files(writer, (*request)->as.pause.is_paused); return true;
	case REQUEST_QUERY:
	case REQUEST_ROWS:
	case REQUEST_DETAILS:
	case REQUEST_GROUPS:
	case REQUEST_TAGS:
	case REQUEST_ROOTS:
	case REQUEST_FIND:
	case REQUEST_CHECK:
	case REQUEST_SETS:
	case REQUEST_COMPOSE:
	case REQUEST_LAYOUT:
	case REQUEST_FITS:
	case REQUEST_MATRIX:
	case REQUEST_HISTORY:
	case REQUEST_STRAYS:
	case REQUEST_PLAN:
	case REQUEST_DUPLICATES:
	case REQUEST_DUMP: BUG("request %d is the query thread's", (*request)->type);
	}
	return true;
}

static void serve(struct writer *writer, struct request *request)
{
	struct error err = writer->failure;
	uint32_t serial = request->serial;
	if (err.code == ERROR_NONE && must_make_way(writer, request))
		return;
	if (err.code != ERROR_NONE || !obey(writer, &request, &err))
		store_fail(&writer->store, serial, &err);
	request_destroy(request);
}

static void open_mail(struct writer *writer, struct mail *mail)
{
	if (!mail)
		return;
	if (mail->type == MAIL_STOP)
		writer->must_stop = true;
	else if (mail->request)
		serve(writer, mail_take_request(mail));
	mail_destroy(mail);
}

static struct request *take_waiting(struct writer *writer)
{
	struct request **list = writer->waiting.ptr, *first = list[0];
	for (size_t i = 1; i < writer->waiting.len; i++)
		list[i - 1] = list[i];
	array_pop(&writer->waiting);
	return first;
}

/* One that fails leaves the turn to the next. */
static void start_next(struct writer *writer)
{
	while (writer->waiting.len > 0 && !writer->session && !is_operating(writer) &&
	       !writer->must_stop)
		serve(writer, take_waiting(writer));
}

static void tell_done(struct writer *writer)
{
	if (writer->done)
		store_send(&writer->store, writer->done);
	writer->done = NULL;
}

/* Once: why not all is watched. */
static void tell_watching(struct writer *writer)
{
	struct arena arena = { 0 };
	struct str text;
	if (live_must_tell(writer->live, &arena, &text)) {
		struct event *event = event_create(EVENT_TOLD, 0);
		event->as.told.text = arena_str(&event->arena, text);
		store_send(&writer->store, event);
	}
	arena_finish(&arena);
}

static void end_session(struct writer *writer)
{
	scan_session_destroy(writer->session);
	writer->session = NULL;
	tell_watching(writer);
	tell_done(writer);
	start_next(writer);
}

static void end_conclusions(struct writer *writer)
{
	conclusions_destroy(writer->conclusions);
	writer->conclusions = NULL;
	start_next(writer);
}

/* Their names are evidence and their inodes may be new: what was moved is looked at again. */
static void scan_touched(struct writer *writer, const struct str *roots, size_t n_roots)
{
	struct error err;
	struct request *request = request_create(REQUEST_SCAN);
	request->as.scan.paths = roots;
	request->as.scan.n_paths = n_roots;
	if (writer->must_stop ||
	    !scan_session_start(&writer->store, request, writer->live, &writer->session, &err))
		tell_done(writer);
	request_destroy(request);
}

static struct event *answer_of(bool ok, uint32_t serial, const struct edit_result *result,
			       const struct error *err)
{
	struct event *event = event_create(ok ? EVENT_DONE : EVENT_FAILED, serial);
	if (ok)
		set_done(event, result);
	else
		event->as.failed = *err;
	return event;
}

static void end_files(struct writer *writer)
{
	struct error err;
	struct arena arena = { 0 };
	struct edit_result result;
	const struct str *roots;
	size_t n_roots;
	uint32_t serial = file_session_serial(writer->files);
	bool ok = file_session_result(writer->files, &arena, &result, &roots, &n_roots, &err);
	writer->done = answer_of(ok, serial, &result, &err);
	file_session_destroy(writer->files);
	writer->files = NULL;
	scan_touched(writer, roots, n_roots);
	arena_finish(&arena);
}

static void end_undo(struct writer *writer)
{
	struct error err;
	struct edit_result result;
	bool touched_files;
	uint32_t serial = undo_session_serial(writer->undo);
	bool ok = undo_session_result(writer->undo, &result, &touched_files, &err);
	writer->done = answer_of(ok, serial, &result, &err);
	if (undo_session_moved_roots(writer->undo))
		watch_roots(writer);
	undo_session_destroy(writer->undo);
	writer->undo = NULL;
	if (touched_files)
		scan_touched(writer, NULL, 0);
	else
		tell_done(writer);
}

/* A slice, after whatever somebody wants: so it can be cancelled, and edits go on. */
static void run_operation(struct writer *writer)
{
	struct mail *mail = queue_receive_timeout(writer->inbox, writer->is_paused ? PAUSED_MS : 0);
	if (mail)
		open_mail(writer, mail);
	if (writer->must_stop)
		cancel(writer);
	if (writer->is_paused)
		return;
	if (writer->files && file_session_step(writer->files))
		end_files(writer);
	else if (writer->undo && undo_session_step(writer->undo))
		end_undo(writer);
	if (!is_operating(writer))
		start_next(writer);
}

/* A slice, whenever nobody wants anything. */
static void run_conclusions(struct writer *writer)
{
	struct error err;
	bool done = false;
	struct mail *mail = queue_receive_timeout(writer->inbox, 0);
	if (mail) {
		open_mail(writer, mail);
		return;
	}
	if (!conclusions_step(writer->conclusions, &done, &err)) {
		store_fail(&writer->store, 0, &err);
		done = true;
	}
	if (done)
		end_conclusions(writer);
}

/* Taken before waiting: where all was known there is nothing to wait for. */
static void run_hashes(struct writer *writer)
{
	struct error err;
	if (hash_session_take(writer->hashes)) {
		hash_session_destroy(writer->hashes);
		writer->hashes = NULL;
		start_next(writer);
		return;
	}
	int due_ms = store_due_ms(&writer->store), tell_ms = hash_session_due_ms(writer->hashes);
	if (due_ms < 0 || (tell_ms >= 0 && tell_ms < due_ms))
		due_ms = tell_ms;
	if (live_wait(writer->live, queue_fd(writer->inbox), hash_session_fd(writer->hashes),
		      due_ms, false))
		open_mail(writer, queue_receive_timeout(writer->inbox, 0));
	if (writer->must_stop)
		hash_session_cancel(writer->hashes);
	if (store_due_ms(&writer->store) == 0 && !store_commit(&writer->store, &err))
		store_fail(&writer->store, 0, &err);
}

static void run_scan(struct writer *writer)
{
	struct error err;
	if (live_wait(writer->live, queue_fd(writer->inbox), scan_session_fd(writer->session),
		      store_due_ms(&writer->store), false))
		open_mail(writer, queue_receive_timeout(writer->inbox, 0));
	if (writer->must_stop)
		scan_session_cancel(writer->session);
	if (scan_session_take(writer->session))
		end_session(writer);
	else if (store_due_ms(&writer->store) == 0 && !store_commit(&writer->store, &err))
		store_fail(&writer->store, 0, &err);
}

/* Nothing is to be done: what is seen to change in the roots is looked at. */
static void run_idle(struct writer *writer)
{
	struct error err;
	if (live_wait(writer->live, queue_fd(writer->inbox), -1, -1, true))
		open_mail(writer, queue_receive_timeout(writer->inbox, 0));
	if (writer->must_stop || writer->session || writer->conclusions || is_operating(writer))
		return;
	struct request *request = live_request(writer->live);
	if (!request)
		return;
	if (!scan_session_start(&writer->store, request, writer->live, &writer->session, &err))
		store_fail(&writer->store, 0, &err);
	request_destroy(request);
}

/*
 * Until somebody wants something, at most this long: the first rows on the screen need the
 * processors more than the writer does.
 */
enum { OPEN_AFTER_MS = 100 };

/* Before the first change of a day; and after it, when there was nothing before. */
static void keep_copies(struct writer *writer)
{
	struct store *store = &writer->store;
	struct error err;
	if (writer->failure.code != ERROR_NONE ||
	    copies_keep(store->user, store->options->data_dir, store_now_s(), &err))
		return;
	struct event *event = event_create(EVENT_TOLD, 0);
	event->as.told.text =
		arena_strf(&event->arena, "your tags could not be copied: %s", err.text);
	store_send(store, event);
}

/* Without conclusions of today the library is none the worse but for that. */
static void open_store(struct writer *writer)
{
	struct error err;
	if (!writer->is_open && !writer_open(writer, &writer->failure)) {
		store_fail(&writer->store, 0, &writer->failure);
		return;
	}
	if (!conclusions_begin(&writer->store, &writer->conclusions, &err))
		store_fail(&writer->store, 0, &err);
	if (writer->store.options->watches)
		writer->live = live_create();
	watch_roots(writer);
}

static void *run(void *context)
{
	struct writer *writer = context;
	struct mail *mail =
		writer->is_open ? NULL : queue_receive_timeout(writer->inbox, OPEN_AFTER_MS);
	open_store(writer);
	keep_copies(writer);
	open_mail(writer, mail);
	while (!writer->must_stop || writer->session || is_operating(writer)) {
		if (writer->files || writer->undo)
			run_operation(writer);
		else if (writer->hashes)
			run_hashes(writer);
		else if (writer->session)
			run_scan(writer);
		else if (writer->conclusions)
			run_conclusions(writer);
		else
			run_idle(writer);
	}
	keep_copies(writer);
	return NULL;
}

void writer_start(struct writer *writer)
{
	if (pthread_create(&writer->thread, NULL, run, writer) != 0)
		die_oom();
	writer->is_started = true;
}

void writer_destroy(struct writer *writer)
{
	if (!writer)
		return;
	if (writer->is_started)
		pthread_join(writer->thread, NULL); /* fails only for a thread that is not ours */
	file_session_destroy(writer->files);
	undo_session_destroy(writer->undo);
	hash_session_destroy(writer->hashes);
	live_destroy(writer->live);
	event_destroy(writer->done);
	conclusions_destroy(writer->conclusions);
	for (size_t i = 0; i < writer->waiting.len; i++)
		request_destroy(*ARRAY_AT(&writer->waiting, struct request *, i));
	array_finish(&writer->waiting);
	store_close(&writer->store);
	free(writer);
}
