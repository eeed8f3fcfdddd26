// SPDX-License-Identifier: MIT
/**
 * Which globals are harmless, and what may be done with them. Everything else runs code: a list of
 * what is dangerous is never complete, as its many published bypasses show.
 *
 * The list is that of torch.load with weights_only (pytorch: torch/_weights_only_unpickler.py) with
 * NumPy's arrays (picklescan: scanner.py). Names are compared whole: no dotted name is on it.
 */
#ifndef CORE_FORMATS_PICKLE_VERDICT_H
#define CORE_FORMATS_PICKLE_VERDICT_H

#include "core/formats/pickle_findings.h"
#include "core/formats/pickle_heap.h"

#define PICKLE_MAY_NAME 1u  /* importing it runs nothing */
#define PICKLE_MAY_CALL 2u  /* nor does calling it */
#define PICKLE_MAY_BUILD 4u /* nor does giving a state to what it made */

/** What is harmless about a global; 0: nothing. */
unsigned pickle_verdict_uses(struct str module, struct str name);

/** Judges a call when it would happen, whatever becomes of its result. */
void pickle_verdict_call(struct pickle_findings *findings, const struct pickle_heap *heap,
			 uint32_t callable, uint32_t args);
/** Judges a state given to a value. */
void pickle_verdict_build(struct pickle_findings *findings, const struct pickle_heap *heap,
			  uint32_t value);
/** Judges members put into a value. */
void pickle_verdict_fill(struct pickle_findings *findings, const struct pickle_heap *heap,
			 uint32_t value);

#endif
