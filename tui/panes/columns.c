// SPDX-License-Identifier: MIT
#include "tui/panes/columns.h"

/* Widths by the width of the list; the first that fits is taken. 0: left out. */
static const struct {
	int list_cols;
	int cols[COLUMN_COUNT];
} steps[] = {
	{ 110,
	  { [COLUMN_VERDICT] = 12,
	    [COLUMN_BASE] = 24,
	    [COLUMN_KIND] = 10,
	    [COLUMN_SIZE] = 5,
	    [COLUMN_AGE] = 4 } },
	{ 88,
	  { [COLUMN_VERDICT] = 12,
	    [COLUMN_BASE] = 20,
	    [COLUMN_KIND] = 10,
	    [COLUMN_SIZE] = 5,
	    [COLUMN_AGE] = 4 } },
	{ 75, { [COLUMN_BASE] = 20, [COLUMN_KIND] = 10, [COLUMN_SIZE] = 5, [COLUMN_AGE] = 4 } },
	{ 60, { [COLUMN_BASE] = 16, [COLUMN_KIND] = 10, [COLUMN_SIZE] = 5, [COLUMN_AGE] = 4 } },
	{ 50, { [COLUMN_BASE] = 12, [COLUMN_KIND] = 10, [COLUMN_SIZE] = 5 } },
	{ 0, { [COLUMN_BASE] = 12, [COLUMN_SIZE] = 5 } },
};

struct columns columns_fit(int cols)
{
	const int *wanted = steps[0].cols;
	for (int i = 1; cols < steps[i - 1].list_cols; i++)
		wanted = steps[i].cols;

	struct columns out = { 0 };
	int x = cols - 1; /* the right edge stays free */
	for (int i = COLUMN_COUNT - 1; i > COLUMN_NAME; i--) {
		if (!wanted[i])
			continue;
		out.cols[i] = wanted[i];
		out.x[i] = x -= wanted[i];
		x--; /* the gap */
	}
	out.cols[COLUMN_MARK] = out.cols[COLUMN_GLYPH] = 1;
	out.x[COLUMN_GLYPH] = 1;
	out.x[COLUMN_NAME] = 3;
	out.cols[COLUMN_NAME] = x > 3 ? x - 3 : 0;
	return out;
}
