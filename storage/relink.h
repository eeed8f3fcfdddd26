// SPDX-License-Identifier: MIT
/**
 * A person says where a file went that a scan could not follow: what is attached to it goes there, too.
 */
#ifndef STORAGE_RELINK_H
#define STORAGE_RELINK_H

#include "storage/edits.h"

/**
 * One operation, which undo takes back.
 * @request  a REQUEST_RELINK
 * @err      USAGE: nothing is attached there, it is not gone, or the other is not there or is another
 *           content
 */
NODISCARD bool relink_model(struct store *store, struct request *request,
			    struct edit_result *result, struct error *err);

#endif
