// SPDX-License-Identifier: MIT
/**
 * The marked checkpoints beside the marked LoRAs: a column a checkpoint, a row a LoRA, a sign a pair.
 */
#ifndef TUI_SHEETS_MATRIX_H
#define TUI_SHEETS_MATRIX_H

#include "tui/app/app.h"

extern const struct pane_ops matrix_pane;

#endif
