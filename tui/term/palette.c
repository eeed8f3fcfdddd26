// SPDX-License-Identifier: MIT
#include "tui/term/palette.h"

enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE };

#define OWN (-1)

/* Attributes are the same in every theme, so that each is readable without its colours. */
static const unsigned bits[STYLE_COUNT] = {
	[STYLE_DIM] = LOOK_DIM,
	[STYLE_STRONG] = LOOK_BOLD,
	[STYLE_TITLE] = LOOK_BOLD,
	[STYLE_RULE] = LOOK_DIM,
	[STYLE_KEY] = LOOK_BOLD,
	[STYLE_LABEL] = LOOK_DIM,
	[STYLE_CHECKPOINT] = LOOK_BOLD,
	[STYLE_MARK] = LOOK_BOLD,
	[STYLE_FIT_COMPATIBLE] = LOOK_BOLD,
	[STYLE_FIT_INCOMPATIBLE] = LOOK_DIM,
	[STYLE_FIT_UNKNOWN] = LOOK_DIM,
	[STYLE_WARNING] = LOOK_BOLD,
	[STYLE_MISTAKE] = LOOK_BOLD,
};

/* The terminal's own eight: they follow whatever colours the person has chosen for them. */
static const short own_eight[STYLE_COUNT] = {
	[STYLE_NORMAL] = OWN,         [STYLE_DIM] = OWN,
	[STYLE_STRONG] = OWN,         [STYLE_TITLE] = CYAN,
	[STYLE_RULE] = OWN,           [STYLE_KEY] = CYAN,
	[STYLE_LABEL] = OWN,          [STYLE_CHECKPOINT] = MAGENTA,
	[STYLE_MARK] = YELLOW,        [STYLE_FIT_COMPATIBLE] = GREEN,
	[STYLE_FIT_CAUTION] = YELLOW, [STYLE_FIT_INCOMPATIBLE] = RED,
	[STYLE_FIT_UNKNOWN] = OWN,    [STYLE_WARNING] = YELLOW,
	[STYLE_MISTAKE] = RED,        [STYLE_PROGRESS] = CYAN,
};

/* For eyes that do not tell red from green. */
static const short blue_orange_eight[STYLE_COUNT] = {
	[STYLE_NORMAL] = OWN,          [STYLE_DIM] = OWN,         [STYLE_STRONG] = OWN,
	[STYLE_TITLE] = CYAN,          [STYLE_RULE] = OWN,        [STYLE_KEY] = CYAN,
	[STYLE_LABEL] = OWN,           [STYLE_CHECKPOINT] = CYAN, [STYLE_MARK] = CYAN,
	[STYLE_FIT_COMPATIBLE] = BLUE, [STYLE_FIT_CAUTION] = OWN, [STYLE_FIT_INCOMPATIBLE] = YELLOW,
	[STYLE_FIT_UNKNOWN] = OWN,     [STYLE_WARNING] = YELLOW,  [STYLE_MISTAKE] = YELLOW,
	[STYLE_PROGRESS] = CYAN,
};

/* Numbers of the 256-colour cube. */
static const short dark_256[STYLE_COUNT] = {
	[STYLE_NORMAL] = 252,         [STYLE_DIM] = 245,         [STYLE_STRONG] = 255,
	[STYLE_TITLE] = 110,          [STYLE_RULE] = 240,        [STYLE_KEY] = 110,
	[STYLE_LABEL] = 245,          [STYLE_CHECKPOINT] = 176,  [STYLE_MARK] = 221,
	[STYLE_FIT_COMPATIBLE] = 114, [STYLE_FIT_CAUTION] = 221, [STYLE_FIT_INCOMPATIBLE] = 167,
	[STYLE_FIT_UNKNOWN] = 245,    [STYLE_WARNING] = 215,     [STYLE_MISTAKE] = 203,
	[STYLE_PROGRESS] = 110,
};

static const short light_256[STYLE_COUNT] = {
	[STYLE_NORMAL] = 235,        [STYLE_DIM] = 242,         [STYLE_STRONG] = 232,
	[STYLE_TITLE] = 25,          [STYLE_RULE] = 249,        [STYLE_KEY] = 25,
	[STYLE_LABEL] = 242,         [STYLE_CHECKPOINT] = 90,   [STYLE_MARK] = 130,
	[STYLE_FIT_COMPATIBLE] = 28, [STYLE_FIT_CAUTION] = 130, [STYLE_FIT_INCOMPATIBLE] = 124,
	[STYLE_FIT_UNKNOWN] = 242,   [STYLE_WARNING] = 130,     [STYLE_MISTAKE] = 124,
	[STYLE_PROGRESS] = 25,
};

static const short blue_orange_256[STYLE_COUNT] = {
	[STYLE_NORMAL] = OWN,        [STYLE_DIM] = OWN,         [STYLE_STRONG] = OWN,
	[STYLE_TITLE] = 75,          [STYLE_RULE] = OWN,        [STYLE_KEY] = 75,
	[STYLE_LABEL] = OWN,         [STYLE_CHECKPOINT] = 117,  [STYLE_MARK] = 117,
	[STYLE_FIT_COMPATIBLE] = 75, [STYLE_FIT_CAUTION] = 180, [STYLE_FIT_INCOMPATIBLE] = 208,
	[STYLE_FIT_UNKNOWN] = OWN,   [STYLE_WARNING] = 214,     [STYLE_MISTAKE] = 208,
	[STYLE_PROGRESS] = 75,
};

static const struct {
	const short *eight, *many; /* NULL: no colours */
	short selected_256;        /* background; OWN: reversed */
	bool is_loud;              /* nothing is dim, everything named is bold */
} themes[THEME_COUNT] = {
	[THEME_AUTO] = { own_eight, own_eight, OWN, false },
	[THEME_DARK] = { own_eight, dark_256, 238, false },
	[THEME_LIGHT] = { own_eight, light_256, 253, false },
	[THEME_MONO] = { NULL, NULL, OWN, false },
	[THEME_HIGH_CONTRAST] = { own_eight, own_eight, OWN, true },
	[THEME_BLUE_ORANGE] = { blue_orange_eight, blue_orange_256, OWN, false },
};

struct look palette_look(enum theme theme, enum style style, bool is_selected, int colors)
{
	const short *foregrounds = colors >= 256 ? themes[theme].many : themes[theme].eight;
	struct look look = { OWN, OWN, bits[style] };
	bool has_own_dim = colors >= 256 && foregrounds && foregrounds[STYLE_DIM] != OWN;
	if (colors >= 8 && foregrounds)
		look.foreground = foregrounds[style];
	/* Where a theme has a colour for what is dim, dimming it again would hide it. */
	if (has_own_dim || themes[theme].is_loud || is_selected)
		look.bits &= ~(unsigned)LOOK_DIM;
	if (themes[theme].is_loud && style != STYLE_NORMAL && style != STYLE_DIM)
		look.bits |= LOOK_BOLD;
	if (!is_selected)
		return look;
	if (has_own_dim && themes[theme].selected_256 != OWN)
		look.background = themes[theme].selected_256;
	else
		look.bits |= LOOK_REVERSE;
	return look;
}
