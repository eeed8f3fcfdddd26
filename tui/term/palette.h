// SPDX-License-Identifier: MIT
/**
 * Meanings to looks: a theme's colours for as many as the terminal has. Knows no curses.
 */
#ifndef TUI_TERM_PALETTE_H
#define TUI_TERM_PALETTE_H

#include <stdbool.h>

#include "tui/style.h"
#include "tui/theme.h"

enum look_bits { LOOK_BOLD = 1, LOOK_DIM = 2, LOOK_REVERSE = 4, LOOK_UNDERLINE = 8 };

struct look {
	short foreground, background; /* terminal colours; -1: the terminal's own */
	unsigned bits;
};

/** @colors  0 (none wanted or none there), 8, 16 or 256 */
struct look palette_look(enum theme theme, enum style style, bool is_selected, int colors);

#endif
