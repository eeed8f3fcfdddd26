// SPDX-License-Identifier: MIT
/**
 * Concludes the library anew after the knowledge has changed: from stored facts, so that no file of
 * a model is touched, and in slices, so that everything else goes on meanwhile.
 *
 * Every model that was done is marked so with its row: what is cut short goes on at the next start.
 */
#ifndef STORAGE_CONCLUSIONS_H
#define STORAGE_CONCLUSIONS_H

#include "storage/store.h"

struct conclusions;

/** @out  NULL when everything is concluded under the running knowledge already */
NODISCARD bool conclusions_begin(struct store *store, struct conclusions **out, struct error *err);
/** Some milliseconds of work. @done  out: that was all, it is committed and told */
NODISCARD bool conclusions_step(struct conclusions *conclusions, bool *done, struct error *err);
/** Also before it is done: what was concluded so far is committed. */
void conclusions_destroy(struct conclusions *conclusions);

#endif
