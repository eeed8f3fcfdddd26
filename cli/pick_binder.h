// SPDX-License-Identifier: MIT
/**
 * Binds picked LoRAs to a picked checkpoint, wherever their tensors are found.
 */
#ifndef CLI_PICK_BINDER_H
#define CLI_PICK_BINDER_H

#include "cli/tensors.h"

struct pick_binder {
	struct tensors tensors;
	struct binder binder;
	struct arena arena;			/* for what lives as long */
};

/** A checkpoint that is damaged, none or NULL binds nothing. */
void pick_binder_open(struct pick_binder *binder, struct cli *cli, const struct picked *checkpoint);
void pick_binder_close(struct pick_binder *binder);

/** Fills in what a verdict needs of the LoRA's tensors. It lives as long as the binder. */
void pick_binder_bind(struct pick_binder *binder, const struct picked *lora, struct fit_side *side);

/** The LoRA's modules; NULL when the file is no adapter or is not to be had. */
const struct adapter *pick_binder_adapter(struct pick_binder *binder, const struct picked *lora,
					  struct arena *arena);

#endif
