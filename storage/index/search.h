// SPDX-License-Identifier: MIT
/**
 * Evaluates a query tree over the shelf, and puts what matches in order.
 *
 * What a term gave is kept until the library changes, so that typing on costs one term; a longer
 * word only looks where the shorter one was.
 */
#ifndef STORAGE_INDEX_SEARCH_H
#define STORAGE_INDEX_SEARCH_H

#include "storage/index/terms.h"

struct search {
	const struct row_reader *reader; /* borrowed */
	const struct shelf *shelf;       /* borrowed */
	struct term_memory *memory;
	struct columns columns;
	struct cohorts cohorts;
	struct array order;      /* uint32_t: slots by `order_key` */
	enum sort_key order_key; /* SORT_COUNT: none */
};

void search_init(struct search *search, const struct row_reader *reader, const struct shelf *shelf);
void search_finish(struct search *search);
/** The shelf is another: nothing that was made of it holds any more. */
void search_forget(struct search *search);
/** After shelf_update: these models have changed. */
NODISCARD bool search_update(struct search *search, const uint32_t *ids, size_t n_ids,
			     struct error *err);

/** Does it compare numbers or paths? */
bool search_needs_columns(const struct query_node *tree);

/**
 * The slots that match.
 *
 * Missing models are left out unless the query asks for is:missing or is:offline.
 * @tree     from query_parse
 * @mistake  a fit:CHECKPOINT that names no model, or several
 * @return   on `arena`; false with `err`, or with a mistake
 */
NODISCARD bool search_run(struct search *search, const struct query_node *tree, struct arena *arena,
			  struct bitmap *out, struct query_mistake *mistake, struct error *err);

/**
 * Leaves only the adapters that the checkpoint's verdicts let through. ALL leaves everything.
 * @checkpoint  NULL: none is chosen, everything is left
 */
NODISCARD bool search_filter(struct search *search, const struct fitting *checkpoint,
			     enum fit_filter filter, struct bitmap *slots, struct error *err);

/** By cohort, how many of the slots. On `arena`; the cohorts are read then. */
NODISCARD bool search_cohorts(struct search *search, const struct bitmap *slots,
			      struct arena *arena, const uint64_t **counts, struct error *err);

/** Their ids in order. */
NODISCARD bool search_ids(struct search *search, const struct bitmap *slots, enum sort_key sort,
			  bool descending, struct arena *arena, const uint32_t **ids, size_t *n_ids,
			  struct error *err);

#endif
