// SPDX-License-Identifier: MIT
/**
 * One model concluded anew: from what was stored of it, and from what is known of its hash by now. No
 * file is touched.
 */
#ifndef STORAGE_RECONCLUDER_H
#define STORAGE_RECONCLUDER_H

#include "storage/store.h"

struct reconcluder;

struct reconcluder *reconcluder_create(struct store *store);
/** Accepts NULL. */
void reconcluder_destroy(struct reconcluder *reconcluder);

/**
 * Concludes it and stores what came of it, in the store's open batch; a model that is gone is none.
 *
 * @layout_id  of its tensors; 0: it has none. Those of one layout, one after the other, are faster
 * @err        INDEX
 */
NODISCARD bool reconcluder_do(struct reconcluder *reconcluder, uint32_t id, int64_t layout_id,
			      struct error *err);

/**
 * The same of one whose hash was stored, or that lies in another folder now.
 * @is_concluded  out: false when its file has to be read for that, or it is gone
 */
NODISCARD bool reconcluder_do_one(struct reconcluder *reconcluder, uint32_t id, bool *is_concluded,
				  struct error *err);

#endif
