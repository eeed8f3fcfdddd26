// SPDX-License-Identifier: MIT
/**
 * What lies in the trash and came from the roots, the newest first, and the plan that brings it back.
 */
#ifndef TUI_SHEETS_TRASH_H
#define TUI_SHEETS_TRASH_H

#include "tui/app/app.h"

extern const struct pane_ops trash_pane;

/** Nothing is marked. */
void trash_init(struct app *app);
/** Opens the page; nothing is marked. */
void trash_open_page(struct app *app, struct effects *out);

#endif
