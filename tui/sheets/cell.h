// SPDX-License-Identifier: MIT
/**
 * One cell of the matrix: why a LoRA fits a checkpoint or does not, and what helps.
 */
#ifndef TUI_SHEETS_CELL_H
#define TUI_SHEETS_CELL_H

#include "tui/app/app.h"

extern const struct pane_ops cell_pane;

/** @checkpoint_name  raw; copied */
void cell_open(struct app *app, uint32_t lora, uint32_t checkpoint, struct str checkpoint_name,
	       struct effects *out);
/** Keeps an answer to it. @return false: it is none */
bool cell_take(struct app *app, struct event *event);

#endif
