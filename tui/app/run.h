// SPDX-License-Identifier: MIT
/**
 * What was typed at `:`: a command of the screen, or a subcommand of the command line, for which
 * the screen steps aside.
 */
#ifndef TUI_APP_RUN_H
#define TUI_APP_RUN_H

#include "tui/app/app.h"

void run_text(struct app *app, struct str text, struct effects *out);
/** The second word of the i-th subcommand that begins with `first`: "list" of "root". STR_NULL behind the last. */
struct str run_second_word(const struct app *app, struct str first, size_t i);
/** The i-th word that a line can begin with; NULL behind the last one. */
const char *run_candidate(const struct app *app, size_t i);

#endif
