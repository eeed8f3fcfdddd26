// SPDX-License-Identifier: MIT
/**
 * The tensors of a pickled model: found in its dicts, lists and modules, named by the way to them.
 *
 * "state_dict" and other wrappings of the whole are left out of the names. What a trainer needs to
 * go on (optimizers, random states) is counted, not listed.
 */
#ifndef CORE_FORMATS_STATE_DICT_H
#define CORE_FORMATS_STATE_DICT_H

#include "core/base/map.h"
#include "core/formats/reader.h"
#include "core/formats/torch_tensor.h"

#define STATE_DICT_TENSORS_MAX 1000000u
#define STATE_DICT_DEPTH_MAX 16u /* of names */
#define STATE_DICT_NAME_MAX 65535u
#define STATE_DICT_PAIRS_MAX 1000u

/** Where the bytes of a storage are. */
struct torch_place {
	uint64_t at, size_bytes;
	bool is_named; /* some tensor's storage is there */
};

/**
 * Fills table and metadata of the job's reading.
 *
 * E_PT_STORAGE, E_PT_SPAN, W_PT_DTYPE, V_MODULE and E_PK_LIMIT are told.
 *
 * @pickle  whose heap and root it is
 * @places  struct torch_place by storage key; NULL: the bytes are not in this file
 */
void state_dict_read(struct format_job *job, const struct pickle *pickle, const struct map *places);

#endif
