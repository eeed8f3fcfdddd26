// SPDX-License-Identifier: MIT
/**
 * The list of models: one line a model, the window of a result that may hold a million.
 */
#ifndef TUI_PANES_MODELS_H
#define TUI_PANES_MODELS_H

#include "tui/app/app.h"

extern const struct pane_ops models_pane;

/** Takes an EVENT_RESULT of the newest query. @return true: kept */
bool models_take_result(struct app *app, struct event *event, struct effects *out);
/** The row under the cursor; NULL while it is not here. */
const struct row *models_row(const struct app *app);
/** Chooses the model under the cursor as the checkpoint in force, or lets go of it. */
void models_choose(struct app *app, struct effects *out);
/** A sticky range becomes marks. */
void models_end_range(struct app *app);
/** Moves the cursor, whoever has the focus. @return true when `command` is one that moves */
bool models_move(struct app *app, enum command command, struct effects *out);
/** Largest or newest first, where that is what one looks for. */
bool models_sort_descends(enum sort_key key);

#endif
