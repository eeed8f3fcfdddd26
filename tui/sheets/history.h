// SPDX-License-Identifier: MIT
/**
 * What was changed, the newest first: its steps, and taking it back from here.
 */
#ifndef TUI_SHEETS_HISTORY_H
#define TUI_SHEETS_HISTORY_H

#include "tui/app/app.h"

extern const struct pane_ops history_pane;

/** "done", "undone", "cut short", "re-linked", ...: and how it is shown. */
const char *history_state(const struct operation *operation, enum style *style);
/** "move loras/" as one text for people, clean. */
struct str history_words(const struct app *app, const struct operation *operation,
			 struct arena *arena);
/** It could not be taken back alone. @return true: it was asked whether the newer ones go as well */
bool history_take_failed(struct app *app, const struct event *event);

#endif
