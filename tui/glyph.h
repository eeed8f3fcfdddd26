// SPDX-License-Identifier: MIT
/**
 * The signs of the screen: one table, a column for UTF-8 and one for ASCII. All are one column wide.
 */
#ifndef TUI_GLYPH_H
#define TUI_GLYPH_H

#include "core/base/text.h"
#include "core/fit/fit.h"
#include "tui/style.h"

enum glyph {
	GLYPH_COMPATIBLE,
	GLYPH_UNKNOWN,
	GLYPH_CAUTION,
	GLYPH_INCOMPATIBLE, /* in the order of verdicts */
	GLYPH_MARK,         /* a marked row */
	GLYPH_CHECKPOINT,   /* the chosen checkpoint */
	GLYPH_ALERT,        /* damaged, or runs code when loaded */
	GLYPH_ABSENT,       /* offline or missing */
	GLYPH_RULE,         /* vertical, between panes */
	GLYPH_LINE,         /* horizontal */
	GLYPH_DOT,          /* between facts */
	GLYPH_ELLIPSIS,
	GLYPH_ASCENDING,
	GLYPH_DESCENDING,
	GLYPH_BAR_FULL,
	GLYPH_BAR_EMPTY,
	GLYPH_OPEN,
	GLYPH_CLOSED, /* a folder of the tree */
	GLYPH_LEVEL_1,
	GLYPH_LEVEL_2,
	GLYPH_LEVEL_3,
	GLYPH_LEVEL_4, /* rising */
	GLYPH_COUNT
};

struct str glyph_str(enum glyph glyph, enum text_charset charset);
enum glyph glyph_of_verdict(enum verdict verdict);
enum style style_of_verdict(enum verdict verdict);

#endif
