// SPDX-License-Identifier: MIT
/**
 * The marked models: a sorted set of ids.
 */
#ifndef TUI_APP_MARKS_H
#define TUI_APP_MARKS_H

#include "core/base/array.h"

struct marks {
	struct array ids; /* uint32_t, rising */
};

void marks_init(struct marks *marks);
void marks_finish(struct marks *marks);
void marks_clear(struct marks *marks);
bool marks_has(const struct marks *marks, uint32_t id);
void marks_toggle(struct marks *marks, uint32_t id);
void marks_add(struct marks *marks, const uint32_t *ids, size_t n);
/** Of the given ids, marks those that are not and unmarks those that are. */
void marks_invert(struct marks *marks, const uint32_t *ids, size_t n);

#endif
