// SPDX-License-Identifier: MIT
/**
 * `y` and a letter: something of the set or of the model under the cursor into the clipboard of the
 * terminal. What was copied is always shown too.
 */
#ifndef TUI_APP_COPY_H
#define TUI_APP_COPY_H

#include "core/sets/export.h"
#include "tui/app/effects.h"
#include "tui/app/key.h"

struct app;

enum copy_what { COPY_PATH, COPY_HASH, COPY_TRIGGERS, COPY_EXPORT };

struct copy {
	bool is_waiting; /* for the letter */
	uint32_t serial; /* of what was asked for the text; 0: nothing */
	enum copy_what what;
	enum export_format format;
	struct bytes text; /* raw: what the effect `copies` means */
	bool told_tmux;
};

void copy_finish(struct copy *copy);
void copy_begin(struct app *app);
void copy_key(struct app *app, struct key key, struct effects *out);
/** The set in that format; a1111 for an empty word. */
void copy_export(struct app *app, struct str format, struct effects *out);
/** DETAILS or COMPOSED. @return true when it was asked for here; it is not kept */
bool copy_take(struct app *app, const struct event *event, struct effects *out);

#endif
