// SPDX-License-Identifier: MIT
/**
 * A key that was pressed, and its name: "j", "^D", "space", "pgdn". Names are what people write
 * in the [keys] section and what the help shows.
 */
#ifndef TUI_APP_KEY_H
#define TUI_APP_KEY_H

#include "core/base/str.h"

/** Beyond Unicode, so that `code` is either a character or one of these. */
enum key_code {
	KEY_CODE_FIRST = 0x110000,
	KEY_CODE_UP = KEY_CODE_FIRST,
	KEY_CODE_DOWN,
	KEY_CODE_LEFT,
	KEY_CODE_RIGHT,
	KEY_CODE_HOME,
	KEY_CODE_END,
	KEY_CODE_PGUP,
	KEY_CODE_PGDN,
	KEY_CODE_INSERT,
	KEY_CODE_DELETE,
	KEY_CODE_BACKSPACE,
	KEY_CODE_ENTER,
	KEY_CODE_TAB,
	KEY_CODE_BACKTAB,
	KEY_CODE_ESC,
	KEY_CODE_F1,
	KEY_CODE_F12 = KEY_CODE_F1 + 11,
};

struct key {
	uint32_t code;
	bool ctrl;
};

#define KEY_NAME_BYTES 16

/** False when there is no such key. */
NODISCARD bool key_parse(struct str name, struct key *out);
struct str key_name(struct key key, char out[KEY_NAME_BYTES]);
bool key_equal(struct key a, struct key b);
bool key_is_ctrl(struct key key, char letter);

#endif
