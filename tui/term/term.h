// SPDX-License-Identifier: MIT
/**
 * The terminal, by curses: start, stop, suspend, size, showing a grid. Input is not read through
 * curses: bytes come from term_fd() and are understood by tui/term/keys.
 */
#ifndef TUI_TERM_TERM_H
#define TUI_TERM_TERM_H

#include "core/base/error.h"
#include "tui/surface.h"
#include "tui/theme.h"

struct term;

struct term_options {
	bool no_color, mouse;
	enum theme theme;
};

/** @err  USAGE: no terminal, or one that cannot be drawn on; says that --plain can */
NODISCARD bool term_open(const struct term_options *options, struct term **out, struct error *err);
/** Restores the terminal. Accepts NULL. */
void term_close(struct term *term);
/** What the locale and the terminal can show. Wants term_open() before. */
enum text_charset term_text_charset(void);
enum text_charset term_sign_charset(void);

/** Asks the terminal how large it is and tells curses. */
void term_size(struct term *term, int *cols, int *rows);
/** Sends what differs from what is shown, in one go. */
void term_present(struct term *term, const struct grid *grid);
/** The next present draws every cell. */
void term_redraw(struct term *term);
/** Gives the terminal back, for somebody else to write to it; and takes it again. */
void term_leave(struct term *term);
void term_return(struct term *term);
/** Gives the terminal back, stops the process, takes the terminal again when it goes on. */
void term_suspend(struct term *term);
/** Puts text into the clipboard, where terminals of this kind have one. */
void term_copy(struct term *term, struct str text);
bool term_has_clipboard(const struct term *term);
void term_set_mouse(struct term *term, bool on);
void term_set_theme(struct term *term, enum theme theme);
int term_fd(const struct term *term);

#endif
