// SPDX-License-Identifier: MIT
/**
 * The tensors of picked models, and what binds to one of them: of a path that was given, from its
 * file; of a model of the library, as they were when it was scanned, so that its disk need not be
 * there.
 */
#ifndef CLI_TENSORS_H
#define CLI_TENSORS_H

#include "cli/pick.h"
#include "core/fit/binder.h"

struct tensors {
	struct cli *cli;
	struct layouts *layouts; /* of files */
	struct arena arena;      /* owns the keys that follow */
	struct map stored;       /* of the library: key to the id of a model that has it */
	struct binder binder;    /* to the checkpoint */
};

/** @checkpoint  NULL, or damaged, or none: nothing binds. Must stay where it is until closed */
void tensors_open(struct tensors *tensors, struct cli *cli, const struct picked *checkpoint);
void tensors_close(struct tensors *tensors);

/** The key of the model's layout; false when it is damaged or its tensors are not to be had. */
bool tensors_find(struct tensors *tensors, const struct picked *picked, struct str *key);
/** The tensors of a layout that was found, on `arena`. A binder_read_fn. */
bool tensors_read(void *tensors, struct str key, struct arena *arena, struct tensor_table *table);

/** Adds what a LoRA's tensors tell to its side: binding and notes. They live as long as `tensors`. */
void tensors_bind(struct tensors *tensors, const struct picked *lora, struct fit_side *side);
/** The LoRA's modules, on `arena`; false when it is none or its tensors are not to be had. */
bool tensors_adapter(struct tensors *tensors, const struct picked *lora, struct arena *arena,
		     struct adapter *out);

#endif
