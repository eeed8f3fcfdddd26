// SPDX-License-Identifier: MIT
/**
 * The folders that the system watches for us: the only module that knows inotify.
 *
 * Adding is for any thread; all else is for one.
 */
#ifndef STORAGE_LIVE_WATCHES_H
#define STORAGE_LIVE_WATCHES_H

#include "core/base/error.h"
#include "core/base/str.h"

struct watches;

/** @err  SYSTEM: the system has no room for another watcher, or knows no inotify */
NODISCARD bool watches_open(struct watches **out, struct error *err);
/** Accepts NULL. */
void watches_close(struct watches *watches);
/** For poll(): readable when something has changed. */
int watches_fd(const struct watches *watches);

/** A folder of a root. */
struct watched {
	int64_t root_id;
	struct str root_path; /* absolute */
	struct str folder;    /* relative to it; "" is the root itself */
	bool is_inner;        /* what changes in it changes the folder above */
};

/** Watches a folder; once watched it only learns where it is now. Failure is kept, see below. */
void watches_add(struct watches *watches, const struct watched *folder);
/** Why the system refused to watch a folder, as errno; 0: it never did. */
int watches_refusal(struct watches *watches);
size_t watches_count(struct watches *watches);

/** No longer watches a folder and what lies below it; "" is all of the root. */
void watches_drop(struct watches *watches, int64_t root_id, struct str folder);

/** Who is told; everything passed is borrowed for the call. */
struct watches_sink {
	void *context;
	/** Something in a folder is another; `is_deep`: that may be said of all below it as well. */
	void (*changed)(void *context, int64_t root_id, struct str folder, bool is_deep);
	/** More happened than could be told. */
	void (*lost)(void *context);
};

/** Reads what has happened, without waiting. */
void watches_read(struct watches *watches, const struct watches_sink *sink);
/** The same of events that were read before: as the system gives them, and checked as if it did not. */
void watches_take(struct watches *watches, const char *events, size_t len,
		  const struct watches_sink *sink);

#endif
