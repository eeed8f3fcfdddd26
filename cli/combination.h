// SPDX-License-Identifier: MIT
/**
 * A checkpoint, its LoRAs with their weights, and the verdict of all of them: what `check` and the
 * commands of sets print.
 */
#ifndef CLI_COMBINATION_H
#define CLI_COMBINATION_H

#include "cli/tensors.h"
#include "core/sets/set.h"

struct combination {
	bool has_checkpoint;
	struct picked checkpoint;
	struct picked_lora *loras;
	size_t n;          /* filled by the caller */
	struct fit *pairs; /* of each LoRA */
	struct fit set;
	struct arena arena;     /* owns the verdicts */
	struct tensors tensors; /* and what they tell of */
};

/**
 * Fills `pairs` and `set`. Without a checkpoint nothing can be told of the pairs.
 * @all  stays where it is until it is finished
 */
void combination_judge(struct cli *cli, struct combination *all);
/** After what was judged is printed. */
void combination_finish(struct combination *all);

#endif
