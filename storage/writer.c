// SPDX-License-Identifier: MIT
#include "storage/writer.h"

#include <stdlib.h>

#include "storage/corrected.h"
#include "storage/obey.h"
#include "storage/purge.h"
#include "storage/user/copies.h"
#include "storage/user/operations.h"

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
	idle_begin_anew(&writer->idle);
	tell_watching(writer);
	tell_done(writer);
	obey_next(writer);
}

static void end_conclusions(struct writer *writer)
{
	conclusions_destroy(writer->conclusions);
	writer->conclusions = NULL;
	obey_next(writer);
}

/* Names are evidence and inodes may be new: what the index does not know of what was moved is read. */
static void scan_touched(struct writer *writer, const struct str *roots,
			 size_t n_roots) /* 0: all */
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
		obey_set_done(event, result);
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
	if (n_roots > 0)
		scan_touched(writer, roots, n_roots);
	else
		tell_done(writer);
	arena_finish(&arena);
}

/* The person did not name it. What cannot be read is not told. */
static void tell_what_was_undone(struct writer *writer, struct event *event)
{
	struct array list = ARRAY_OF(struct operation);
	struct error ignored;
	if (event->type == EVENT_DONE &&
	    operations_find(writer->store.user, event->as.done.operation, &event->arena, &list,
			    &ignored) &&
	    list.len > 0) {
		const struct operation *operation = list.ptr;
		event->as.done.what = operation->what;
		event->as.done.words = operation->words;
	}
	array_finish(&list);
}

static void end_undo(struct writer *writer)
{
	struct error err;
	struct edit_result result;
	bool touched_files;
	uint32_t serial = undo_session_serial(writer->undo);
	bool ok = undo_session_result(writer->undo, &result, &touched_files, &err);
	writer->done = answer_of(ok, serial, &result, &err);
	tell_what_was_undone(writer, writer->done);
	if (undo_session_moved_roots(writer->undo))
		obey_watch_roots(writer);
	undo_session_destroy(writer->undo);
	writer->undo = NULL;
	if (touched_files)
		scan_touched(writer, NULL, 0);
	else
		tell_done(writer);
}

static void let_others(struct writer *writer, struct mail *mail)
{
	if (writer->files)
		file_session_rest(writer->files);
	if (writer->undo)
		undo_session_rest(writer->undo);
	obey_mail(writer, mail);
}

/* A slice, after whatever somebody wants: so it can be cancelled, and edits go on. */
static void run_operation(struct writer *writer)
{
	struct mail *mail =
		queue_receive_timeout(writer->inbox, writer->is_paused ? OBEY_PAUSED_MS : 0);
	if (mail)
		let_others(writer, mail);
	if (writer->must_stop)
		obey_cancel(writer);
	if (writer->is_paused)
		return;
	if (writer->files && file_session_step(writer->files))
		end_files(writer);
	else if (writer->undo && undo_session_step(writer->undo))
		end_undo(writer);
	if (!obey_is_operating(writer))
		obey_next(writer);
}

/* A slice, whenever nobody wants anything. */
static void run_conclusions(struct writer *writer)
{
	struct error err;
	bool done = false;
	struct mail *mail = queue_receive_timeout(writer->inbox, 0);
	if (mail) {
		obey_mail(writer, mail);
		return;
	}
	if (!conclusions_step(writer->conclusions, &done, &err)) {
		store_fail(&writer->store, 0, &err);
		done = true;
	}
	if (done)
		end_conclusions(writer);
}

static void end_hashes(struct writer *writer)
{
	if (hash_session_is_idle(writer->hashes))
		idle_ended(&writer->idle, !hash_session_was_cancelled(writer->hashes));
	hash_session_destroy(writer->hashes);
	writer->hashes = NULL;
	obey_next(writer);
}

/* Taken before waiting: where all was known there is nothing to wait for. */
static void run_hashes(struct writer *writer)
{
	struct error err;
	if (hash_session_take(writer->hashes)) {
		end_hashes(writer);
		return;
	}
	bool is_idle = hash_session_is_idle(writer->hashes);
	int due_ms = store_due_ms(&writer->store), tell_ms = hash_session_due_ms(writer->hashes);
	if (due_ms < 0 || (tell_ms >= 0 && tell_ms < due_ms))
		due_ms = tell_ms;
	if (live_wait(writer->live, queue_fd(writer->inbox), hash_session_fd(writer->hashes),
		      due_ms, is_idle))
		obey_mail(writer, queue_receive_timeout(writer->inbox, 0));
	struct request *seen = is_idle ? live_request(writer->live) : NULL;
	if (seen)
		obey_request(writer, seen);
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
		obey_mail(writer, queue_receive_timeout(writer->inbox, 0));
	if (writer->must_stop)
		scan_session_cancel(writer->session);
	if (scan_session_take(writer->session))
		end_session(writer);
	else if (store_due_ms(&writer->store) == 0 && !store_commit(&writer->store, &err))
		store_fail(&writer->store, 0, &err);
}

static struct request *find_work(struct writer *writer)
{
	struct request *request = live_request(writer->live);
	if (!request && idle_due_ms(&writer->idle, &writer->store) == 0)
		request = idle_request(&writer->idle, &writer->store);
	return request;
}

/* Nothing is to be done: what is seen to change in the roots is looked at, and after a while all is hashed. */
static void run_idle(struct writer *writer)
{
	if (live_wait(writer->live, queue_fd(writer->inbox), -1,
		      idle_due_ms(&writer->idle, &writer->store), true))
		obey_mail(writer, queue_receive_timeout(writer->inbox, 0));
	if (writer->must_stop || writer->session || writer->conclusions ||
	    obey_is_operating(writer))
		return;
	struct request *request = find_work(writer);
	if (!request)
		return;
	obey_request(writer, request);
	writer->idle.is_done |= !writer->session && !writer->hashes; /* it could not begin */
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
	obey_watch_roots(writer);
	idle_disturb(&writer->idle);
}

static void *run(void *context)
{
	struct writer *writer = context;
	struct mail *mail =
		writer->is_open ? NULL : queue_receive_timeout(writer->inbox, OPEN_AFTER_MS);
	open_store(writer);
	keep_copies(writer);
	obey_mail(writer, mail);
	while (!writer->must_stop || writer->session || obey_is_operating(writer)) {
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
