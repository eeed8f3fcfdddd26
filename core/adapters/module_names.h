// SPDX-License-Identifier: MIT
/**
 * Where in a checkpoint the modules of adapters lie: every spelling of every module of one
 * checkpoint, looked up by an adapter's spelling. An underscore name is never un-joined.
 *
 * Built once for a checkpoint, then a look-up or two a module. Which namings there are is
 * knowledge. Source: binding facts, sections 1, 4 and 6.
 */
#ifndef CORE_ADAPTERS_MODULE_NAMES_H
#define CORE_ADAPTERS_MODULE_NAMES_H

#include "core/adapters/adapter.h"

enum component {
	COMPONENT_DENOISER,
	COMPONENT_TEXT_ENCODER_1,
	COMPONENT_TEXT_ENCODER_2,
	COMPONENT_TEXT_ENCODER_3,
	COMPONENT_COUNT
};

const char *component_word(enum component component); /* "text-encoder-1" */

/** What a name stands for: a tensor, rows of one, or several that the name takes together. */
struct module_target {
	struct str name; /* of the tensor as stored; several have " + " between */
	struct delta_target shape;
	uint64_t kernel[DELTA_KERNEL_MAX];
	uint8_t n_kernel;
	bool is_vector; /* a norm or a bias */
};

struct module_names;

/**
 * Reads a checkpoint's tensors.
 *
 * @architecture  its id, which says what maps of names hold; STR_NULL: names as they are
 * @arena         owns the result; names are borrowed from `table` and `knowledge`
 */
const struct module_names *module_names_create(const struct knowledge *knowledge,
					       const struct tensor_table *table,
					       struct str architecture, struct arena *arena);

/** The tensors that it was made from; its names must live as long. */
const struct tensor_table *module_names_table(const struct module_names *names);

/** Cuts the root off a tensor of the denoiser; false for all others. */
bool module_names_cut_root(const struct module_names *names, struct str *tensor);

/** Does the checkpoint have any tensor of that component? */
bool module_names_has(const struct module_names *names, enum component component);

/**
 * What the module of an adapter changes.
 * @component  out: where it belongs, found or not
 * @return     NULL when the checkpoint has no such module
 */
const struct module_target *module_names_find(const struct module_names *names,
					      const struct adapter_module *module,
					      enum component *component);

#endif
