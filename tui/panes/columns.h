// SPDX-License-Identifier: MIT
/**
 * Which columns of the list fit into a width, and where they stand.
 */
#ifndef TUI_PANES_COLUMNS_H
#define TUI_PANES_COLUMNS_H

enum column {
	COLUMN_MARK,
	COLUMN_GLYPH,
	COLUMN_NAME,
	COLUMN_VERDICT,
	COLUMN_BASE,
	COLUMN_KIND,
	COLUMN_SIZE,
	COLUMN_AGE,
	COLUMN_COUNT
};

/** A column that is left out has 0 columns. The name takes what the others leave. */
struct columns {
	int x[COLUMN_COUNT], cols[COLUMN_COUNT];
};

struct columns columns_fit(int cols);

#endif
