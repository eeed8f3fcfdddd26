// SPDX-License-Identifier: MIT
/**
 * What a rule may look at: the tensors and modules of one file, what is concluded already, and,
 * in the second step, the words that go with the file.
 */
#ifndef CORE_IDENTIFY_VIEW_H
#define CORE_IDENTIFY_VIEW_H

#include "core/adapters/adapter.h"
#include "core/formats/format.h"
#include "core/identify/packing.h"

#define VIEW_VARIANTS_MAX 16

struct hearing;

struct view {
	const struct knowledge *knowledge;

	/* tensors: indexed when the first rule asks for them */
	const struct tensor_table *table; /* NULL: the file has none */
	struct arena *arena;              /* owns the indices; borrowed from the caller */
	bool is_open;
	const struct adapter *adapter;      /* NULL: the file is none */
	struct name_index tensors, modules; /* modules: of the denoiser only */
	const uint32_t *module_i;           /* by name of `modules`: index in adapter->modules */
	struct packings packings;

	/* words: absent while only tensors are judged */
	bool has_words;
	const struct metadata *metadata;
	const struct metadata *config; /* of a model folder; NULL: not to be asked now */
	struct texts tags;             /* of training captions, folded */
	struct str name;               /* of the file, folded */
	struct str sha256;             /* or STR_NULL */
	const struct hearing *hearing;

	/* concluded so far */
	enum kind kind;
	const struct architecture *architecture; /* or NULL */
	const struct base_model *base_model;     /* or NULL */
	const struct variant *variants[VIEW_VARIANTS_MAX];
	size_t n_variants;
};

/**
 * Reads the table as an adapter and indexes its names, unless that was done.
 * @return false when there is no table
 */
bool view_open(struct view *view);

bool view_has_variant(const struct view *view, struct str id);

#endif
