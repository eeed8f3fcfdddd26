// SPDX-License-Identifier: MIT
/**
 * The models that a prompt, a picture or a workflow names, looked up in the library.
 */
#ifndef CLI_PROMPT_PICK_H
#define CLI_PROMPT_PICK_H

#include "cli/combination.h"

struct prompt_missing {
	const struct str *names;
	size_t n;
};

/**
 * @source   a file, or "-" for standard input
 * @out      a LoRA that is missing stands there as one that cannot be read
 * @missing  names that no model of the library bears, or that several do
 * @err      USAGE: nothing is named in it
 */
NODISCARD bool prompt_pick(struct cli *cli, struct str source, struct combination *out,
			   struct prompt_missing *missing, struct error *err);

#endif
