// SPDX-License-Identifier: MIT
/**
 * Ctrl-C during long work: noticed, so that the work can be ended where nothing is lost.
 */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <stdbool.h>

/** From now on the first SIGINT, SIGTERM or SIGHUP is only noted; a second one ends the program. */
void interrupt_watch(void);
/** Did one come since? Says so once. */
bool interrupt_came(void);

#endif
