// SPDX-License-Identifier: MIT
/**
 * An adapter's tensors as modules: what each one changes, by which factors, how wide.
 *
 * Splits tensor names into module and part by suffix tables, one table a naming; never un-joins
 * an underscore name. Source: binding facts, sections 2 and 3.
 */
#ifndef CORE_ADAPTERS_ADAPTER_H
#define CORE_ADAPTERS_ADAPTER_H

#include "core/adapters/delta.h"
#include "core/formats/tensor_table.h"
#include "core/knowledge/knowledge.h"

struct adapter_module {
	struct str stem;   /* tensor name without the part, as stored: "lora_unet_..._to_q" */
	struct str joined; /* root removed, dots as underscores: "down_blocks_0_..._to_q" */
	bool is_text_encoder;
	bool is_convolution; /* adapts a k x k kernel, k > 1 */
	uint64_t in, out;    /* widths of the target that the factors imply; 0: cannot tell */
	uint32_t rank;       /* as stored; 0: none */
	enum adapter_type algorithm;
	struct delta delta;
};

struct adapter {
	enum adapter_type type; /* of the whole: contract.md, adapter.type */
	const struct adapter_module *modules;
	size_t n_modules;
	uint32_t rank_min, rank_max; /* 0: none */
	bool has_text_encoder, has_convolution;
	size_t n_tensors;         /* tensors that are parts of modules */
	const struct str *others; /* what changes no module: tensors, and stems of lone alphas */
	size_t n_others;
};

/**
 * Reads a tensor table as an adapter.
 *
 * @return false when it is none: no module, or fewer than half of the tensors are parts
 */
bool adapter_read(const struct tensor_table *table, const struct knowledge *knowledge,
		  struct arena *arena, struct adapter *out);

#endif
