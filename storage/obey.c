// SPDX-License-Identifier: MIT
#include "storage/obey.h"

#include "storage/edits.h"
#include "storage/purge.h"
#include "storage/relink.h"
#include "storage/root_edits.h"
#include "storage/set_edits.h"
#include "storage/tag_edits.h"
#include "storage/text_edits.h"

void obey_set_done(struct event *event, const struct edit_result *result)
{
	event->as.done.n_changed = result->n_changed;
	event->as.done.operation = result->operation;
}

static void send_done(struct writer *writer, const struct request *request,
		      const struct edit_result *result)
{
	struct event *event = event_create(EVENT_DONE, request->serial);
	obey_set_done(event, result);
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

bool obey_is_operating(const struct writer *writer)
{
	return writer->files || writer->undo || writer->done || writer->hashes;
}

static bool check_free(const struct writer *writer, struct error *err)
{
	if (obey_is_operating(writer))
		return error_set(err, ERROR_USAGE, NULL,
				 "files are being %s: wait until that is over",
				 writer->hashes ? "hashed" : "moved");
	return !writer->session ||
	       error_set(err, ERROR_USAGE, NULL, "a scan is running: wait until it is over");
}

void obey_watch_roots(struct writer *writer)
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

void obey_cancel(struct writer *writer)
{
	writer->is_paused = false;
	if (writer->files)
		file_session_cancel(writer->files);
	if (writer->undo)
		undo_session_cancel(writer->undo);
	if (writer->hashes)
		hash_session_cancel(writer->hashes);
	if (obey_is_operating(writer))
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
		mail = queue_receive_timeout(writer->inbox, writer->is_paused ? OBEY_PAUSED_MS : 0);
		obey_mail(writer, mail);
		if (writer->must_stop)
			obey_cancel(writer);
	} while (mail || writer->is_paused);
}

static bool do_apply(struct writer *writer, struct request *request, struct error *err)
{
	if (!check_free(writer, err) ||
	    !file_session_apply(&writer->store, request->serial, &request->as.apply,
				&request->arena, &writer->files, err))
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
	obey_watch_roots(writer);
	return true;
}

/* Keeps the request until its turn when another scan runs, or when models are concluded anew. */
static bool do_scan(struct writer *writer, struct request **request, struct error *err)
{
	if (writer->session || writer->conclusions || obey_is_operating(writer)) {
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

/* A scan and hashes that nobody asked for make way; what they had to do is done later. */
static bool must_make_way(struct writer *writer, struct request *request)
{
	bool is_live = writer->session && scan_session_is_live(writer->session);
	bool is_idle = writer->hashes && hash_session_is_idle(writer->hashes);
	if (!needs_rest(request->type) || (!is_live && !is_idle))
		return false;
	if (is_live)
		scan_session_cancel(writer->session);
	if (is_idle)
		hash_session_cancel(writer->hashes);
	*ARRAY_PUSH(&writer->waiting, struct request *) = request;
	return true;
}

static bool carry_out(struct writer *writer, struct request **request, struct error *err)
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
	case REQUEST_CANCEL: obey_cancel(writer); return true;
	case REQUEST_PAUSE: pause_files(writer, (*request)->as.pause.is_paused); return true;
	default: BUG("request %d is the query thread's", (*request)->type);
	}
	return true;
}

void obey_request(struct writer *writer, struct request *request)
{
	struct error err = writer->failure;
	uint32_t serial = request->serial;
	if (err.code == ERROR_NONE && must_make_way(writer, request))
		return;
	if (err.code != ERROR_NONE || !carry_out(writer, &request, &err))
		store_fail(&writer->store, serial, &err);
	request_destroy(request);
}

void obey_mail(struct writer *writer, struct mail *mail)
{
	if (!mail)
		return;
	if (mail->type == MAIL_STOP)
		writer->must_stop = true;
	else if (mail->request) {
		idle_disturb(&writer->idle);
		obey_request(writer, mail_take_request(mail));
	}
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
void obey_next(struct writer *writer)
{
	while (writer->waiting.len > 0 && !writer->session && !obey_is_operating(writer) &&
	       !writer->must_stop)
		obey_request(writer, take_waiting(writer));
}
