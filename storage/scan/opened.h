// SPDX-License-Identifier: MIT
/**
 * A model opened to be read: descriptors and names, nothing that has to be looked up again.
 *
 * The opening half of a probe. It trusts the listing and nothing else: below a root it passes no
 * link. It reads no byte; what reads them (model_reader) needs nothing but this struct.
 */
#ifndef STORAGE_SCAN_OPENED_H
#define STORAGE_SCAN_OPENED_H

#include "core/base/folder.h"
#include "core/formats/format.h"
#include "storage/scan/candidate.h"

#define OPENED_SIDECARS_MAX 16u /* of one model: one a suffix, and the picture */
#define OPENED_FILES_MAX 192u   /* descriptors that one model may hold */

enum opened_reach {
	OPENED_BENEATH,  /* passes no link on the way from `folder_fd` */
	OPENED_ANYWHERE, /* a path that a person named: links are followed */
};

struct opened_target {
	int folder_fd; /* what the path is relative to; AT_FDCWD */
	enum opened_reach reach;
	const struct candidate *candidate; /* path, type, neighbours, state of a link */
	bool only_count;                   /* a download under way: not identified */
};

struct opened_sidecar {
	struct str name;
	struct blob blob;
	struct str why_not; /* STR_NULL: readable */
};

struct opened {
	/* What a reader sees. */
	struct str name;        /* what the model is called, raw bytes */
	struct str file_name;   /* the name that its sidecars repeat */
	struct str folder_name; /* last component of its folder; may be STR_NULL */
	bool is_partial;        /* what lies beside it says so */
	bool is_awaited;        /* what it lacks, if anything, may be on its way */
	bool only_count;
	struct note unread;  /* why no byte of it is read; code STR_NULL: they are */
	uint64_t size_bytes; /* of all its files */
	struct folder files; /* a plain model is one file */
	bool is_folder;      /* they are a folder or parts, not one file */
	struct str sha256;   /* where its place tells it; else STR_NULL */
	struct opened_sidecar sidecars[OPENED_SIDECARS_MAX];
	size_t n_sidecars; /* in the order of the suffixes; last the picture that shows it */
	/* What stays with whoever opened it. */
	struct file_state state;         /* as it was when it was opened */
	const struct file_state *states; /* the same of each file that is open */
	bool is_gone;                    /* it was there a moment ago */
	bool was_opened;
	bool has_changed; /* it is not what the walk has seen */
};

/**
 * Opens what belongs to one model. Never fails: what cannot be opened has a reason in `unread`.
 *
 * @target  its candidate is borrowed for the life of `out`
 * @arena   owns what `out` points to; the descriptors go with opened_close()
 */
void opened_open(const struct opened_target *target, struct arena *arena, struct opened *out);
void opened_close(struct opened *opened);

/** Has the disk fetch what will be read first of each of its files, and does not wait for it. */
void opened_expect(const struct opened *opened);

/** Are its files still as they were when they were opened? Asked after reading. */
bool opened_is_steady(const struct opened *opened);

/** What was in its way may be gone the next time: its state tells nobody that it is unchanged. */
void opened_ask_again(struct opened *opened);

/** It never came to rest: closes it, with E_CHANGED for the reason. */
void opened_give_up(struct opened *opened);

#endif
