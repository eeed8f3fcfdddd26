// SPDX-License-Identifier: MIT
#include "tui/theme.h"

static const char *const words[THEME_COUNT] = {
	[THEME_AUTO] = "auto",
	[THEME_DARK] = "dark",
	[THEME_LIGHT] = "light",
	[THEME_MONO] = "mono",
	[THEME_HIGH_CONTRAST] = "high-contrast",
	[THEME_BLUE_ORANGE] = "blue-orange",
};

const char *theme_word(enum theme theme)
{
	return words[theme];
}

enum theme theme_find(struct str word)
{
	size_t i = 0;
	while (i < THEME_COUNT && !str_equal(word, str_from(words[i])))
		i++;
	return (enum theme)i;
}
