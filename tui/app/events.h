// SPDX-License-Identifier: MIT
/**
 * What the library tells, into the state.
 */
#ifndef TUI_APP_EVENTS_H
#define TUI_APP_EVENTS_H

#include "tui/app/app.h"

/** Keeps or destroys the event. */
void events_take(struct app *app, struct event *event, struct effects *out);

#endif
