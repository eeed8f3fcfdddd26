// SPDX-License-Identifier: MIT
/**
 * Sidecars whose text changes, written under temporary names before the turn of their steps: those of a
 * batch reach the disk together and stand in the journal with one commit, where one by one they would
 * wait for the disk twice each. A step whose part is there has its `sha256`, and is still planned.
 */
#ifndef STORAGE_FILES_PREPARE_H
#define STORAGE_FILES_PREPARE_H

#include "storage/files/execute.h"

/**
 * Prepares what can be in whole groups of steps. What cannot be is left to its turn, which then says why.
 * @folders_max  with more folders open than these, no other group is begun
 * @first        place of `steps[0]` in the operation
 * @return       how many steps were looked at; at least a group unless too many are open already
 */
size_t prepare_steps(struct execution *execution, size_t folders_max, size_t first,
		     struct journal_step *steps, size_t n);

/** Prepares one step of a group. @err  NONE: it moves as it is; CHANGED: the disk is not as planned;
 *  SYSTEM */
NODISCARD bool prepare_step(struct execution *execution, size_t first, struct journal_step *group,
			    size_t n, size_t i, struct error *err);

/** Is its part there, waiting for its name? */
bool prepare_is_done(const struct journal_step *step);

#endif
