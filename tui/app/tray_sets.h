// SPDX-License-Identifier: MIT
/**
 * Sets by name: what is in the tray is saved as one, and one is opened in it.
 *
 * What an opened set has that the library has no more is kept by its subject, so that saving it
 * again loses nothing.
 */
#ifndef TUI_APP_TRAY_SETS_H
#define TUI_APP_TRAY_SETS_H

#include "tui/app/tray.h"

/** "save NAME", "open NAME", "export FORMAT", "delete NAME", "te WEIGHT", "prune", "clear". */
void tray_command(struct app *app, struct str argument, struct effects *out);
/** The i-th word that tray_command knows; NULL after the last. */
const char *tray_word(size_t i);

/** The save that was under way failed: it is as before. @return whether to replace a set is asked */
bool tray_save_failed(struct app *app, const struct error *why);

/** SETS: opens the one that was asked for, or tells their names. */
void tray_take_sets(struct app *app, const struct event *event, struct effects *out);

#endif
