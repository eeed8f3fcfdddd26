// SPDX-License-Identifier: MIT
/**
 * What lorarium knows of the world, as plain data: kinds, architectures, base models, variants,
 * where evidence is found and how far it is trusted. Filled from INI by config/knowledge; by hand
 * in tests. Immutable once finished, so threads share it.
 */
#ifndef CORE_KNOWLEDGE_KNOWLEDGE_H
#define CORE_KNOWLEDGE_KNOWLEDGE_H

#include "core/base/array.h"
#include "core/base/map.h"
#include "core/formats/tensor_table.h"
#include "core/knowledge/module_rule.h"
#include "core/knowledge/rule.h"
#include "core/knowledge/tokens.h"
#include "core/knowledge/words.h"

struct texts {
	const struct str *list;
	size_t n;
};

/** First whose rule holds wins; in the order of the files. */
struct kind_rule {
	enum kind kind;
	struct str id; /* section name, "kohya lora" */
	struct rules when;
};

struct architecture {
	struct str id, name;
	struct str foundation; /* base model id when nothing tells more */
	struct str prediction; /* "eps", "v", "flow", "edm"; STR_NULL when mixed */
	struct str resolution; /* "1024x1024" or STR_NULL */
	struct texts shares;   /* architectures whose tensors are partly the same */
	struct rules when;     /* of models: tensor terms */
	struct rules adapter;  /* of adapters: module terms */
};

struct base_model {
	struct str id, name;
	struct str parent; /* STR_NULL for a root */
	struct str architecture;
	bool edge_is_heavy; /* the edge to its parent: a retrain, not a fine-tune */
	struct str variant; /* "lightning": named only if nothing names a lineage; or STR_NULL */
	struct str prediction, resolution;
	struct texts aliases;      /* for base:NAME */
	struct texts tokens;       /* of names; folded */
	struct texts subjects;     /* those of them that name an adapter's subject: "midnight" */
	struct texts labels;       /* of shops; folded */
	struct texts modelspec;    /* of modelspec.architecture without "/lora"; folded */
	struct texts trainer;      /* ss_base_model_version; folded */
	struct texts tags;         /* in training captions, folded */
	struct texts published;    /* names of the very file that its maker gave out; folded */
	struct texts hashes;       /* "sha256:...", "autov2:...", "legacy8:...@name" */
	struct rules when;         /* tensors prove it */
	struct rules refine;       /* the parent was concluded and this holds: it is this one */
	struct str good_at, loras; /* our own words for the user; or STR_NULL */
	size_t parent_i;           /* SIZE_MAX for a root; filled by knowledge_finish */
	size_t depth;
};

struct variant {
	struct str id, name;
	enum kind kind;          /* KIND_UNKNOWN: any */
	struct str architecture; /* STR_NULL: any */
	struct str base_model;   /* its own id, "sd1-inpaint", when nothing names a lineage */
	struct str prediction;   /* what it makes of the prediction: "v"; or STR_NULL */
	bool is_distilled;       /* two of them do not stack */
	bool spoils_loras;       /* LoRAs that were not made for it load, and disappoint */
	struct rules when;
	struct texts tokens; /* of names, only where tensors cannot tell */
};

/** The namings of some architectures' modules, one in terms of another. */
struct name_map {
	struct str id;              /* section name, "flux1" */
	struct texts architectures; /* none: of every text encoder */
	struct module_rules modules;
};

/** What is worth knowing of some pairs although it changes no verdict. */
struct fit_note {
	struct str id;           /* section name */
	bool is_of_experts;      /* of models that work in pairs, not of programs */
	struct rules when;       /* of the adapter's tensors; none: of every adapter */
	struct texts lora_bases; /* and what descends from them; none: of every base model */
	struct texts checkpoint_bases;
	struct str text; /* sentences for people */
};

#define TEXT_ENCODERS_MAX 3

/** A text encoder's place, in checkpoints and in adapters. */
struct text_encoder {
	struct str id;              /* its number, "1" */
	struct texts architectures; /* none: wherever no other section of that number names it */
	struct texts roots;         /* of tensors in checkpoints; a * is one word */
	struct texts adapter_roots; /* of modules in adapters */
};

/** How the text of a source is read. */
enum source_reader {
	READ_SHA256,
	READ_AUTOV2,
	READ_LEGACY8,
	READ_LABEL,
	READ_PUBLISHED,
	READ_MODELSPEC,
	READ_TRAINER,
	READ_TOKENS,
	READ_MERGE,
	READ_TAGS,
	READ_COUNT
};

/** Where lineage evidence is found, in the order in which it is trusted. */
struct lineage_source {
	struct str id; /* "ss_sd_model_name" */
	struct str
		from; /* "meta:KEY", "sidecar:base_model", "sidecar:sha256", "filename", "folder", "title" */
	struct str with; /* legacy8: the source that must agree, "meta:ss_sd_model_name" */
	enum source_reader reader;
	enum evidence_source evidence;
	enum confidence confidence;
	bool proves_foundation; /* naming the foundation counts as knowing the lineage */
	bool is_own_name;       /* an adapter is called after its subject there */
};

/** An ordering of metadata for a plain fact: first present key wins. */
struct fact_source {
	struct str fact;                /* "title", "author", "triggers", "trained_on.name", ... */
	struct texts from;              /* "meta:KEY", "sidecar:triggers", ... */
	struct texts ignore;            /* training tags, aliases that tell nothing; folded globs */
	const struct fact_source *next; /* of the same fact; NULL: the last */
};

/** How quantisers store several weights in one element, told by the names beside the weights. */
struct packing {
	struct str id;
	struct str marker;    /* ".wscales": how the name of a tensor beside the weights ends */
	enum dtype stored;    /* the weights' type in the file */
	unsigned per_element; /* weights in one stored element */
	bool keeps_rows;      /* only the last dimension is shorter; else the shape is lost */
	struct str precision; /* contract.md, precision */
	struct texts beside;  /* further endings of what is no weight there */
};

/** A prediction type and how trainers and shops write it. */
struct prediction {
	struct str id;     /* "eps", "v", "flow", "edm" */
	struct texts said; /* folded */
	bool is_exclusive; /* whoever predicts so by its architecture never does otherwise */
};

struct fit_weights {            /* thresholds of the verdict: data */
	double weight_sum_high; /* "weights-high" from here on */
	double partial_binding; /* share of the modules below which a LoRA does not fit */
	unsigned same_modules_many;
};

struct knowledge {
	struct arena arena;               /* owns everything below */
	struct array kinds;               /* struct kind_rule */
	struct array architectures;       /* struct architecture, first match wins */
	struct array base_models;         /* struct base_model */
	struct array variants;            /* struct variant */
	struct array sources;             /* struct lineage_source, most trusted first */
	struct array facts;               /* struct fact_source */
	struct array packings;            /* struct packing */
	struct array predictions;         /* struct prediction */
	struct texts bookkeeping_endings; /* of names of tensors that are no weights */
	struct texts bookkeeping_beginnings;
	struct array name_maps;      /* struct name_map */
	struct array text_encoders;  /* struct text_encoder */
	struct array fit_notes;      /* struct fit_note */
	struct texts denoiser_roots; /* "model.diffusion_model.", ... longest first */
	struct texts adapter_roots;  /* "lora_unet_", "transformer.", ... longest first */
	struct texts
		text_encoder_roots; /* "lora_te1_", "text_encoder." ...: modules of text encoders */
	struct texts
		other_roots; /* "first_stage_model.", ...: in checkpoints, and no adapter's target */
	struct texts input_layers; /* modules that take as many channels as the variant has */
	struct texts block_names;  /* "input_blocks in": how a row of blocks is called, in order */
	struct texts expert_pairs; /* "LORA-BASE CHECKPOINT-BASE": the user knows that they work */
	struct texts
		expert_words; /* "high low": what the two LoRAs of a pair are called by, folded */
	struct texts
		expert_architectures; /* whose models are two: one for much noise, one for little */
	struct fit_weights fit;
	struct texts pools;                /* folders in which programs keep checkpoints; folded */
	struct texts lora_pools;           /* and LoRAs */
	struct token_index base_tokens;    /* owners are places in base_models */
	struct token_index adapter_tokens; /* the same without subjects: for adapters' own names */
	struct token_index variant_tokens; /* owners are places in variants */
	struct map fact_by_name;           /* the first struct fact_source of each */
	struct map base_by_id, architecture_by_id; /* index + 1 as pointer-sized number */
	char version[17]; /* hex of a hash over all files read; "" until finished */
};

/** Generations from a root to a base model; more can only be a circle. */
#define KNOWLEDGE_DEPTH_MAX 32

struct knowledge *knowledge_create(void);
void knowledge_destroy(struct knowledge *knowledge);
/** Checks references, fills indices and depths. @err FORMAT naming the id and what it lacks. */
NODISCARD bool knowledge_finish(struct knowledge *knowledge, struct error *err);

const struct architecture *knowledge_architecture(const struct knowledge *k, struct str id);
const struct base_model *knowledge_base(const struct knowledge *k, struct str id);
/** Display name of a base model, "SDXL 1.0"; the id itself when unknown; "unknown" for STR_NULL. */
struct str knowledge_base_name(const struct knowledge *k, struct str id);
/** An id, else an alias, a display name or a shop's label; NULL: `near` (may be NULL) gets up to 3 close ids. */
const struct base_model *knowledge_base_by_name(const struct knowledge *k, struct str name,
						struct str near[3]);
/** The same for what a person typed. @err USAGE: there is none, and which are near */
const struct base_model *knowledge_base_typed(const struct knowledge *k, struct str name,
					      struct error *err);
/** The first source of a fact, then its `next`; NULL: no such fact. */
const struct fact_source *knowledge_fact(const struct knowledge *k, struct str fact);
/** Is `id` equal to `ancestor` or below it, without leaving the ancestor's architecture? */
bool knowledge_is_within(const struct knowledge *k, struct str id, struct str ancestor);
/** Nearest common ancestor (may be one of them); NULL when they share none. */
const struct base_model *knowledge_common(const struct knowledge *k, const struct base_model *a,
					  const struct base_model *b);

enum path_kind { PATH_SAME, PATH_LIGHT, PATH_HEAVY, PATH_NONE };
/** The way between two base models over the tree: HEAVY when one edge on it is. */
enum path_kind knowledge_path(const struct knowledge *k, struct str a, struct str b);

#endif
