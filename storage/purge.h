// SPDX-License-Identifier: MIT
/**
 * Forgetting models that are missing, when a person says so; never because of a scan.
 *
 * Their rows in the index go at once. What people attached to them is put away: undo brings it back,
 * and so does the file, at its old place or wherever its content is found. What nobody missed for
 * PURGE_KEPT_DAYS goes for good. never-lose-data.md, section 3.
 */
#ifndef STORAGE_PURGE_H
#define STORAGE_PURGE_H

#include "storage/edits.h"

#define PURGE_KEPT_DAYS 90

/** @request  a REQUEST_PURGE with its ids: those that are not missing are left alone */
NODISCARD bool purge_models(struct store *store, struct request *request,
			    struct edit_result *result, struct error *err);

/** Lets go for good of what was put away long ago and whose file did not come back. */
NODISCARD bool purge_expire(struct store *store, int64_t now_s, struct error *err);

#endif
