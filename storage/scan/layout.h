// SPDX-License-Identifier: MIT
/**
 * Layouts: names, types and shapes of all tensors of a model as flat bytes, kept once for all the
 * models that share them.
 *
 * Complete: what comes back is the tensor table that was read, but for the places of the tensors in
 * their file. Hostile bytes are refused, and what decodes encodes to the same bytes.
 */
#ifndef STORAGE_SCAN_LAYOUT_H
#define STORAGE_SCAN_LAYOUT_H

#include "core/base/array.h"
#include "core/base/error.h"
#include "core/formats/tensor_table.h"

#define LAYOUT_FLAT_VERSION 1u
#define LAYOUT_KEY_BYTES 16u
#define LAYOUT_BYTES_MAX (32u << 20) /* before it is squeezed: a million tensors fit */
#define LAYOUT_NAMES_MAX (64u << 20) /* bytes of all names, written out */

/**
 * Appends the flat form.
 * @return false when it is larger than what is kept; `out` then holds half of it
 */
NODISCARD bool layout_encode(const struct tensor_table *table, struct bytes *out);

/** By which equal layouts are told: LAYOUT_KEY_BYTES of a SHA-256. On `arena` */
struct str layout_key(struct str flat, struct arena *arena);

/** Appends it as it is kept. */
void layout_squeeze(struct str flat, struct bytes *out);

/**
 * @squeezed  from layout_squeeze()
 * @arena     owns names and shapes
 * @err       FORMAT: the bytes are not ours, or of another version
 */
NODISCARD bool layout_decode(struct str squeezed, struct arena *arena, struct tensor_table *out,
			     struct error *err);
/** The key of what is kept, for who does not trust the one that came along. Errors as above. */
NODISCARD bool layout_key_of_squeezed(struct str squeezed, struct arena *arena, struct str *key,
				      struct error *err);

#endif
