// SPDX-License-Identifier: MIT
/**
 * Candidates: opened, read, and looked at again whether they stayed as they were meanwhile.
 *
 * Knows no index and no walk. A broken file is a model with an error in it; so is one that ends the
 * process that reads it.
 */
#ifndef STORAGE_SCAN_PROBE_H
#define STORAGE_SCAN_PROBE_H

#include "storage/readers/reader_team.h"

#define PROBE_MODELS_MAX WIRE_MODELS_MAX /* more are not asked for at once */

/** Takes a layout as it is kept, layout_squeeze(), borrowed. */
typedef void (*probe_layout_fn)(void *context, struct str squeezed);

struct probe_options {
	const struct knowledge *knowledge; /* borrowed, as the team */
	struct reader_team *team;          /* NULL: reads in this thread */
	bool gives_facts;                  /* and layouts: model_reader_create() */
	/* Told of each layout before anybody else can read a model that only names its key; NULL:
	   without `gives_facts`. From the thread that reads. */
	probe_layout_fn layout;
	void *layout_context;
	bool reads_ahead;       /* has the disk fetch several models at a time */
	size_t descriptors_max; /* open at once, but for one model that has more */
};

/** What a probe found. */
struct probed {
	struct model model; /* borrows from `flat` and the arena */
	struct flat flat;
	struct file_state state; /* as the file was when it was read */
	bool is_there;           /* false: it was a moment ago, or all was cancelled */
	bool was_opened;
};

/** One thread's way of reading. */
struct probe;

struct probe *probe_create(const struct probe_options *options);
void probe_destroy(struct probe *probe);

/**
 * Opens, reads and identifies up to PROBE_MODELS_MAX models.
 *
 * @arena  owns what `out` points to
 */
void probe_models(struct probe *probe, const struct opened_target *targets, size_t n,
		  struct arena *arena, struct probed *out);

#endif
