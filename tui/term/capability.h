// SPDX-License-Identifier: MIT
/**
 * Strings of terminfo by name. A module of its own, since <term.h> of curses has a struct term
 * as well.
 */
#ifndef TUI_TERM_CAPABILITY_H
#define TUI_TERM_CAPABILITY_H

/** NULL when this terminal has none. Wants term_open() before. */
const char *capability_find(const char *name);

#endif
