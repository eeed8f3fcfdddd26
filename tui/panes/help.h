// SPDX-License-Identifier: MIT
/**
 * The keys that are valid in the pane from which help was asked, from the command table.
 */
#ifndef TUI_PANES_HELP_H
#define TUI_PANES_HELP_H

#include "tui/app/app.h"

extern const struct pane_ops help_pane;

void help_open(struct app *app);

#endif
