// SPDX-License-Identifier: MIT
/**
 * Where things are: a size and what is open, to rectangles. Nothing else.
 */
#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

#include "tui/surface.h"

#define LAYOUT_COLS_MIN 40
#define LAYOUT_ROWS_MIN 10
#define LAYOUT_COLS_TWO 100   /* list and details side by side from here */
#define LAYOUT_COLS_THREE 160 /* and the groups always */
#define LAYOUT_GROUPS_COLS 28
#define LAYOUT_ROWS_DOCK 50   /* and of these as many rows: the tray opens into a dock */
#define LAYOUT_ROWS_TITLES 30 /* panes that stand side by side have titles from here */

/** From PANE_HELP on they take the place of all others while they are open. */
enum pane_id {
	PANE_GROUPS,
	PANE_MODELS,
	PANE_DETAILS,
	PANE_HELP,
	PANE_PLAN,
	PANE_CELL,
	PANE_HISTORY,
	PANE_STEPS,
	PANE_MATRIX,
	PANE_JOBS,
	PANE_DUPLICATES,
	PANE_TRASH,
	PANE_COUNT
};

struct layout_wish {
	enum pane_id focus; /* a narrow screen shows this one alone */
	bool groups;        /* opened by hand; a wide screen shows them anyway */
	bool banner;        /* one line below the header */
	int dock_rows;      /* above the tray; a large screen gives them */
};

/** A pane that is not shown has 0 columns. */
struct frame_layout {
	bool is_too_small;
	bool is_side_by_side; /* more than one pane */
	struct rect header, banner, dock, tray, status;
	struct rect titles[PANE_COUNT]; /* a line above each pane where there is room */
	struct rect panes[PANE_COUNT];
	int rules[2]; /* columns of the lines between panes */
	int n_rules;
	int body_y, body_rows;
};

struct frame_layout layout_frame(int cols, int rows, struct layout_wish wish);

#endif
