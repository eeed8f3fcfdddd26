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
/** Takes back, or makes again, one by its id, or the last n (id 0). */
void history_revert(struct app *app, enum operation_way way, int64_t id, unsigned n,
		    struct effects *out);
/** Asks the library what `u` would take back, to ask the person whether it is meant. */
void history_ask_newest(struct app *app, struct effects *out);
/** The answer to that. */
void history_take_newest(struct app *app, const struct event *event);
/** It could not be taken back alone. @return true: it was asked whether the newer ones go as well */
bool history_take_failed(struct app *app, const struct event *event);

#endif
