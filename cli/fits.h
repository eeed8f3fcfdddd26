// SPDX-License-Identifier: MIT
/**
 * How one model stands with many of the library: a checkpoint with LoRAs, or a LoRA with
 * checkpoints. The library judges; a file that was named is told to it with its tensors.
 */
#ifndef CLI_FITS_H
#define CLI_FITS_H

#include "cli/tensors.h"

struct fits {
	struct cli *cli;
	struct tensors tensors;
	struct picked one;
	bool is_lora;      /* the one is: the others are checkpoints */
	struct str layout; /* of a file; STR_NULL: its tensors are not to be had */
};

/** Opens the library and picks the one; `fits` stays where it is until closed. @err  as pick_model */
NODISCARD bool fits_open(struct fits *fits, struct cli *cli, struct str one, bool is_lora,
			 struct error *err);
/** Accepts a zeroed one. */
void fits_close(struct fits *fits);

/** Told of each other model in turn, those that are gone left out. The line dies after the call. */
typedef void (*fits_line_fn)(void *context, const struct fit_line *line);

/** @is_brief  verdicts without reasons, paths and names */
NODISCARD bool fits_each(struct fits *fits, const uint32_t *ids, size_t n, bool is_brief,
			 fits_line_fn take, void *context, struct error *err);

#endif
