// SPDX-License-Identifier: MIT
#include "tui/glyph.h"

static const struct {
	struct str utf8, ascii;
} glyphs[GLYPH_COUNT] = {
	[GLYPH_COMPATIBLE] = { { "✓", 3 }, { "+", 1 } },
	[GLYPH_UNKNOWN] = { { "?", 1 }, { "?", 1 } },
	[GLYPH_CAUTION] = { { "~", 1 }, { "~", 1 } },
	[GLYPH_INCOMPATIBLE] = { { "✗", 3 }, { "x", 1 } },
	[GLYPH_MARK] = { { "*", 1 }, { "*", 1 } },
	[GLYPH_CHECKPOINT] = { { "◆", 3 }, { "@", 1 } },
	[GLYPH_ALERT] = { { "!", 1 }, { "!", 1 } },
	[GLYPH_ABSENT] = { { "○", 3 }, { "o", 1 } },
	[GLYPH_RULE] = { { "│", 3 }, { "|", 1 } },
	[GLYPH_LINE] = { { "─", 3 }, { "-", 1 } },
	[GLYPH_DOT] = { { "·", 2 }, { "-", 1 } },
	[GLYPH_ELLIPSIS] = { { "…", 3 }, { "~", 1 } },
	[GLYPH_ASCENDING] = { { "▴", 3 }, { "^", 1 } },
	[GLYPH_DESCENDING] = { { "▾", 3 }, { "v", 1 } },
	[GLYPH_BAR_FULL] = { { "━", 3 }, { "#", 1 } },
	[GLYPH_BAR_EMPTY] = { { "─", 3 }, { "-", 1 } },
	[GLYPH_OPEN] = { { "▾", 3 }, { "v", 1 } },
	[GLYPH_CLOSED] = { { "▸", 3 }, { ">", 1 } },
	[GLYPH_LEVEL_1] = { { "▂", 3 }, { "1", 1 } },
	[GLYPH_LEVEL_2] = { { "▄", 3 }, { "2", 1 } },
	[GLYPH_LEVEL_3] = { { "▆", 3 }, { "3", 1 } },
	[GLYPH_LEVEL_4] = { { "█", 3 }, { "4", 1 } },
};

static const enum style verdict_styles[FIT_COUNT] = {
	[FIT_COMPATIBLE] = STYLE_FIT_COMPATIBLE,
	[FIT_UNKNOWN] = STYLE_FIT_UNKNOWN,
	[FIT_CAUTION] = STYLE_FIT_CAUTION,
	[FIT_INCOMPATIBLE] = STYLE_FIT_INCOMPATIBLE,
};

struct str glyph_str(enum glyph glyph, enum text_charset charset)
{
	return charset == TEXT_UTF8 ? glyphs[glyph].utf8 : glyphs[glyph].ascii;
}

enum glyph glyph_of_verdict(enum verdict verdict)
{
	return (enum glyph)verdict;
}

enum style style_of_verdict(enum verdict verdict)
{
	return verdict < FIT_COUNT ? verdict_styles[verdict] : STYLE_FIT_UNKNOWN;
}
