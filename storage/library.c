// SPDX-License-Identifier: MIT
#include "storage/library.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/base/hash.h"
#include "core/base/queue.h"
#include "storage/index/fixed.h"
#include "storage/index/lock.h"
#include "storage/query_thread.h"
#include "storage/readers/readers.h"
#include "storage/user/subjects.h"
#include "storage/writer.h"

enum { REQUESTS_WAITING_MAX = 4096, EVENTS_WAITING_MAX = 4096 };

struct library {
	struct library_options options;
	struct arena arena;
	int lock_fd, holder_pid;
	struct queue *questions; /* struct mail *: to the query thread */
	struct queue *edits;     /* struct mail *: to the writer */
	struct queue *events;    /* struct event * */
	struct writer *writer;   /* NULL: the lock is somebody else's */
	struct query_thread *query;
};

static bool make_folder(const char *path, struct error *err)
{
	return mkdir(path, 0700) == 0 || errno == EEXIST ||
	       error_system(err, errno, "making %s", path);
}

/* The folders above it are made as well: on a fresh machine there is not even ~/.local/share. */
static bool make_data_dir(const char *path, struct arena *arena, struct error *err)
{
	char *part = arena_cstr(arena, str_from(path));
	struct stat state;
	if (stat(path, &state) == 0)
		return S_ISDIR(state.st_mode) ||
		       error_set(err, ERROR_USAGE, NULL, "%s: this is no folder", path);
	for (size_t i = 1; part[i]; i++) {
		if (part[i] != '/')
			continue;
		part[i] = '\0';
		bool ok = make_folder(part, err);
		part[i] = '/';
		if (!ok)
			return false;
	}
	return make_folder(path, err);
}

static bool take_lock(struct library *library, struct error *err)
{
	const struct library_options *options = &library->options;
	if (options->mode == LIBRARY_READ)
		return true;
	if (!make_data_dir(options->data_dir, &library->arena, err))
		return false;
	if (lock_take(options->data_dir, options->wait_s, &library->lock_fd, &library->holder_pid,
		      err))
		return true;
	bool is_fixed = err->code == ERROR_SYSTEM && fixed_folder(options->data_dir);
	if (is_fixed)
		library->holder_pid = LIBRARY_NOBODY;
	return options->mode == LIBRARY_WRITE_IF_FREE && (is_fixed || err->code == ERROR_LOCKED);
}

static void create_writer(struct library *library)
{
	struct writer_options options = {
		.library = &library->options,
		.inbox = library->edits,
		.events = library->events,
		.readers = library->questions,
	};
	library->writer = writer_create(&options);
}

static bool create_query(struct library *library, struct error *err)
{
	struct query_options options = {
		.library = &library->options,
		.can_write = library->writer != NULL,
		.inbox = library->questions,
		.events = library->events,
		.writer = library->edits,
	};
	return query_thread_create(&options, &library->query, err);
}

/*
 * The screen waits for the reader alone, so where both files are in order the writer opens them in
 * its own thread. Otherwise it goes first: to make them, to mend them, or to say what is wrong.
 */
static bool create_threads(struct library *library, struct error *err)
{
	if (library->lock_fd >= 0)
		create_writer(library);
	if (!library->writer ||
	    (db_is_ready(library->options.data_dir) && create_query(library, err)))
		return library->query || create_query(library, err);
	return writer_open(library->writer, err) && create_query(library, err);
}

/* Slices are the caller's only during the call; knowledge lives as long as the library. */
static const struct str *keep_texts(const struct str *texts, size_t n, struct arena *arena)
{
	struct str *kept = ARENA_NEW_N(arena, struct str, n + 1);
	for (size_t i = 0; i < n; i++)
		kept[i] = arena_str(arena, texts[i]);
	return kept;
}

static void keep_options(struct library *library, const struct library_options *options)
{
	struct arena *arena = &library->arena;
	library->options = *options;
	library->options.data_dir = arena_cstr(arena, str_from(options->data_dir));
	if (options->trash_dir)
		library->options.trash_dir = arena_cstr(arena, str_from(options->trash_dir));
	library->options.extensions = keep_texts(options->extensions, options->n_extensions, arena);
	library->options.ignore = keep_texts(options->ignore, options->n_ignore, arena);
}

bool library_open(const struct library_options *options, struct library **out, struct error *err)
{
	struct library *library = calloc(1, sizeof *library);
	if (!library)
		die_oom();
	library->lock_fd = -1;
	keep_options(library, options);
	library->questions = queue_create(REQUESTS_WAITING_MAX, false);
	library->edits = queue_create(REQUESTS_WAITING_MAX, true);
	library->events = queue_create(EVENTS_WAITING_MAX, true);
	if (!take_lock(library, err) || !create_threads(library, err)) {
		library_close(library);
		return false;
	}
	if (library->writer)
		writer_start(library->writer);
	query_thread_start(library->query);
	*out = library;
	return true;
}

static void stop(struct queue *inbox)
{
	struct mail *mail = mail_create(MAIL_STOP);
	if (!queue_send(inbox, mail))
		mail_destroy(mail);
}

static void drain_mail(struct queue *queue)
{
	struct mail *mail;
	while ((mail = queue_receive_timeout(queue, 0)))
		mail_destroy(mail);
	queue_destroy(queue);
}

void library_close(struct library *library)
{
	struct event *event;
	if (!library)
		return;
	/* Nobody receives any more: who has something to say is not to wait for room. */
	queue_close(library->events);
	if (library->query)
		stop(library->questions);
	if (library->writer)
		stop(library->edits);
	query_thread_destroy(library->query);
	writer_destroy(library->writer);
	drain_mail(library->questions);
	drain_mail(library->edits);
	while ((event = queue_receive_timeout(library->events, 0)))
		event_destroy(event);
	queue_destroy(library->events);
	lock_release(library->lock_fd);
	arena_finish(&library->arena);
	free(library);
}

bool library_can_write(const struct library *library, int *holder_pid)
{
	if (holder_pid)
		*holder_pid = library->holder_pid;
	return library->writer != NULL;
}

static void refuse(struct library *library, struct request *request)
{
	struct event *event = event_create(EVENT_FAILED, request->serial);
	if (library->options.mode == LIBRARY_READ)
		error_set(&event->as.failed, ERROR_USAGE, NULL,
			  "the library is open for reading only");
	else if (library->holder_pid == LIBRARY_NOBODY)
		error_set(&event->as.failed, ERROR_SYSTEM, NULL,
			  "the data folder cannot be written: %s", library->options.data_dir);
	else
		error_set(&event->as.failed, ERROR_LOCKED, NULL,
			  "another lorarium (pid %d) is writing: try again when it is done",
			  library->holder_pid);
	request_destroy(request);
	if (!queue_send(library->events, event))
		event_destroy(event);
}

/* Who answers, told here alone; an edit by query goes to the query thread first, which finds its models. */
static bool is_edit(const struct request *request)
{
	switch (request->type) {
	case REQUEST_TAG:
	case REQUEST_CORRECT:
	case REQUEST_ROOT_ADD:
	case REQUEST_ROOT_REMOVE:
	case REQUEST_ROOT_RELOCATE:
	case REQUEST_PURGE:
	case REQUEST_RELINK:
	case REQUEST_SCAN:
	case REQUEST_CANCEL:
	case REQUEST_PAUSE:
	case REQUEST_SET_CHANGE:
	case REQUEST_UNDO:
	case REQUEST_APPLY:
	case REQUEST_WORDS:
	case REQUEST_HASH:
	case REQUEST_RESTORE:
	case REQUEST_TAGS_RENAME:
	case REQUEST_EDIT: return true;
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
	case REQUEST_TRASHED:
	case REQUEST_PLAN:
	case REQUEST_DUPLICATES:
	case REQUEST_DUMP: break;
	}
	return false;
}

void library_send(struct library *library, struct request *request)
{
	bool edit = is_edit(request);
	if (edit && !library->writer) {
		refuse(library, request);
		return;
	}
	const struct selection *models = request_selection(request);
	bool by_query = models && models->query.ptr;
	struct mail *mail = mail_request(request);
	if (!queue_send(edit && !by_query ? library->edits : library->questions, mail))
		mail_destroy(mail);
}

struct event *library_receive(struct library *library, int timeout_ms)
{
	return queue_receive_timeout(library->events, timeout_ms);
}

int library_fd(const struct library *library)
{
	return queue_fd(library->events);
}

struct readers *library_readers_open(const struct knowledge *knowledge, struct error *err)
{
	const struct readers_options options = { .knowledge = knowledge };
	return readers_open(&options, err);
}

void library_readers_close(struct readers *readers)
{
	readers_close(readers);
}

const char *library_content(const char *path, struct arena *arena)
{
	char hex[SHA256_HEX + 1];
	char *real = realpath(path, NULL);
	bool is_hashed = real && subject_quick_hash(STR("/"), str_from(real + 1), hex);
	free(real);
	return is_hashed ? arena_cstr(arena, str_from(hex)) : NULL;
}
