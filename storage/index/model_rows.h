// SPDX-License-Identifier: MIT
/**
 * Rows of the list and the whole of one model, as the query thread reads them.
 *
 * The connection has user.db attached.
 */
#ifndef STORAGE_INDEX_MODEL_ROWS_H
#define STORAGE_INDEX_MODEL_ROWS_H

#include "storage/index/fitting.h"
#include "storage/messages.h"
#include "storage/user/roots.h"

/** What reading a row needs; all borrowed. */
struct row_reader {
	struct db *db;
	struct classes *classes;
	const struct roots *roots;
	const struct knowledge *knowledge;
	struct fittings *fittings;
	struct readers *readers; /* for files outside the index; NULL: the program reads them */
};

/**
 * The first rows by name, from one index alone. Missing models are left out.
 * @checkpoint  for verdicts, here and below; NULL: none
 */
NODISCARD bool model_rows_first(const struct row_reader *reader, size_t n,
				const struct fitting *checkpoint, struct arena *arena,
				const struct row **rows, size_t *n_rows, struct error *err);
/** Rows of these ids in this order; an id that is gone gets a row with id 0. */
NODISCARD bool model_rows_read(const struct row_reader *reader, const uint32_t *ids, size_t n,
			       const struct fitting *checkpoint, struct arena *arena,
			       const struct row **rows, struct error *err);

/** The absolute path of what lies there below a root. */
struct str model_rows_path(const struct row_reader *reader, int64_t root_id, struct str path,
			   struct arena *arena);

/** What a plan asks of a model: little, since it asks it of many. */
struct model_brief {
	struct str path, root; /* absolute; the name of its root */
	struct str name;
	const struct class *class; /* as it was corrected; borrowed from the reader */
	uint32_t rank_max;
	int64_t modified_s;
};
/** False without error when there is no such model. */
NODISCARD bool model_rows_read_brief(const struct row_reader *reader, uint32_t id,
				     struct arena *arena, struct model_brief *out,
				     struct error *err);

/** All that is known about one. False without error when there is no such model. */
NODISCARD bool model_rows_read_details(const struct row_reader *reader, uint32_t id,
				       struct arena *arena, struct model *model,
				       struct entry *entry, struct error *err);

struct found {
	const uint32_t *ids;
	const struct str *paths;
	size_t n;
};
/** What a MODEL argument means: "#ID", a path, the exact file name, the exact stem. */
NODISCARD bool model_rows_find(const struct row_reader *reader, struct str text,
			       struct arena *arena, struct found *found, struct error *err);

/** The LoRAs that have that alias. */
NODISCARD bool model_rows_find_alias(const struct row_reader *reader, struct str alias,
				     struct arena *arena, struct found *found, struct error *err);

#endif
