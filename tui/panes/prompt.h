// SPDX-License-Identifier: MIT
/**
 * The line at the bottom where text is typed: `/` filter, `:` command, `t` tags, `i` correction, `s` sets.
 */
#ifndef TUI_PANES_PROMPT_H
#define TUI_PANES_PROMPT_H

#include "tui/app/app.h"

void prompt_open(struct app *app, enum prompt_kind kind);
/** With a text to begin with. */
void prompt_open_with(struct app *app, enum prompt_kind kind, struct str text);
void prompt_key(struct app *app, struct key key, struct effects *out);
/** Pasted text goes into an open prompt and nowhere else: it is never taken for keys. */
void prompt_paste(struct app *app, struct str text, struct effects *out);
/** Two lines: what is typed, and below it the mistake or what may be typed. */
void prompt_paint(const struct app *app, struct surface *area);

#endif
