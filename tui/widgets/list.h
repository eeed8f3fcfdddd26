// SPDX-License-Identifier: MIT
/**
 * Cursor and scroll of a list: arithmetic, no text.
 */
#ifndef TUI_WIDGETS_LIST_H
#define TUI_WIDGETS_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/app/commands.h"

struct list {
	size_t n, cursor, top;
	size_t rows; /* that can be seen */
	bool jumps;  /* at the edge scroll half a page: where scrolling redraws everything */
};

void list_resize(struct list *list, size_t rows);
/** Another content: the cursor goes to `cursor` and stays on its screen line where that is possible. */
void list_replace(struct list *list, size_t n, size_t cursor);
void list_to(struct list *list, size_t cursor);
/** Turns the window without moving the cursor out of it: the wheel. */
void list_scroll(struct list *list, int lines);
/** @return true when `command` is one that moves */
bool list_command(struct list *list, enum command command);
/** The index under a line of the window, or n. */
size_t list_at_line(const struct list *list, size_t line);

#endif
