// SPDX-License-Identifier: MIT
#include "tui/term/capability.h"

#include <curses.h>
#include <term.h>

const char *capability_find(const char *name)
{
	const char *value = tigetstr(name);
	return value == (const char *)-1 ? NULL : value;
}
