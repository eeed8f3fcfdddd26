// SPDX-License-Identifier: MIT
/**
 * Styled text that is wrapped to a width and scrolls: details, help. Text given to it is clean.
 */
#ifndef TUI_WIDGETS_PAGE_H
#define TUI_WIDGETS_PAGE_H

#include "tui/app/commands.h"
#include "tui/surface.h"

#define PAGE_MARGIN 1 /* columns left free on both sides */

struct page {
	struct arena arena; /* owns the lines and their text */
	struct array lines; /* struct page_line */
	size_t top, rows;
	int cols; /* for which it was written */
};

void page_init(struct page *page);
void page_finish(struct page *page);
/** Empties it for being written at another width; the scroll stays. */
void page_begin(struct page *page, int cols);

void page_blank(struct page *page); /* an empty line, never two in a row nor at the top */
void page_title(struct page *page, struct str text);
/** Wrapped text, continued below its own beginning. */
void page_text(struct page *page, int indent, enum style style, struct str text);
/** A label of `label_cols` columns and a wrapped value; nothing when the value is empty. */
void page_fact(struct page *page, int label_cols, struct str label, enum style style,
	       struct str value);

void page_resize(struct page *page, size_t rows);
void page_to(struct page *page, size_t line);
/** @return true when `command` is one that moves */
bool page_command(struct page *page, enum command command);
void page_scroll(struct page *page, int lines);
void page_paint(const struct page *page, struct surface *area);

#endif
