// SPDX-License-Identifier: MIT
/**
 * Is a file that goes because another one has the same content really a copy of it? Reads both, byte
 * for byte, and changes nothing: what is stored of hashes may be old, and disks rot.
 */
#ifndef STORAGE_FILES_PROOF_H
#define STORAGE_FILES_PROOF_H

#include "storage/files/execute.h"

/** Does the step rest on two files having the same content? */
bool proof_is_wanted(const struct plan_step *step);

/**
 * Proves it now.
 * @err  CHANGED: they differ, or one is not as it was planned; SYSTEM; CANCELLED
 */
NODISCARD bool proof_step(struct execution *execution, const struct plan_step *step,
			  struct error *err);

/** The last look before the file goes: is the one that stays there? @err  CHANGED, SYSTEM */
NODISCARD bool proof_look_at_kept(struct places *places, const struct plan_step *step,
				  struct error *err);

#endif
