// SPDX-License-Identifier: MIT
/**
 * Signals as bytes of a pipe, and the terminal restored when the program crashes.
 *
 * Holds the only file-scope variables of the program: a handler has nothing else to go by.
 */
#ifndef TUI_TERM_SIGNALS_H
#define TUI_TERM_SIGNALS_H

#include "core/base/error.h"

enum signal_bits { SIGNAL_RESIZE = 1, SIGNAL_STOP = 2, SIGNAL_CONTINUE = 4, SIGNAL_END = 8 };

/**
 * Takes the signals over; before curses changes anything, so that the modes are the shell's.
 *
 * @fd  the terminal
 */
NODISCARD bool signals_open(int fd, struct error *err);
/** Bytes for the crash handler to write to the terminal; copied. */
void signals_restore_with(const char *bytes);
void signals_close(void);
/** Readable while signals wait. */
int signals_fd(void);
/** What came since the last call: enum signal_bits. */
unsigned signals_take(void);
/** Stops the process as ^Z does and returns when it goes on. */
void signals_stop_self(void);

#endif
