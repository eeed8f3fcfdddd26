// SPDX-License-Identifier: MIT
/**
 * The requests that the application makes, and when.
 */
#ifndef TUI_APP_ASK_H
#define TUI_APP_ASK_H

#include "tui/app/app.h"

/** The list as it is wished for now, and the chosen checkpoint's verdicts, counted. `is_same`: the wishes are as before, only the library changed. */
void ask_models(struct app *app, bool is_same, struct effects *out);
/** The same list, with the verdicts of a checkpoint that was just chosen. */
void ask_verdicts(struct app *app, struct effects *out);
/** Rows that the window needs, or will need a page further, and that are not here. */
void ask_rows(struct app *app, struct effects *out);
/** Details of the model under the cursor, if they are shown and another's. */
void ask_details(struct app *app, struct effects *out);
void ask_groups(struct app *app, struct effects *out);
void ask_roots(struct app *app, struct effects *out);
void ask_scan(struct app *app, struct str mode, struct effects *out);

/** A request with the next serial, to be filled and sent by the caller. */
struct request *ask_new(struct app *app, enum request_type type);

#endif
