// SPDX-License-Identifier: MIT
/**
 * All that lorarium knows about one model file: the object of contract.md, "A model".
 *
 * STR_NULL means unknown. Whoever fills one says which arena owns it.
 */
#ifndef CORE_IDENTIFY_MODEL_H
#define CORE_IDENTIFY_MODEL_H

#include "core/formats/format.h"
#include "core/knowledge/words.h"

struct evidence {
	enum evidence_source source;
	struct str field; /* "kind", "architecture", "base_model", "variants", ... */
	struct str says;
	struct str detail;
};

struct adapter_summary {
	enum adapter_type type;      /* NONE: no adapter */
	uint32_t rank_min, rank_max; /* 0: none */
	bool has_alpha;
	double alpha;
	uint64_t n_modules;
	bool has_text_encoder, has_convolution;
};

struct trained_on {
	struct str name, sha256, autov2, model_id;
};

#define MODEL_LIST_MAX 64 /* variants, triggers, merged-from, evidence: more are dropped */

struct model {
	struct str name; /* last component without its final extension; a folder's whole */
	enum format format;
	enum status status;
	struct note error;
	const struct note *notes;
	size_t n_notes;
	enum kind kind;
	struct str architecture, base_model;
	bool lineage_known;
	const struct str *variants;
	size_t n_variants;
	struct str prediction;
	struct str precision;
	enum confidence confidence;
	const struct evidence *evidence;
	size_t n_evidence;
	const struct evidence *conflicts;
	size_t n_conflicts;
	uint64_t size_bytes;
	int64_t n_tensors;  /* -1: unknown */
	int64_t parameters; /* -1: unknown */
	struct adapter_summary adapter;
	struct trained_on trained_on;
	const struct str *merged_from;
	size_t n_merged_from;
	const struct str *triggers;
	size_t n_triggers;
	struct str alias; /* of a LoRA: how prompts may name it, too; STR_NULL: by its name alone */
	struct str title, author, description, license, resolution;
	enum safety safety;
	const struct str *globals;
	size_t n_globals;
	struct str sha256, autov2, autov3;
};

/** Is its size known? Of all that was looked at only an empty file, which is partial, has no bytes. */
static inline bool model_has_size(const struct model *model)
{
	return model->size_bytes > 0 || model->status == STATUS_PARTIAL;
}

#endif
