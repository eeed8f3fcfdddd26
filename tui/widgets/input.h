// SPDX-License-Identifier: MIT
/**
 * One line of text being typed. Bytes are UTF-8 as they came from the terminal.
 */
#ifndef TUI_WIDGETS_INPUT_H
#define TUI_WIDGETS_INPUT_H

#include "tui/app/key.h"
#include "tui/surface.h"

#define INPUT_BYTES_MAX 4096u /* a query or a path; a paste beyond is cut */

struct input {
	struct bytes text;
	size_t at; /* byte offset of the cursor, on a character border */
};

void input_finish(struct input *input);
void input_set(struct input *input, struct str text);
/** @return true when the key was an editing one; `*changed` when the text is another */
bool input_key(struct input *input, struct key key, bool *changed);
void input_insert(struct input *input, struct str text);
/** Draws the text from column `x` to the right edge, scrolled so that the cursor is seen. */
void input_paint(const struct input *input, struct surface *area, int x, int y,
		 enum text_charset charset);
/** Column at which the 1-based character `column` of the text is drawn, or -1. */
int input_column_x(const struct input *input, int cols, size_t column, enum text_charset charset);

#endif
