// SPDX-License-Identifier: MIT
/**
 * What happens, to what is: the only way in which the state changes.
 */
#ifndef TUI_APP_UPDATE_H
#define TUI_APP_UPDATE_H

#include "tui/app/app.h"

/**
 * Pure: no clock, no terminal, no library. What must happen outside comes back in `out`.
 *
 * An event in `msg` is given away.
 */
void update(struct app *app, const struct msg *msg, struct effects *out);

/** When a MSG_TIMER is wished for, on the clock of `now_ms`; -1: never. */
int64_t update_deadline(const struct app *app);

#endif
