// SPDX-License-Identifier: MIT
/**
 * Models concluded anew: from what was stored of them, and from what is known of their hashes by now.
 * Several at once, in threads. No file is touched.
 */
#ifndef STORAGE_RECONCLUDER_H
#define STORAGE_RECONCLUDER_H

#include "storage/store.h"

struct reconcluder;

struct reconcluder *reconcluder_create(struct store *store);
/** Accepts NULL. */
void reconcluder_destroy(struct reconcluder *reconcluder);

/**
 * Takes a model on. It is concluded, and what came of it stored in the store's open batch, by the next
 * reconcluder_flush, or before. A model that is gone is none. Those of one layout, one after the other, are
 * faster.
 *
 * @is_concluded  out, until then: false when its file has to be read for that, or it is gone; or NULL
 * @err           INDEX: roll back, and destroy the reconcluder
 */
NODISCARD bool reconcluder_add(struct reconcluder *reconcluder, uint32_t id, bool *is_concluded,
			       struct error *err);
/** Errors as above. */
NODISCARD bool reconcluder_flush(struct reconcluder *reconcluder, struct error *err);

/** One alone, at once: its hash was stored. Errors as above. */
NODISCARD bool reconcluder_do_one(struct reconcluder *reconcluder, uint32_t id, struct error *err);

#endif
