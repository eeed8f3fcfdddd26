// SPDX-License-Identifier: MIT
/**
 * A folder that is to be passed by from now on: which one, how many models it hides, and then a question.
 */
#ifndef TUI_APP_IGNORE_H
#define TUI_APP_IGNORE_H

#include "tui/app/effects.h"
#include "tui/app/msg.h"

struct app;

struct ignoring {
	uint32_t serial; /* of what was asked for last: its path, the roots, how many; 0: nothing */
	struct bytes folder; /* absolute, raw */
};

/** @folder  absolute; STR_NULL: that of the model under the cursor */
void ignore_begin(struct app *app, struct str folder, struct effects *out);
/** @return true: it was an answer to that, and is destroyed */
bool ignore_take(struct app *app, struct event *event, struct effects *out);
/** It was done, or not: is told, and looked for. */
void ignore_end(struct app *app, const struct msg *msg, struct effects *out);

#endif
