// SPDX-License-Identifier: MIT
/**
 * What people do to a tag itself, wherever it is attached.
 */
#ifndef STORAGE_TAG_EDITS_H
#define STORAGE_TAG_EDITS_H

#include "storage/edits.h"

/**
 * Another name for a tag, on models and on sets, as one operation; what has both keeps one.
 *
 * @request  a REQUEST_TAGS_RENAME. @err USAGE: there is no such tag, or the name can be none
 */
NODISCARD bool tag_edits_rename(struct store *store, struct request *request,
				struct edit_result *result, struct error *err);

#endif
