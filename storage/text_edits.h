// SPDX-License-Identifier: MIT
/**
 * What people wrote about many models in one text: as it stands there it is to be.
 */
#ifndef STORAGE_TEXT_EDITS_H
#define STORAGE_TEXT_EDITS_H

#include "storage/edits.h"

/** @request  a REQUEST_EDIT. @err with the line's number; nothing is changed then */
NODISCARD bool text_edits_apply(struct store *store, struct request *request,
				struct edit_result *result, struct error *err);

#endif
