// SPDX-License-Identifier: MIT
/**
 * A reason in plain words that names both sides, for somebody who has never seen a tensor.
 *
 * Internal to core/fit. Says no more than the files prove.
 */
#ifndef CORE_FIT_SENTENCE_H
#define CORE_FIT_SENTENCE_H

#include "core/fit/judge.h"

struct str sentence_of(const struct knowledge *knowledge, const struct fit_side *checkpoint,
		       const struct fit_side *lora, const struct ground *ground,
		       struct arena *arena);

#endif
