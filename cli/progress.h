// SPDX-License-Identifier: MIT
/**
 * How far it is, on one line of a terminal that is painted over. On stderr, since it is no result; not
 * through `out`, since it is repainted and not printed. Where stderr is no terminal nothing is shown.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "storage/messages.h"

/** An EVENT_FILES or EVENT_CONCLUDING. */
void progress_show(const struct event *event);
/** Before anything else is written, and at the end. */
void progress_erase(void);
/** Erases, and leaves the line to the caller. @return false: there is no terminal */
bool progress_begin(void);

#endif
