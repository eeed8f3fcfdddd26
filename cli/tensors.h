// SPDX-License-Identifier: MIT
/**
 * The tensors of picked models: of a path that was given, from its file; of a model of the library,
 * as they were when it was scanned, so that its disk need not be there.
 */
#ifndef CLI_TENSORS_H
#define CLI_TENSORS_H

#include "cli/pick.h"
#include "core/fit/binder.h"

struct tensors {
	struct cli *cli;
	struct layouts *layouts;	/* of files */
	struct map stored;		/* of the library: its key to struct tensor_table */
};

void tensors_open(struct tensors *tensors, struct cli *cli);
void tensors_close(struct tensors *tensors);

/** The key of the model's layout; false when it is damaged or its tensors are not to be had. */
bool tensors_find(struct tensors *tensors, const struct picked *picked, struct str *key);

/** A binder_read_fn. */
bool tensors_read(void *tensors, struct str key, struct arena *arena, struct tensor_table *table);

/** What binds to that checkpoint; nothing does when it is none. For binder_finish(). */
void tensors_binder(struct tensors *tensors, const struct picked *checkpoint, struct binder *out);

#endif
