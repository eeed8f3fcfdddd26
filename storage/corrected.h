// SPDX-License-Identifier: MIT
/**
 * Brings index.db after the corrections in user.db, whatever came between the two: an edit, a file
 * that moved, a power cut, another user.db.
 */
#ifndef STORAGE_CORRECTED_H
#define STORAGE_CORRECTED_H

#include "storage/store.h"

/** Concludes anew every model that is not as it was corrected; commits and tells. */
NODISCARD bool corrected_update(struct store *store, struct error *err);

#endif
