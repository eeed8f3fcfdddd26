// SPDX-License-Identifier: MIT
/**
 * Bytes from the terminal to keys, pastes and mouse events. Pure; knows no descriptor.
 *
 * Replies to queries and sequences that nobody knows are swallowed whole, so that no part of them
 * is taken for a key.
 */
#ifndef TUI_TERM_KEYS_H
#define TUI_TERM_KEYS_H

#include "core/base/array.h"
#include "tui/app/msg.h"

#define KEYS_WAIT_MS 30            /* after ESC, for the rest of a sequence: SSH may cut packets */
#define KEYS_PASTE_MAX (64u << 10) /* more is dropped: only one line is wanted anyway */

struct keys {
	struct bytes waiting; /* not yet understood */
	struct bytes paste;
	bool in_paste;
};

void keys_finish(struct keys *keys);
void keys_feed(struct keys *keys, const char *bytes, size_t len);
/**
 * The next message (KEY, PASTE or MOUSE, without its time).
 *
 * @waited  nothing more came for KEYS_WAIT_MS: what is there is all there is
 * @return  false when nothing is left, or the rest is the beginning of something
 *
 * A paste is borrowed until the next call.
 */
bool keys_next(struct keys *keys, bool waited, struct msg *out);
/** Is there the beginning of something? */
bool keys_is_waiting(const struct keys *keys);

#endif
