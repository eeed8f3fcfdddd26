// SPDX-License-Identifier: MIT
/**
 * What a cell means, never how it looks: colours belong to tui/term/palette.
 */
#ifndef TUI_STYLE_H
#define TUI_STYLE_H

enum style {
	STYLE_NORMAL,
	STYLE_DIM, /* there when you look for it: sizes, ages, hints */
	STYLE_STRONG,
	STYLE_TITLE,      /* of a pane, of a section */
	STYLE_RULE,       /* lines between panes */
	STYLE_KEY,        /* the name of a key in a hint */
	STYLE_LABEL,      /* the left side of a fact */
	STYLE_CHECKPOINT, /* the chosen one */
	STYLE_MARK,
	STYLE_FIT_COMPATIBLE,
	STYLE_FIT_CAUTION,
	STYLE_FIT_INCOMPATIBLE,
	STYLE_FIT_UNKNOWN,
	STYLE_WARNING, /* banner, damaged models */
	STYLE_MISTAKE, /* what the person typed cannot be done */
	STYLE_PROGRESS,
	STYLE_COUNT
};

/** One letter each, for dumps. */
#define STYLE_LETTERS ".dstrklcm+~x?!e%"

#endif
