// SPDX-License-Identifier: MIT
/**
 * The names of the themes. What they look like is tui/term/palette.
 */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include "core/base/str.h"

enum theme {
	THEME_AUTO,
	THEME_DARK,
	THEME_LIGHT,
	THEME_MONO,
	THEME_HIGH_CONTRAST,
	THEME_BLUE_ORANGE,
	THEME_COUNT
};

const char *theme_word(enum theme theme);
enum theme theme_find(struct str word); /* THEME_COUNT when there is none */

#endif
