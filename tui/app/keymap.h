// SPDX-License-Identifier: MIT
/**
 * Keys to commands: the defaults of the command table, the person's [keys] section over them.
 */
#ifndef TUI_APP_KEYMAP_H
#define TUI_APP_KEYMAP_H

#include "config/settings.h"
#include "tui/app/commands.h"
#include "tui/app/key.h"

struct keymap {
	struct array lines; /* struct keymap_line */
};

struct keymap_line {
	struct key key;
	enum command command;
};

/**
 * @settings  NULL: defaults alone. A command that is named there loses its default keys; wherever it
 *            is valid, a key that is named there is taken from whoever had it
 * @mistake   code NONE, or USAGE naming the first line that was left out
 */
void keymap_init(struct keymap *keymap, const struct settings *settings, struct error *mistake);
void keymap_finish(struct keymap *keymap);
/**
 * What a key means at that place (enum where): of several commands that are valid there, the one that
 * was named last, by the table or by the person.
 * @return  one that is not valid there when there is no other; COMMAND_NONE when the key does nothing
 */
enum command keymap_find(const struct keymap *keymap, struct key key, unsigned where);
/** The keys that mean a command at that place, "j down", at most `n_max`; empty when there are none. */
void keymap_keys(const struct keymap *keymap, enum command command, unsigned where, size_t n_max,
		 struct bytes *out);

#endif
