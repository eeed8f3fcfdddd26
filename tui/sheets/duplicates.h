// SPDX-License-Identifier: MIT
/**
 * Files of the same content: what could be freed, which of them is to stay, and the plan of it.
 */
#ifndef TUI_SHEETS_DUPLICATES_H
#define TUI_SHEETS_DUPLICATES_H

#include "tui/app/app.h"

extern const struct pane_ops duplicates_pane;

/** Opens the page with what is known, and has read what may be there twice. */
void duplicates_open(struct app *app, struct effects *out);
/** Asks for the plan: by rules, "tagged,oldest"; " link" behind them keeps the names. Marks go first. */
void duplicates_plan(struct app *app, struct str rules, struct effects *out);

#endif
