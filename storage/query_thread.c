// SPDX-License-Identifier: MIT
#include "storage/query_thread.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/queue.h"
#include "storage/answers.h"
#include "storage/checks.h"
#include "storage/index/ending.h"

/*
 * While loading, the inbox is looked at between slices of this many models: about a millisecond.
 * The shelf reads many changes when somebody asks, or when they have waited for this long, and at most this
 * often; but who is about to act on what is listed never gets an older list.
 * Without the lock, other instances' commits are looked for this often.
 */
enum { LOAD_SLICE = 2048, REFRESH_MS = 250, FEW_CHANGES = 1000, WATCH_MS = 1000 };

/*
 * Who was shown the first rows draws them before the rest is read: with few processors both at
 * once would be slower. What may be asked for later is read when nothing was asked for this long.
 */
enum { HEAD_START_MS = 10, IDLE_MS = 100 };

/* Of the two databases: each is another when somebody else has committed. */
struct versions {
	int64_t index, user;
};

struct query_thread {
	struct query_options options;
	struct answers answers;
	pthread_t thread;
	bool is_started, must_stop;
	bool cannot_prepare;  /* it failed: not again before something changes */
	struct array waiting; /* struct mail *: in the order in which they came */
	struct array changed; /* uint32_t: to be read again */
	bool everything_changed, roots_changed;
	bool is_behind;   /* an answer was given that does not know all changes */
	uint64_t n_heard; /* changes */
	uint64_t n_read;  /* of these: the shelf has read them, or is going to */
	int64_t refreshed_ms, noted_ms, load_from_ms; /* noted: the first change that waits */
	struct versions versions;
};

static int64_t monotonic_ms(void)
{
	struct timespec now;
	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		BUG("no monotonic clock");
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct versions read_versions(struct query_thread *thread)
{
	return (struct versions){
		db_first_int(thread->answers.db, SQL_DATA_VERSION, NULL, 0, 0),
		db_first_int(thread->answers.db, SQL_USER_DATA_VERSION, NULL, 0, 0),
	};
}

bool query_thread_create(const struct query_options *options, struct query_thread **out,
			 struct error *err)
{
	struct query_thread *thread = calloc(1, sizeof *thread);
	if (!thread)
		die_oom();
	thread->options = *options;
	thread->waiting = ARRAY_OF(struct mail *);
	thread->changed = ARRAY_OF(uint32_t);
	if (!answers_open(&thread->answers, options->library, err)) {
		query_thread_destroy(thread);
		return false;
	}
	thread->versions = read_versions(thread);
	*out = thread;
	return true;
}

static void send_event(struct query_thread *thread, struct event *event)
{
	if (!queue_send(thread->options.events, event))
		event_destroy(event); /* the library is being closed: nobody listens */
}

static void send_failure(struct query_thread *thread, uint32_t serial, const struct error *err)
{
	struct event *event = event_create(EVENT_FAILED, serial);
	event->as.failed = *err;
	if (err->slug && strcmp(err->slug, DB_DAMAGED) == 0 && thread->options.can_write)
		ending_suspect(thread->options.library->data_dir);
	send_event(thread, event);
}

static struct mail *waiting_at(const struct query_thread *thread, size_t i)
{
	return *ARRAY_AT(&thread->waiting, struct mail *, i);
}

static void drop_waiting(struct query_thread *thread, size_t i)
{
	struct mail **list = thread->waiting.ptr;
	for (; i + 1 < thread->waiting.len; i++)
		list[i] = list[i + 1];
	array_pop(&thread->waiting);
}

/* Does the newer one take the place of the older one, which still waits? */
static bool is_replaced(const struct request *older, const struct request *newer)
{
	if (older->type != newer->type)
		return false;
	/* How many there are and which they are is wanted by different parts of the screen. */
	return newer->type == REQUEST_QUERY ||
	       (newer->type == REQUEST_MATRIX &&
		newer->as.matrix.has_cells == older->as.matrix.has_cells);
}

/* The newest of these wins: an older one that still waits is not answered at all. */
static void forget_older(struct query_thread *thread, const struct request *newer)
{
	for (size_t i = thread->waiting.len; i-- > 0;) {
		if (!is_replaced(waiting_at(thread, i)->request, newer))
			continue;
		mail_destroy(waiting_at(thread, i));
		drop_waiting(thread, i);
	}
}

static bool has_changes(const struct query_thread *thread)
{
	return thread->changed.len > 0 || thread->everything_changed || thread->roots_changed;
}

static void note_change(struct query_thread *thread, const struct mail *mail)
{
	const uint32_t *ids = mail->ids.ptr;
	if (!has_changes(thread))
		thread->noted_ms = monotonic_ms();
	thread->n_heard++;
	thread->everything_changed |= mail->everything;
	thread->roots_changed = true; /* they are few: they are read again with every change */
	for (size_t i = 0; i < mail->ids.len; i++)
		*ARRAY_PUSH(&thread->changed, uint32_t) = ids[i];
}

static void sort_mail(struct query_thread *thread, struct mail *mail)
{
	if (mail->type == MAIL_REQUEST) {
		forget_older(thread, mail->request);
		mail->n_heard = thread->n_heard;
		*ARRAY_PUSH(&thread->waiting, struct mail *) = mail;
		return;
	}
	thread->must_stop |= mail->type == MAIL_STOP;
	if (mail->type == MAIL_CHANGED)
		note_change(thread, mail);
	mail_destroy(mail);
}

/* Empties the inbox; waits for mail only when there is nothing else to do. False: none came. */
static bool fetch_mail(struct query_thread *thread, int timeout_ms)
{
	struct mail *mail = queue_receive_timeout(thread->options.inbox, timeout_ms);
	bool has_mail = mail != NULL;
	for (; mail; mail = queue_receive_timeout(thread->options.inbox, 0))
		sort_mail(thread, mail);
	return has_mail;
}

static bool needs_shelf(const struct request *request)
{
	switch (request->type) {
	case REQUEST_QUERY:
	case REQUEST_TAG:
	case REQUEST_CORRECT:
	case REQUEST_MATRIX:
	case REQUEST_PLAN:
	case REQUEST_WORDS:
	case REQUEST_HASH:
	case REQUEST_PURGE: return true;
	case REQUEST_GROUPS: return str_trim(request->as.groups.text).len > 0;
	case REQUEST_DUPLICATES: return str_trim(request->as.duplicates.text).len > 0;
	default: return false;
	}
}

/* What is done to a list is done to all that is in it at that time. */
static bool is_exact(struct request *request)
{
	return request->type == REQUEST_PLAN || request_selection(request) != NULL;
}

static bool is_outdated(const struct query_thread *thread, const struct mail *mail)
{
	return is_exact(mail->request) && mail->n_heard > thread->n_read;
}

static bool answer_in_place(struct query_thread *thread, const struct request *request,
			    struct event *event, struct error *err)
{
	struct answers *answers = &thread->answers;
	switch (request->type) {
	case REQUEST_QUERY:
		event->type = EVENT_RESULT;
		return answers_query(answers, request, event, err);
	case REQUEST_ROWS:
		event->type = EVENT_ROWS;
		return answers_rows(answers, request, event, err);
	case REQUEST_DETAILS:
		event->type = EVENT_DETAILS;
		return answers_details(answers, request, event, err);
	case REQUEST_GROUPS:
		event->type = EVENT_GROUPS;
		return answers_groups(answers, request, event, err);
	case REQUEST_TAGS: event->type = EVENT_TAGS; return answers_tags(answers, event, err);
	case REQUEST_ROOTS: event->type = EVENT_ROOTS; return answers_roots(answers, event, err);
	case REQUEST_FIND:
		event->type = EVENT_FOUND;
		return answers_find(answers, request, event, err);
	case REQUEST_LAYOUT:
		event->type = EVENT_LAYOUT;
		return answers_layout(answers, request, event, err);
	case REQUEST_FITS:
		event->type = EVENT_FITS;
		return answers_fits(answers, request, event, err);
	case REQUEST_MATRIX:
		event->type = EVENT_MATRIX;
		return answers_matrix(answers, request, event, err);
	case REQUEST_CHECK:
		event->type = EVENT_CHECKS;
		checks_run(answers, thread->options.can_write, request->as.check.deep, event);
		return true;
	case REQUEST_SETS: event->type = EVENT_SETS; return answers_sets(answers, event, err);
	case REQUEST_COMPOSE:
		event->type = EVENT_COMPOSED;
		return answers_compose(answers, request, event, err);
	case REQUEST_PLAN:
		event->type = EVENT_PLAN;
		return answers_plan(answers, request, event, err);
	case REQUEST_DUMP: event->type = EVENT_DUMP; return answers_dump(answers, event, err);
	case REQUEST_DUPLICATES:
		event->type = EVENT_DUPLICATES;
		return answers_duplicates(answers, request, event, err);
	case REQUEST_STRAYS:
		event->type = EVENT_STRAYS;
		return answers_strays(answers, &event->arena, &event->as.strays.list,
				      &event->as.strays.n, err);
	case REQUEST_TRASHED:
		event->type = EVENT_TRASHED;
		return answers_trashed(answers, event, err);
	case REQUEST_HISTORY:
		event->type = EVENT_HISTORY;
		return answers_history(answers, request, event, err);
	default: BUG("request %d is the writer's", request->type);
	}
	return false;
}

/* All that an answer consists of comes from one state of the databases. */
static bool answer(struct query_thread *thread, const struct request *request, struct event *event,
		   struct error *err)
{
	struct db *db = thread->answers.db;
	struct error ignored;
	if (!db_begin_reading(db, err))
		return false;
	bool ok = answer_in_place(thread, request, event, err) &&
		  answers_is_whole(&thread->answers, err);
	if (!db_commit(db, ok ? err : &ignored)) {
		db_rollback(db);
		ok = false;
	}
	return ok;
}

/* An edit by query: its ids are filled in and it goes on to the writer. */
static void pass_on(struct query_thread *thread, struct mail *mail)
{
	struct request *request = mail->request;
	struct selection *models = request_selection(request);
	struct error err;
	if (answers_select(&thread->answers, models->query, &request->arena, &models->ids,
			   &models->n_ids, &err)) {
		models->query = STR_NULL;
		if (queue_send(thread->options.writer, mail))
			return;
	} else {
		send_failure(thread, request->serial, &err);
	}
	mail_destroy(mail);
}

static void serve(struct query_thread *thread, struct mail *mail)
{
	struct request *request = mail->request;
	if (request_selection(request)) {
		pass_on(thread, mail);
		return;
	}
	thread->is_behind |= needs_shelf(request) && has_changes(thread);
	struct error err = { 0 };
	struct event *event = event_create(EVENT_RESULT, request->serial);
	if (answer(thread, request, event, &err)) {
		send_event(thread, event);
	} else {
		event_destroy(event);
		send_failure(thread, request->serial, &err);
	}
	mail_destroy(mail);
}

/* Before the shelf is loaded: an empty query can be shown from the index at once. */
static void serve_quickly(struct query_thread *thread, const struct request *request)
{
	struct error err = { 0 };
	struct event *event = event_create(EVENT_RESULT, request->serial);
	if (answers_quick(&thread->answers, request, event, &err))
		send_event(thread, event);
	else
		event_destroy(event); /* the whole answer, which follows, tells the reason */
	thread->load_from_ms = monotonic_ms() + HEAD_START_MS;
}

/* Others wait until as many of theirs are loaded as can be seen. True: these were shown. */
static bool serve_part(struct query_thread *thread, const struct request *request)
{
	struct error err = { 0 };
	struct event *event = event_create(EVENT_RESULT, request->serial);
	bool is_full = false;
	bool ok = answers_part(&thread->answers, request, event, &is_full, &err);
	if (ok && is_full)
		send_event(thread, event);
	else
		event_destroy(event); /* as above */
	return ok && is_full;
}

/* Looking again when there is twice as much to look at costs no more than looking once at all. */
static bool may_have_more(const struct query_thread *thread, const struct mail *mail)
{
	size_t n = shelf_n(&thread->answers.shelf);
	return n > 0 && n >= 2 * mail->n_tried && answers_has_part(&thread->answers, mail->request);
}

static void serve_all_early(struct query_thread *thread)
{
	for (size_t i = 0; i < thread->waiting.len; i++) {
		struct mail *mail = waiting_at(thread, i);
		if (mail->is_shown || mail->request->type != REQUEST_QUERY)
			continue;
		if (answers_has_quick(mail->request)) {
			mail->is_shown = true;
			serve_quickly(thread, mail->request);
		} else if (may_have_more(thread, mail)) {
			mail->n_tried = shelf_n(&thread->answers.shelf);
			mail->is_shown = serve_part(thread, mail->request);
		}
	}
}

static bool has_outdated(const struct query_thread *thread)
{
	for (size_t i = 0; i < thread->waiting.len; i++) {
		if (is_outdated(thread, waiting_at(thread, i)))
			return true;
	}
	return false;
}

/* Whoever waits gets what is being read; what has changed since is read again right afterwards. */
static bool must_refresh(const struct query_thread *thread)
{
	int64_t now_ms = monotonic_ms();
	bool is_wanted = thread->waiting.len > 0 || now_ms - thread->noted_ms >= REFRESH_MS;
	return has_changes(thread) && !answers_is_loading(&thread->answers) &&
	       (thread->changed.len <= FEW_CHANGES || has_outdated(thread) ||
		(is_wanted && now_ms - thread->refreshed_ms >= REFRESH_MS));
}

static void refresh(struct query_thread *thread)
{
	struct error err;
	thread->refreshed_ms = monotonic_ms();
	thread->n_read = thread->n_heard;
	if (!answers_refresh(&thread->answers, thread->changed.ptr, thread->changed.len,
			     thread->everything_changed, &err))
		send_failure(thread, 0, &err);
	thread->everything_changed = thread->roots_changed = thread->cannot_prepare = false;
	array_clear(&thread->changed);
	if (thread->is_behind) /* who asked asks again */
		send_event(thread, event_create(EVENT_CHANGED, 0));
	thread->is_behind = false;
}

static bool can_serve(const struct query_thread *thread, const struct mail *mail)
{
	return !needs_shelf(mail->request) ||
	       (thread->answers.is_loaded && !is_outdated(thread, mail));
}

/* What can be answered now is; what needs the shelf stays until that has been read. */
static void serve_waiting(struct query_thread *thread)
{
	for (size_t i = 0; i < thread->waiting.len;) {
		struct mail *mail = waiting_at(thread, i);
		if (!can_serve(thread, mail)) {
			i++;
			continue;
		}
		drop_waiting(thread, i);
		serve(thread, mail);
	}
}

static void load_some(struct query_thread *thread)
{
	struct error err;
	if (answers_load(&thread->answers, LOAD_SLICE, &err))
		return;
	/* What waits for the shelf fails; the next request tries again. */
	for (size_t i = 0; i < thread->waiting.len; i++) {
		send_failure(thread, waiting_at(thread, i)->request->serial, &err);
		mail_destroy(waiting_at(thread, i));
	}
	array_clear(&thread->waiting);
}

/* Another instance holds the lock: what it commits is seen by the databases' versions. */
static void watch_others(struct query_thread *thread)
{
	struct versions now = read_versions(thread), before = thread->versions;
	if (now.index == before.index && now.user == before.user)
		return;
	thread->versions = now;
	thread->everything_changed = true;
	send_event(thread, event_create(EVENT_CHANGED, 0));
}

/* All that waits was shown something, a moment ago. */
static int rest_ms(const struct query_thread *thread)
{
	for (size_t i = 0; i < thread->waiting.len; i++) {
		if (!waiting_at(thread, i)->is_shown)
			return 0;
	}
	int64_t rest =
		answers_is_loading(&thread->answers) ? 0 : thread->load_from_ms - monotonic_ms();
	return rest > 0 ? (int)rest : 0;
}

/* Whoever opens it for one command asks for nothing later. */
static bool can_prepare(const struct query_thread *thread)
{
	return thread->options.library->mode == LIBRARY_WRITE_IF_FREE &&
	       thread->answers.is_loaded && !thread->cannot_prepare &&
	       !answers_is_prepared(&thread->answers);
}

static int patience_ms(const struct query_thread *thread)
{
	if (thread->waiting.len > 0)
		return rest_ms(thread);
	if (has_changes(thread) && !answers_is_loading(&thread->answers))
		return REFRESH_MS;
	if (can_prepare(thread))
		return answers_is_preparing(&thread->answers) ? 0 : IDLE_MS;
	return thread->options.can_write ? -1 : WATCH_MS;
}

static void prepare_some(struct query_thread *thread)
{
	struct error ignored; /* whoever asks for it is told */
	thread->cannot_prepare = !answers_prepare(&thread->answers, LOAD_SLICE, &ignored);
}

static void run_once(struct query_thread *thread)
{
	/* Who waited before gets what is being read: else a busy writer would keep him for ever. */
	bool is_reading = thread->waiting.len > 0;
	bool has_mail = fetch_mail(thread, patience_ms(thread));
	if (thread->must_stop)
		return;
	if (!thread->options.can_write && !is_reading)
		watch_others(thread);
	if (must_refresh(thread))
		refresh(thread);
	if (!thread->answers.is_loaded)
		serve_all_early(thread);
	serve_waiting(thread);
	/* What still waits, waits for the shelf, and is served before a change takes that away. */
	if (thread->waiting.len > 0 && rest_ms(thread) == 0) {
		load_some(thread);
		serve_waiting(thread);
	} else if (!has_mail && can_prepare(thread)) {
		prepare_some(thread);
	}
}

static void *run(void *context)
{
	struct query_thread *thread = context;
	thread->refreshed_ms = monotonic_ms();
	while (!thread->must_stop)
		run_once(thread);
	return NULL;
}

void query_thread_start(struct query_thread *thread)
{
	if (pthread_create(&thread->thread, NULL, run, thread) != 0)
		die_oom();
	thread->is_started = true;
}

void query_thread_destroy(struct query_thread *thread)
{
	if (!thread)
		return;
	if (thread->is_started)
		pthread_join(thread->thread, NULL); /* fails only for a thread that is not ours */
	for (size_t i = 0; i < thread->waiting.len; i++)
		mail_destroy(waiting_at(thread, i));
	array_finish(&thread->waiting);
	array_finish(&thread->changed);
	answers_close(&thread->answers);
	free(thread);
}
