// SPDX-License-Identifier: MIT
/**
 * Does a plan that was made some time ago still hold?
 */
#ifndef STORAGE_PLAN_CHECK_H
#define STORAGE_PLAN_CHECK_H

#include "core/organise/plan.h"
#include "storage/store.h"

/**
 * Looks at the disk for all of it, unless that was done just now.
 * @out  the plan as it is now: on `arena`, or borrowed from the one asked for
 * @err  CHANGED when it has conflicts
 */
NODISCARD bool plan_check(struct store *store, const struct plan *asked, struct arena *arena,
			  struct plan *out, struct error *err);

#endif
