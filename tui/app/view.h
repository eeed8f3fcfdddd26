// SPDX-License-Identifier: MIT
/**
 * State in, cells out.
 */
#ifndef TUI_APP_VIEW_H
#define TUI_APP_VIEW_H

#include "tui/app/app.h"

/** Draws the whole frame into `grid`, which has the size that the app was told. */
void view(const struct app *app, struct grid *grid);

#endif
