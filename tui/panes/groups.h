// SPDX-License-Identifier: MIT
/**
 * The tree of base models with their counts; one of them filters the list.
 */
#ifndef TUI_PANES_GROUPS_H
#define TUI_PANES_GROUPS_H

#include "tui/app/app.h"

extern const struct pane_ops groups_pane;

/** Takes an EVENT_GROUPS of the newest request. @return true: kept */
bool groups_take(struct app *app, struct event *event);

#endif
