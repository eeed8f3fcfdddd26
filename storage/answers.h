// SPDX-License-Identifier: MIT
/**
 * What the query thread knows and how it answers each request: one function a question, no queues.
 */
#ifndef STORAGE_ANSWERS_H
#define STORAGE_ANSWERS_H

#include "storage/index/search.h"
#include "storage/library.h"

struct answers {
	const struct library_options *options; /* borrowed */
	struct db *db;                         /* index.db, with user.db attached */
	struct arena roots_arena;
	struct roots roots;
	struct classes classes;
	struct shelf shelf;
	struct fittings *fittings;
	struct row_reader reader;
	struct search search;
	bool is_loaded; /* the shelf is whole */
};

/** Fails when a database cannot be opened for reading. */
NODISCARD bool answers_open(struct answers *answers, const struct library_options *options,
			    struct error *err);
void answers_close(struct answers *answers);

/** False when a layout could not be read: verdicts that were given since the last call lack it. */
NODISCARD bool answers_is_whole(struct answers *answers, struct error *err);
/** The slots that match, on `arena`; false with a mistake, or with `err`. */
NODISCARD bool answers_match(struct answers *answers, struct str text, struct arena *arena,
			     struct bitmap *slots, struct query_mistake *mistake,
			     struct error *err);

/** Reads up to n models more into the shelf; sets `is_loaded` when that was all. */
NODISCARD bool answers_load(struct answers *answers, size_t n, struct error *err);
/** Reads again what has changed; everything starts the loading anew. */
NODISCARD bool answers_refresh(struct answers *answers, const uint32_t *ids, size_t n_ids,
			       bool everything, struct error *err);

bool answers_is_loading(const struct answers *answers);
/** What numbers and paths are compared with, beside the shelf: is it read? Is it being read? */
bool answers_is_prepared(const struct answers *answers);
bool answers_is_preparing(const struct answers *answers);
/** Reads up to n models more of it. The shelf must be loaded. */
NODISCARD bool answers_prepare(struct answers *answers, size_t n, struct error *err);

/** Can a first RESULT be given before the shelf is loaded? */
bool answers_has_quick(const struct request *request);
/** The first rows and the totals, straight from the index; `ids` stay NULL. */
NODISCARD bool answers_quick(struct answers *answers, const struct request *request,
			     struct event *event, struct error *err);

/** Can its first rows be found while the shelf is being loaded? In the order of names they can. */
bool answers_has_part(const struct answers *answers, const struct request *request);
/**
 * The first rows among what was loaded so far, with how many match there; `ids` stay NULL.
 * @is_full  they fill the window, so that nobody sees that it is a part
 */
NODISCARD bool answers_part(struct answers *answers, const struct request *request,
			    struct event *event, bool *is_full, struct error *err);

/** These fill `event`; what it points to lies in its arena. The shelf must be loaded. */
NODISCARD bool answers_query(struct answers *answers, const struct request *request,
			     struct event *event, struct error *err);
NODISCARD bool answers_groups(struct answers *answers, const struct request *request,
			      struct event *event, struct error *err);
/** The part of it that tells verdict by verdict. */
NODISCARD bool answers_cells(struct answers *answers, const struct request *request,
			     struct event *event, struct error *err);
NODISCARD bool answers_matrix(struct answers *answers, const struct request *request,
			      struct event *event, struct error *err);
/** The ids that a query means, for an edit. @err USAGE for a mistake, with its column */
NODISCARD bool answers_select(struct answers *answers, struct str query, struct arena *arena,
			      const uint32_t **ids, size_t *n_ids, struct error *err);

/** How other programs call a model of the index, and who else is called so. On `arena`. */
void answers_name(struct answers *answers, const struct model *model, const struct entry *entry,
		  struct arena *arena, struct export_model *out);

/** These need no shelf. */
NODISCARD bool answers_rows(struct answers *answers, const struct request *request,
			    struct event *event, struct error *err);
NODISCARD bool answers_details(struct answers *answers, const struct request *request,
			       struct event *event, struct error *err);
NODISCARD bool answers_tags(struct answers *answers, struct event *event, struct error *err);
NODISCARD bool answers_roots(struct answers *answers, struct event *event, struct error *err);
NODISCARD bool answers_sets(struct answers *answers, struct event *event, struct error *err);
/** Everything people made, as storage/user/dump writes it. */
NODISCARD bool answers_dump(struct answers *answers, struct event *event, struct error *err);
/** Contents that are there more than once, by what is stored of hashes. A QUERY needs the shelf. */
NODISCARD bool answers_duplicates(struct answers *answers, const struct request *request,
				  struct event *event, struct error *err);
/** A plan of what would be done to files: looks at the disk. The shelf must be loaded. */
NODISCARD bool answers_plan(struct answers *answers, const struct request *request,
			    struct event *event, struct error *err);
/** Models that may have moved, on `arena`: hashes the ends of files that may be them. */
NODISCARD bool answers_strays(struct answers *answers, struct arena *arena,
			      const struct stray_model **strays, size_t *n, struct error *err);
/** What came out of the roots, or was put there by us, and lies in a trash. Looks at the disk. */
NODISCARD bool answers_trashed(struct answers *answers, struct event *event, struct error *err);
/** The plan that brings back what lies under these paths, on `arena`. @err CHANGED: it does not any more */
NODISCARD bool answers_restore(struct answers *answers, const struct str *paths, size_t n_paths,
			       struct arena *arena, struct plan *plan, struct error *err);
NODISCARD bool answers_history(struct answers *answers, const struct request *request,
			       struct event *event, struct error *err);
NODISCARD bool answers_compose(struct answers *answers, const struct request *request,
			       struct event *event, struct error *err);
NODISCARD bool answers_find(struct answers *answers, const struct request *request,
			    struct event *event, struct error *err);
NODISCARD bool answers_layout(struct answers *answers, const struct request *request,
			      struct event *event, struct error *err);
NODISCARD bool answers_fits(struct answers *answers, const struct request *request,
			    struct event *event, struct error *err);

/** Adds the fit to details that were found, which are those of an adapter. */
NODISCARD bool answers_fit_details(struct answers *answers, const struct fitting *checkpoint,
				   struct event *event, struct error *err);
/** The fit of an adapter of that layout (0: none), with all that it points to on `arena`. */
void answers_fit_pair(struct answers *answers, const struct fitting *checkpoint,
		      const struct fit_side *lora, int64_t layout_id, struct arena *arena,
		      struct fit *out);

#endif
