// SPDX-License-Identifier: MIT
/**
 * Binds LoRAs to one checkpoint: the checkpoint's names are read once, each layout of LoRAs is
 * bound once.
 */
#ifndef CLI_BINDER_H
#define CLI_BINDER_H

#include "cli/pick.h"

struct binder {
	struct cli *cli;
	struct layouts *layouts;
	struct arena arena;			/* owns the names and the bindings */
	struct map by_layout;			/* its key to struct binding */
	const struct module_names *checkpoint;	/* NULL: its tensors are not to be had */
};

/** A checkpoint that is damaged, offline, none or NULL binds nothing. */
void binder_open(struct binder *binder, struct cli *cli, const struct picked *checkpoint);
void binder_close(struct binder *binder);

/** NULL when it cannot be told. Lives as long as the binder. */
const struct binding *binder_bind(struct binder *binder, const struct picked *lora);

/** The LoRA's modules; NULL when the file is no adapter or is not to be had. */
const struct adapter *binder_adapter(struct binder *binder, const struct picked *lora,
				     struct arena *arena);

#endif
