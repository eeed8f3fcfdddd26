// SPDX-License-Identifier: MIT
/**
 * Which sidecars of other programs would come to say what a person made of their models. Looks at the
 * files, and changes nothing.
 */
#ifndef STORAGE_ANSWERS_EXPORT_H
#define STORAGE_ANSWERS_EXPORT_H

#include "core/organise/plan.h"
#include "storage/answers.h"

/**
 * Makes the steps: of each sidecar the old one goes to the trash, and the new one is written. One that
 * cannot be told gets a step with its conflict; one that says all of it already gets none.
 * @arena  owns what the plan points to
 */
NODISCARD bool answers_export(struct answers *answers, const uint32_t *ids, size_t n,
			      struct arena *arena, struct plan *out, struct error *err);

#endif
