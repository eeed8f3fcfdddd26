// SPDX-License-Identifier: MIT
/**
 * The set being composed: one line, the tray, on every screen; all of it, the dock, on large ones.
 */
#ifndef TUI_PANES_DOCK_H
#define TUI_PANES_DOCK_H

#include "tui/app/app.h"

void dock_tray(const struct app *app, struct surface *line);
void dock_paint(const struct app *app, struct surface *area);

#endif
