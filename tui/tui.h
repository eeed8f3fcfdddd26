// SPDX-License-Identifier: MIT
/**
 * The terminal UI: one call, from the first paint to the restored terminal.
 */
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include "config/settings.h"
#include "core/knowledge/knowledge.h"
#include "storage/library.h"

struct tui_options {
	bool ascii;		/* --ascii: no byte above 0x7E is drawn, whatever the locale says */
	bool no_color;		/* --no-color or NO_COLOR */
	const char *theme;	/* wins over settings; NULL: settings decide */
	bool scan_at_start;	/* after the first paint, when the library can write */
	const char *message;	/* told in the status line until the first key; or NULL */
};

/**
 * Draws the library until the person quits or a signal ends it; the terminal is as before then.
 *
 * Sets the locale of the process (LC_CTYPE). Takes SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM
 * and SIGHUP while it runs and gives them back.
 *
 * @library   borrowed; may be read-only: then a banner says who holds the lock
 * @settings  borrowed; theme, ascii, mouse, sort and the [keys] section
 * @err       USAGE when stdin or stdout is no terminal or TERM cannot be drawn on (it says that
 *            --plain can); SYSTEM
 * @return    the exit status: 0, or 3 with `err` set
 */
int tui_run(struct library *library, const struct knowledge *knowledge,
	    const struct settings *settings, const struct tui_options *options,
	    struct error *err);

#endif
