// SPDX-License-Identifier: MIT
/**
 * What would be done to files, step by step: Enter does it, Esc leaves.
 */
#ifndef TUI_PANES_PLAN_H
#define TUI_PANES_PLAN_H

#include "tui/app/app.h"

extern const struct pane_ops plan_pane;

void plan_open(struct app *app);
/** Back to the list; nothing was done. */
void plan_close(struct app *app);

#endif
