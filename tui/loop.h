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
#include "tui/tui.h"

/**
 * Runs until the application quits or a signal ends it. All are borrowed.
 * @return  false with `err` when a subcommand ran and the library could not be opened again
 */
NODISCARD bool loop_run(struct app *app, struct term *term, struct library *library,
			const struct tui_options *options, struct error *err);

#endif
