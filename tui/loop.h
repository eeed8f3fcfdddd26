// SPDX-License-Identifier: MIT
/**
 * One poll on terminal, library, signals and timer: drain everything, update, carry out the
 * effects, paint once.
 */
#ifndef TUI_LOOP_H
#define TUI_LOOP_H

#include "storage/library.h"
#include "tui/app/app.h"
#include "tui/term/term.h"

/** Runs until the application quits or a signal ends it. All are borrowed. */
void loop_run(struct app *app, struct term *term, struct library *library);

#endif
