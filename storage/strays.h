// SPDX-License-Identifier: MIT
/**
 * A model that may have moved while nobody looked: what a person is asked about.
 */
#ifndef STORAGE_STRAYS_H
#define STORAGE_STRAYS_H

#include "core/base/str.h"

/** People attached something to it, and it is gone; its content is elsewhere. */
struct stray_model {
	struct str path;          /* absolute, as are the next */
	const struct str *places; /* at least one */
	size_t n_places;
};

#endif
