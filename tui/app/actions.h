// SPDX-License-Identifier: MIT
/**
 * Carries out commands, however they were given: by a key or by name with an argument.
 */
#ifndef TUI_APP_ACTIONS_H
#define TUI_APP_ACTIONS_H

#include "tui/app/app.h"

/**
 * @argument  raw, trimmed; STR_NULL when a key was pressed
 */
void actions_run(struct app *app, enum command command, struct str argument, struct effects *out);

/** Sets the filter to `query` and asks for the list. */
void actions_filter(struct app *app, struct str query, struct effects *out);

#endif
