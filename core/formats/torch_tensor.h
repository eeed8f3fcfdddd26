// SPDX-License-Identifier: MIT
/**
 * Storages and tensors in the values of a pickle, as PyTorch writes them: a storage is a persistent
 * id, a tensor the call of a function that rebuilds one.
 *
 * Source: pytorch torch/serialization.py, torch/_utils.py.
 */
#ifndef CORE_FORMATS_TORCH_TENSOR_H
#define CORE_FORMATS_TORCH_TENSOR_H

#include "core/formats/pickle.h"
#include "core/formats/torch_type.h"

struct torch_storage {
	struct str module, name; /* of its class: "torch", "FloatStorage" */
	struct torch_type type;  /* element_bytes 0: the class is not known */
	bool is_untyped;         /* counts bytes */
	struct str key;          /* of the entry or the stretch that holds it */
	uint64_t n_elements;
	bool is_view; /* of a stretch of another: legacy files only */
	uint64_t view_at, view_elements;
};

struct torch_tensor {
	bool has_storage; /* false: it has a shape only */
	struct torch_storage storage;
	struct torch_type type;
	uint64_t at_element; /* of its first element in the storage */
	uint8_t rank;
	uint64_t shape[TENSOR_RANK_MAX], strides[TENSOR_RANK_MAX];
};

/** The global that a value is; NULL when it is none. */
const struct pickle_global *torch_global(const struct pickle *pickle, uint32_t value);
bool torch_is_global(const struct pickle *pickle, uint32_t value, const char *module,
		     const char *name);

bool torch_storage_parse(const struct pickle *pickle, uint32_t value, struct torch_storage *out);
/** Unwraps parameters. */
bool torch_tensor_parse(const struct pickle *pickle, uint32_t value, struct torch_tensor *out);

/** Would torch_tensor_parse find one here? Looks at the call alone. */
bool torch_is_tensor(const struct pickle *pickle, uint32_t value);

/** Does it lie within its storage? */
bool torch_tensor_fits(const struct torch_tensor *tensor);
/** Product of the shape; false on overflow. */
bool torch_tensor_elements(const struct torch_tensor *tensor, uint64_t *out);

#endif
