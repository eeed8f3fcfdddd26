// SPDX-License-Identifier: MIT
/**
 * A question before something is done: `y` does it, whatever else is pressed leaves all as it is.
 */
#ifndef TUI_APP_QUESTION_H
#define TUI_APP_QUESTION_H

#include "core/base/compiler.h"
#include "tui/app/effects.h"
#include "tui/app/key.h"

struct app;

struct question {
	struct bytes text;                                 /* clean */
	void (*yes)(struct app *app, struct effects *out); /* NULL: nothing is asked */
};

/** Everything given to it is clean or our own; " [y/N]" is added. */
void question_ask(struct app *app, void (*yes)(struct app *app, struct effects *out),
		  const char *format, ...) PRINTF(3, 4);
void question_key(struct app *app, struct key key, struct effects *out);

#endif
