// SPDX-License-Identifier: MIT
/**
 * The lines around the panes: header, banner, status with its hints.
 */
#ifndef TUI_PANES_BARS_H
#define TUI_PANES_BARS_H

#include "tui/app/app.h"

void bars_header(const struct app *app, struct surface *line);
void bars_banner(const struct app *app, struct surface *line);
void bars_status(const struct app *app, struct surface *line);
/** A message that is longer than its line, over as many of the last lines of `above` as it takes. */
void bars_long_message(const struct app *app, struct surface *above);

#endif
