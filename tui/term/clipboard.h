// SPDX-License-Identifier: MIT
/**
 * OSC 52: text for the clipboard of the terminal, which also works over SSH.
 */
#ifndef TUI_TERM_CLIPBOARD_H
#define TUI_TERM_CLIPBOARD_H

#include "core/base/array.h"

/** Terminals take no more: xterm's limit. */
#define CLIPBOARD_BASE64_MAX (74u << 10)

/** False for what is too long, or holds control characters other than line feeds and tabs, which a
 *  shell could take for keys when it is pasted. */
bool clipboard_fits(struct str text);
/** Appends the sequence that copies `text`, which fits. */
void clipboard_write(struct str text, struct bytes *out);

#endif
