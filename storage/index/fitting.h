// SPDX-License-Identifier: MIT
/**
 * What fits a checkpoint: bindings once a pair of layouts, verdicts from what a class says. The one
 * place where verdicts of indexed models are made; no file of a model is opened.
 *
 * Bindings are kept while the program runs, so under the knowledge that it runs with.
 */
#ifndef STORAGE_INDEX_FITTING_H
#define STORAGE_INDEX_FITTING_H

#include "core/fit/binder.h"
#include "storage/index/class.h"

/** A model as far as a verdict needs it. */
struct party {
	struct fit_side side;
	int64_t layout_id, root_id;
	struct str path;
};

struct fittings;

struct fittings *fittings_create(struct db *db, struct classes *classes,
				 const struct knowledge *knowledge);
void fittings_destroy(struct fittings *fittings);
/** Layouts went, and others may get their numbers. */
void fittings_forget(struct fittings *fittings);
/** Did reading a layout fail since the last call? Then what was judged meanwhile lacks its binding. */
bool fittings_failed(struct fittings *fittings, struct error *err);

/** A checkpoint that verdicts are asked of. */
struct fitting {
	struct fittings *fittings;
	struct fit_side side;  /* of the checkpoint */
	struct binder *binder; /* NULL: nothing binds to it */
};

/** The layout of a model; 0: its tensors were not kept, or it has none. */
int64_t fittings_layout(struct fittings *fittings, uint32_t id);
/** False without error when there is no such model. @arena  owns name and path */
NODISCARD bool fittings_party(struct fittings *fittings, uint32_t id, struct arena *arena,
			      struct party *out, struct error *err);

/** @out  until some dozens of others were asked for, or layouts are forgotten */
void fittings_of(struct fittings *fittings, const struct party *checkpoint, struct fitting *out);
/** The same by its id. False without error when there is no such model. */
NODISCARD bool fittings_find(struct fittings *fittings, uint32_t id, struct arena *arena,
			     struct fitting *out, struct error *err);

/**
 * A checkpoint that is not in the index.
 * @table  NULL: its tensors are not to be had; borrowed as long as the fitting is used
 * @out    until the next one
 */
void fittings_foreign(struct fittings *fittings, const struct fit_side *side,
		      const struct tensor_table *table, struct fitting *out);

/** Adds what its layout tells of an adapter: binding and notes. They live as long as the fitting. */
void fitting_bind(const struct fitting *fitting, int64_t layout_id, struct fit_side *lora);
/** The same of an adapter that is not in the index. @arena  owns both */
void fitting_bind_foreign(const struct fitting *fitting, const struct tensor_table *table,
			  struct arena *arena, struct fit_side *lora);

/** The verdict on every adapter of that class and layout. @lora  class_side() of it */
enum verdict fitting_verdict(const struct fitting *fitting, const struct fit_side *lora,
			     int64_t layout_id);

#endif
