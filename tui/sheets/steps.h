// SPDX-License-Identifier: MIT
/**
 * What an operation of the history did to files: old -> new, step by step.
 */
#ifndef TUI_SHEETS_STEPS_H
#define TUI_SHEETS_STEPS_H

#include "tui/app/app.h"

extern const struct pane_ops steps_pane;

#endif
