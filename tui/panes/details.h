// SPDX-License-Identifier: MIT
/**
 * All that is known about the model under the cursor, and why.
 */
#ifndef TUI_PANES_DETAILS_H
#define TUI_PANES_DETAILS_H

#include "tui/app/app.h"

extern const struct pane_ops details_pane;

/** Takes an EVENT_DETAILS of the newest request. @return true: kept */
bool details_take(struct app *app, struct event *event);

#endif
