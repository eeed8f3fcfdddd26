// SPDX-License-Identifier: MIT
/**
 * What runs, how far it is, and stopping it or letting it stand still.
 */
#ifndef TUI_SHEETS_JOBS_H
#define TUI_SHEETS_JOBS_H

#include "tui/app/app.h"

extern const struct pane_ops jobs_pane;

/** Asks whether what runs is to be stopped; on the page, what is under the cursor. */
void jobs_ask_stop(struct app *app);

#endif
