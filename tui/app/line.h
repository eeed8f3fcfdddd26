// SPDX-License-Identifier: MIT
/**
 * A line typed at `:` to words, as a shell would: blanks part them, quotes and backslashes keep
 * them together. Nothing else is special.
 */
#ifndef TUI_APP_LINE_H
#define TUI_APP_LINE_H

#include "core/base/array.h"

struct line {
	const struct str *words; /* each also ends with a NUL */
	size_t n;
};

/** @return false when a quote is not closed */
NODISCARD bool line_split(struct str text, struct arena *arena, struct line *out);

#endif
