// SPDX-License-Identifier: MIT
/**
 * A grid of cells with meanings, clipped to a rectangle. Knows no terminal and no colour.
 *
 * A surface is cut into parts that write into the same grid; whatever lies outside a part is not
 * drawn. Text given to it is clean (text_clean): it decides where cells end, not what may be shown.
 */
#ifndef TUI_SURFACE_H
#define TUI_SURFACE_H

#include "core/base/text.h"
#include "tui/style.h"

#define CELL_BYTES 28 /* an emoji of four parts; longer clusters are shown as '?' */

/* No padding, and zeros behind the text: cells and whole rows are compared as bytes. */
struct cell {
	char bytes[CELL_BYTES];
	uint8_t n_bytes;  /* 0: the right half of the wide cell before it */
	uint8_t cols;     /* 1, 2, or 0 for a right half */
	uint8_t style;    /* enum style */
	bool is_selected; /* under the list cursor */
};

struct rect {
	int x, y, cols, rows;
};

struct grid {
	struct cell *cells;
	int cols, rows;
	int cursor_x, cursor_y; /* of the terminal */
	bool cursor_is_shown;   /* text is being typed */
};

struct surface {
	struct grid *grid;       /* borrowed */
	struct rect rect;        /* within the grid */
	enum text_charset signs; /* which column of the glyph table */
	struct arena *scratch;   /* borrowed: lives as long as the frame */
};

void grid_init(struct grid *grid, int cols, int rows);
void grid_finish(struct grid *grid);
void grid_clear(struct grid *grid);

/** The whole grid. */
struct surface surface_of(struct grid *grid, enum text_charset signs, struct arena *scratch);
/** The part of `surface` under `rect` (relative to it), clipped to it. */
struct surface surface_part(const struct surface *surface, struct rect rect);

/** Draws clean text at (x, y), at most `cols_max` columns and up to the right edge. @return columns */
int surface_text(struct surface *surface, int x, int y, enum style style, struct str clean,
		 int cols_max);
/** The same, ending with an ellipsis when it does not fit. */
int surface_text_cut(struct surface *surface, int x, int y, enum style style, struct str clean,
		     int cols_max);
/** Ends at column `x_end` (exclusive). */
void surface_text_right(struct surface *surface, int x_end, int y, enum style style,
			struct str clean);
/** Fills `cols` cells with a one-column sign. */
void surface_repeat(struct surface *surface, int x, int y, int cols, enum style style,
		    struct str sign);
void surface_select(struct surface *surface, int x, int y, int cols);
void surface_restyle(struct surface *surface, int x, int y, int cols, enum style style);
void surface_put_cursor(struct surface *surface, int x, int y, bool shown);

/** The grid as lines of text without trailing spaces, then "cursor X,Y". */
void grid_dump(const struct grid *grid, struct bytes *out);
/** The grid as lines of STYLE_LETTERS, upper case (or '#') where selected. */
void grid_dump_styles(const struct grid *grid, struct bytes *out);

#endif
