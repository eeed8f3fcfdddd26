// SPDX-License-Identifier: MIT
/**
 * Calls of threads, locks and clocks: one that fails is a broken invariant, never a condition of the
 * world.
 */
#ifndef CORE_BASE_MUST_H
#define CORE_BASE_MUST_H

#include "core/base/error.h"

/** A BUG where the call gives anything but 0. */
#define must(call)                                             \
	do {                                                   \
		int must_result = (call);                      \
		if (must_result)                               \
			BUG("%s gave %d", #call, must_result); \
	} while (0)

#endif
