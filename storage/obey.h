// SPDX-License-Identifier: MIT
/**
 * What a request makes the writer do: at once, as a session that its loop runs slice by slice, or when
 * what runs is over. For the writer alone.
 */
#ifndef STORAGE_OBEY_H
#define STORAGE_OBEY_H

#include <pthread.h>

#include "storage/conclusions.h"
#include "storage/edits.h"
#include "storage/file_session.h"
#include "storage/hash_session.h"
#include "storage/idle.h"
#include "storage/live/live.h"
#include "storage/mail.h"
#include "storage/scan_session.h"
#include "storage/undo_session.h"

/** So long it stands still before it looks whether it still is to. */
#define OBEY_PAUSED_MS 60000

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
	struct idle idle;
};

/** Opens it, does what it wants, destroys it; NULL is no mail. */
void obey_mail(struct writer *writer, struct mail *mail);
/** Does what it wants, or keeps it until its turn; destroys it. */
void obey_request(struct writer *writer, struct request *request);
/** What waited, as far as it can be begun now. */
void obey_next(struct writer *writer);
/** What runs ends early, or what waits is told that it does. */
void obey_cancel(struct writer *writer);
/** Is something being done to files, or read whole? */
bool obey_is_operating(const struct writer *writer);
/** The roots that are there now are the watched ones. */
void obey_watch_roots(struct writer *writer);
void obey_set_done(struct event *event, const struct edit_result *result);

#endif
