// SPDX-License-Identifier: MIT
/**
 * `fit --matrix`: how the LoRAs of a library stand with each of its checkpoints, counted.
 */
#ifndef CLI_MATRIX_H
#define CLI_MATRIX_H

#include "cli/cli.h"

/** @query  narrows LoRAs and checkpoints; a side of which it finds none is taken whole */
enum exit_status matrix_run(struct cli *cli, struct str query);

#endif
