// SPDX-License-Identifier: MIT
/**
 * What a person can ask for: one table. Keys, the `?` screen, the `:` prompt, the hints and the
 * check of the [keys] section are all made from it; panes see commands, never keys.
 */
#ifndef TUI_APP_COMMANDS_H
#define TUI_APP_COMMANDS_H

#include "core/base/str.h"

enum command {
	COMMAND_NONE,
	COMMAND_DOWN,
	COMMAND_UP,
	COMMAND_HALF_DOWN,
	COMMAND_HALF_UP,
	COMMAND_PAGE_DOWN,
	COMMAND_PAGE_UP,
	COMMAND_TOP,
	COMMAND_BOTTOM,
	COMMAND_IN,
	COMMAND_BACK,
	COMMAND_LEFT,
	COMMAND_RIGHT,
	COMMAND_NEXT_PANE,
	COMMAND_GROUPS,
	COMMAND_FILTER,
	COMMAND_SORT,
	COMMAND_SHOW_ABSENT,
	COMMAND_CHOOSE,
	COMMAND_FIT,
	COMMAND_EVIDENCE,
	COMMAND_MATRIX,
	COMMAND_TAKE,
	COMMAND_HEAVIER,
	COMMAND_LIGHTER,
	COMMAND_EARLIER,
	COMMAND_LATER,
	COMMAND_SET,
	COMMAND_COPY,
	COMMAND_MARK,
	COMMAND_RANGE,
	COMMAND_MARK_ALL,
	COMMAND_INVERT,
	COMMAND_TAG,
	COMMAND_CORRECT,
	COMMAND_NOTE,
	COMMAND_RATE_0,
	COMMAND_RATE_1,
	COMMAND_RATE_2,
	COMMAND_RATE_3,
	COMMAND_RATE_4,
	COMMAND_RATE_5,
	COMMAND_FAVOURITE,
	COMMAND_UNDO,
	COMMAND_REDO,
	COMMAND_ORGANISE,
	COMMAND_RENAME,
	COMMAND_TRASH,
	COMMAND_LEAVE_OUT,
	COMMAND_HISTORY,
	COMMAND_DUPLICATES,
	COMMAND_KEEP,
	COMMAND_TRASHED,
	COMMAND_BRING_BACK,
	COMMAND_RESCAN,
	COMMAND_CANCEL,
	COMMAND_JOBS,
	COMMAND_PAUSE,
	COMMAND_ROOT,
	COMMAND_IGNORE,
	COMMAND_PROMPT,
	COMMAND_HELP,
	COMMAND_MOUSE,
	COMMAND_THEME,
	COMMAND_REDRAW,
	COMMAND_SUSPEND,
	COMMAND_QUIT,
	COMMAND_EXIT,
	COMMAND_COUNT
};

/** Where a command is valid: bits, one a pane. */
enum where {
	WHERE_GROUPS = 1,
	WHERE_MODELS = 2,
	WHERE_DETAILS = 4,
	WHERE_HELP = 8,
	WHERE_PLAN = 16,
	WHERE_PANES = 7,
	WHERE_HISTORY = 32,
	WHERE_STEPS = 64,
	WHERE_MATRIX = 128,
	WHERE_CELL = 256,
	WHERE_JOBS = 512,
	WHERE_DUPLICATES = 1024,
	WHERE_TRASH = 2048,
	WHERE_ANY = 4095
};

struct command_row {
	const char *name;     /* for `:` and [keys] */
	const char *keys;     /* defaults, spaces between; "" for none */
	const char *help;     /* a sentence */
	unsigned where;       /* enum where */
	const char *hint;     /* a word for the hints line; NULL: not hinted */
	const char *argument; /* of `:`; NULL: takes none */
};

extern const struct command_row command_table[COMMAND_COUNT];

/** What it does at that place, as a sentence, and as a word for the hints line (NULL: not hinted). */
const char *command_help_at(enum command command, unsigned where);
const char *command_hint_at(enum command command, unsigned where);

/** By name; COMMAND_NONE when there is none. Knows the words people try: "list", "scan", "q". */
enum command command_find(struct str name);

#endif
