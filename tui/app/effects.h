// SPDX-License-Identifier: MIT
/**
 * What the application asks of the outside. update() fills them, the loop carries them out.
 */
#ifndef TUI_APP_EFFECTS_H
#define TUI_APP_EFFECTS_H

#include "storage/messages.h"
#include "tui/theme.h"

struct effects {
	struct array requests;   /* struct request *, owned until they are sent */
	struct arena arena;      /* owns `aside` */
	const struct str *aside; /* a subcommand to run while no screen is drawn */
	size_t n_aside;          /* 0: none */
	struct str ignores;      /* a folder that is to be passed by from now on; STR_NULL: none */
	bool quit;
	bool suspend;
	bool redraw; /* the screen may be garbled: draw every cell */
	bool mouse_changed, mouse_is_on;
	bool copies; /* app->copy.text into the clipboard */
	bool theme_changed;
	enum theme theme;
};

void effects_init(struct effects *effects);
/** Destroys requests that were not sent. */
void effects_finish(struct effects *effects);
void effects_send(struct effects *effects, struct request *request);

#endif
