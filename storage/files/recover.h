// SPDX-License-Identifier: MIT
/**
 * What was cut short by a crash ends: each group of steps as done, or as never happened. The disk
 * decides, not the journal (never-lose-data.md, section 5, "Recovery").
 */
#ifndef STORAGE_FILES_RECOVER_H
#define STORAGE_FILES_RECOVER_H

#include "storage/files/execute.h"

/**
 * Ends the steps of one operation; groups that were ended before are left alone.
 *
 * @steps   all of it; their states are DONE, ROLLED_BACK or CONFLICT afterwards, not journaled yet
 * @return  false: some could not be looked at (a root is offline, a folder cannot be read); their
 *          states are as they were, to be tried again
 */
NODISCARD bool recover_steps(struct execution *execution, struct journal_step *steps, size_t n);

#endif
