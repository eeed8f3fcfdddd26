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
	bool ascii;          /* --ascii: no byte above 0x7E is drawn, whatever the locale says */
	bool no_color;       /* --no-color or NO_COLOR */
	const char *theme;   /* wins over settings; NULL: settings decide */
	bool scan_at_start;  /* after the first paint, when the library can write */
	const char *message; /* told in the status line until the first key; or NULL */
	/** Names of subcommands, for `:`; none: `:` knows the screen's own commands only. */
	const char *const *subcommands;
	size_t n_subcommands;
	/**
	 * Runs a subcommand on the plain terminal. The library is closed for that, so that the
	 * subcommand may change it, and opened again.
	 *
	 * @words   as typed, each with a NUL behind it
	 * @return  the library to go on with; NULL with `err` when there is none any more
	 */
	struct library *(*run)(void *context, const struct str *words, size_t n_words,
			       struct error *err);
	void *run_context;
	/**
	 * Has a folder passed by from now on: the settings say so, and the library is opened anew.
	 *
	 * @failure  out: why it is not done; code NONE when it is
	 * @return   as `run`; `context` is the same
	 */
	struct library *(*ignore)(void *context, struct str folder, struct error *failure,
				  struct error *err);
};

/**
 * Draws the library until the person quits or a signal ends it; the terminal is as before then.
 *
 * Sets the locale of the process (LC_CTYPE). Takes SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM
 * and SIGHUP while it runs and gives them back.
 *
 * @library   borrowed, until `run` gives another; may be read-only: then a banner says who holds
 *            the lock
 * @settings  borrowed; theme, ascii, mouse, sort and the [keys] section
 * @err       USAGE when stdin or stdout is no terminal or TERM cannot be drawn on (it says that
 *            --plain can); SYSTEM; of `run`
 * @return    the exit status: 0, or 3 with `err` set
 */
int tui_run(struct library *library, const struct knowledge *knowledge,
	    const struct settings *settings, const struct tui_options *options, struct error *err);

#endif
