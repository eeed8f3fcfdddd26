// SPDX-License-Identifier: MIT
/**
 * The terms of a query, each as a set of slots.
 *
 * Words are searched in the shelf's text, closed facets are decided once a class, everything
 * else asks the index.
 */
#ifndef STORAGE_INDEX_TERMS_H
#define STORAGE_INDEX_TERMS_H

#include "core/query/query.h"
#include "storage/index/cohorts.h"
#include "storage/index/columns.h"
#include "storage/index/shelf.h"
#include "storage/index/model_rows.h"
#include "storage/index/term_memory.h"

/** One evaluation; all borrowed. */
struct term_run {
	const struct row_reader *reader;
	const struct shelf *shelf;
	struct term_memory *memory;
	struct columns *columns;
	struct cohorts *cohorts;
	struct arena *arena;           /* what is returned lives there */
	struct query_mistake *mistake; /* out: a fit:CHECKPOINT that is no one model */
	struct error *err;             /* out */
	bool has_read;                 /* out: a file, which may change without the library */
};

struct bitmap term_eval(struct term_run *run, const struct query_node *leaf);
/** The adapters whose verdict with the checkpoint the filter lets through. */
struct bitmap term_fit(struct term_run *run, const struct fitting *checkpoint,
		       enum fit_filter filter);
/** The live slots that are not among these. */
struct bitmap term_invert(struct term_run *run, const struct bitmap *slots);

#endif
