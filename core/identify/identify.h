// SPDX-License-Identifier: MIT
/**
 * Asks every question of a model file and weighs the answers.
 *
 * Two steps, since files of one trainer share their tensors: what the tensors prove
 * (identify_tensors, the same for every file of one layout) and what this file's words add.
 * Tensors are never overruled by a name: a word that contradicts them becomes a conflict.
 */
#ifndef CORE_IDENTIFY_IDENTIFY_H
#define CORE_IDENTIFY_IDENTIFY_H

#include "core/identify/gist.h"
#include "core/identify/model.h"
#include "core/knowledge/knowledge.h"

/** What names, types and shapes prove. */
struct tensor_facts {
	enum kind kind;
	struct str kind_detail;                  /* which rule, in words */
	enum evidence_source kind_source;        /* a folder's configuration tells it as well */
	const struct architecture *architecture; /* NULL: unknown */
	struct str architecture_detail;
	enum confidence architecture_confidence; /* below CERTAIN where the rule says so */
	const struct base_model *base_model;     /* proven by its `when`, or NULL */
	struct str base_model_detail;
	const struct variant *variants[8]; /* proven by tensors */
	struct str variant_details[8];
	size_t n_variants;
	struct str precision;           /* STR_NULL: cannot tell */
	int64_t n_tensors, parameters;  /* -1: unknown */
	struct adapter_summary adapter; /* alpha not filled: that is metadata */
};

/**
 * @config  of a model folder, which tells its kind; NULL or empty for a file
 * @arena   owns the details; the rest points into `knowledge`
 */
void identify_tensors(const struct knowledge *knowledge, const struct tensor_table *table,
		      const struct metadata *config, struct arena *arena, struct tensor_facts *out);

struct identify_input {
	struct str name;         /* as in struct model, raw bytes */
	struct str folder_name;  /* last component of the folder below the root; may be STR_NULL */
	const struct gist *gist; /* what was read, of it and beside it */
	const struct tensor_facts *tensors; /* NULL: the file has no table */
	bool only_count;                    /* a download under way: count, do not identify */
};

/** @arena owns whatever `out` does not borrow from the input or `knowledge`. */
void identify(const struct knowledge *knowledge, const struct identify_input *input,
	      struct arena *arena, struct model *out);

/** May a folder of that name change an answer? Else it is as if the folder had no name. */
bool identify_heeds_folder(const struct knowledge *knowledge, struct str folder);

#endif
