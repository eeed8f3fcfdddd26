// SPDX-License-Identifier: MIT
/**
 * How the list of models looks.
 */
#ifndef TUI_PANES_MODELS_PAINT_H
#define TUI_PANES_MODELS_PAINT_H

#include "tui/app/app.h"

void models_paint(const struct app *app, struct surface *area);
void models_paint_title(const struct app *app, struct surface *line);

/** The lines of the sticky range, [from, to); empty when there is none. */
void models_range(const struct app *app, size_t *from, size_t *to);

#endif
