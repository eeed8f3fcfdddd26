// SPDX-License-Identifier: MIT
/**
 * One write a frame: curses 6.4 flushes after every move of the cursor, which makes a frame of
 * forty rows a hundred writes, each a packet over SSH. The outlet gives curses a descriptor that
 * leads into memory while a frame is drawn, and sends what is there in one go, without the choices
 * of a character set that no frame needs.
 */
#ifndef TUI_TERM_OUTLET_H
#define TUI_TERM_OUTLET_H

#include "core/base/error.h"

#define OUTLET_BYTES (64u << 10) /* most frames; larger ones take two writes */

struct outlet {
	int curses;   /* the descriptor that curses holds: the terminal, or `memory` */
	int memory;   /* -1: there is none, frames go out as curses likes */
	int terminal; /* borrowed */
	char *bytes;  /* OUTLET_BYTES, between memory and terminal */
};

NODISCARD bool outlet_open(struct outlet *outlet, int terminal, struct error *err);
void outlet_close(struct outlet *outlet);
/** From here on what curses writes is kept. */
void outlet_begin(struct outlet *outlet);
/** Sends what was kept; curses writes to the terminal again. */
void outlet_send(struct outlet *outlet);

#endif
