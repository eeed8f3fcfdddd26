// SPDX-License-Identifier: MIT
/**
 * Walks roots and probes what is new or changed: n workers do both, whatever waits.
 *
 * Speaks no SQL: it is given what the index knows and hands out batches. Told, not guessed:
 * a folder that could not be read suspends "missing" for what lies beneath it.
 */
#ifndef STORAGE_SCAN_SCANNER_H
#define STORAGE_SCAN_SCANNER_H

#include "core/base/queue.h"
#include "storage/messages.h"
#include "storage/scan/finding.h"

struct readers;

struct scan_root {
	int64_t id;
	struct str name;
	struct str path;                /* absolute */
	struct str fingerprint;         /* as stored at the last scan; empty: none yet */
	const struct known_file *known; /* sorted by path */
	size_t n_known;
	const struct scan_part *parts; /* see scope.h; none: all of it */
	size_t n_parts;
};

/**
 * Told of each folder just before it is listed: whoever watches it from then on misses nothing.
 * Called by any thread of the scan.
 *
 * @is_inner  it lies in a pipeline and may be a component: what changes in it changes the pipeline
 */
typedef void (*scan_enter_fn)(void *context, const struct scan_root *root, struct str folder,
			      bool is_inner);

struct scanner_options {
	const struct knowledge *knowledge;
	struct readers *readers; /* borrowed; NULL: files are read in this process */
	unsigned n_workers;      /* 0: one a processor, at least 8 */
	const struct str *extensions;
	size_t n_extensions;
	const struct str *ignore;
	size_t n_ignore;
	/* Absolute paths of every root, scanned now or not: another root's folder inside one of
	   ours is not ours, and a link into any of them is not a link out. None: those scanned. */
	const struct str *roots;
	size_t n_roots;
	bool full, accept_missing;
	bool is_live;        /* tells nothing but findings, and lets what is written settle */
	scan_enter_fn enter; /* NULL: nobody watches */
	void *enter_context;
};

/** What the scanner sends: each owns its arena; freed with scan_batch_destroy. */
enum scan_batch_type {
	SCAN_LAYOUT,    /* of models in later batches */
	SCAN_FINDINGS,  /* up to 256 findings */
	SCAN_PROGRESS,  /* at most 4 a second */
	SCAN_TOLD,      /* one line for the person */
	SCAN_PUT_OFF,   /* live: something in a folder is being written: look again */
	SCAN_ROOT_DONE, /* online or not, fingerprint, whether it was read whole */
	SCAN_DONE,      /* the summary; nothing follows */
};

struct scan_batch {
	enum scan_batch_type type;
	struct arena arena;
	struct str layout; /* layout_squeeze() */
	const struct finding *findings;
	size_t n_findings;
	struct {
		uint64_t seen, total_guess, read;
		struct str root;
	} progress;
	struct str told;
	struct {
		int64_t root_id;
		struct str folder;
	} put_off;
	struct {
		int64_t root_id;
		bool is_online, is_whole, has_events;
		struct str fingerprint;
	} root;
	struct scan_summary summary;
};

void scan_batch_destroy(struct scan_batch *batch);

struct scanner;

/**
 * Starts scanning; returns at once.
 * @roots  with everything they point to: borrowed until scanner_destroy
 * @out    batches (struct scan_batch *) go there; the queue outlives the scanner
 */
struct scanner *scanner_start(const struct scanner_options *options, const struct scan_root *roots,
			      size_t n_roots, struct queue *out);
/** Asks it to stop between two files; SCAN_DONE still comes, with `cancelled`. */
void scanner_cancel(struct scanner *scanner);
/** Joins its threads: after SCAN_DONE. */
void scanner_destroy(struct scanner *scanner);

#endif
