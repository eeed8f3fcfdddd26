// SPDX-License-Identifier: MIT
/**
 * Writes pickles as torch.save does: protocol 2, everything that is named twice by its memo slot.
 */
#ifndef CORE_SAMPLES_PICKLER_H
#define CORE_SAMPLES_PICKLER_H

#include "core/base/array.h"
#include "core/base/map.h"
#include "core/samples/key_list.h"
#include "core/samples/spec.h"

struct pickler_storage {
	struct str key;
	enum dtype dtype;
	uint64_t n_elements;
};

struct pickler {
	struct arena *arena; /* borrowed */
	struct bytes out;
	struct map slots; /* what is in the memo */
	uint32_t n_slots;
	bool is_legacy;        /* storages as before 1.6 */
	struct array storages; /* struct pickler_storage, one a tensor */
};

void pickler_init(struct pickler *pickler, bool is_legacy, struct arena *arena);
void pickler_finish(struct pickler *pickler);

/** Between these the values, in the order of their bytes. */
void pickler_begin(struct pickler *pickler);
void pickler_end(struct pickler *pickler);

void pickler_op(struct pickler *pickler, char op);
void pickler_text(struct pickler *pickler, struct str text);
void pickler_number(struct pickler *pickler, int64_t number);
/** An empty dict or OrderedDict, and a mark; the _filled of it puts in what was written since. */
void pickler_dict(struct pickler *pickler, bool is_ordered);
void pickler_list(struct pickler *pickler);
void pickler_dict_filled(struct pickler *pickler);
void pickler_list_filled(struct pickler *pickler);
/** Any JSON value. */
void pickler_spec(struct pickler *pickler, const struct spec *spec);
void pickler_tensor(struct pickler *pickler, const struct key_row *row);

#endif
