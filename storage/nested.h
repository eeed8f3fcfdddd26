// SPDX-License-Identifier: MIT
/**
 * Roots within roots: the deepest owns, so what the outer one knew goes over to it.
 */
#ifndef STORAGE_NESTED_H
#define STORAGE_NESTED_H

#include "storage/store.h"

/**
 * Rows and what people attached to them go to the root that owns them now. While no scan runs;
 * without it the next scan would miss the models in the outer root and find them anew.
 */
NODISCARD bool nested_hand_over(struct store *store, const struct roots *roots, struct error *err);

#endif
