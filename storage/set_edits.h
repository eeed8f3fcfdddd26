// SPDX-License-Identifier: MIT
/**
 * What people do to sets, as the writer carries it out: in user.db, then told.
 */
#ifndef STORAGE_SET_EDITS_H
#define STORAGE_SET_EDITS_H

#include "storage/edits.h"

/**
 * @request  a REQUEST_SET_CHANGE
 * @err      USAGE: no such set, or one that is there; a name or tag that cannot be
 */
NODISCARD bool set_edits_change(struct store *store, struct request *request,
				struct edit_result *result, struct error *err);

#endif
