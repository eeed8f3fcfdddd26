// SPDX-License-Identifier: MIT
#include "config/knowledge_keys.h"

#include "core/knowledge/knowledge.h"

#define N(array) (sizeof(array) / sizeof *(array))

#define AT(member) offsetof(struct kind_rule, member)
static const struct key kind_keys[] = {
	{ "kind", KEY_KIND, AT(kind), SECTION_NONE, true },
	{ "when", KEY_RULES, AT(when), SECTION_NONE, true },
};
#undef AT

#define AT(member) offsetof(struct architecture, member)
static const struct key architecture_keys[] = {
	{ "name", KEY_TEXT, AT(name), SECTION_NONE, true },
	{ "foundation", KEY_TEXT, AT(foundation), SECTION_BASE_MODEL, true },
	{ "prediction", KEY_TEXT, AT(prediction), SECTION_PREDICTION, false },
	{ "resolution", KEY_TEXT, AT(resolution), SECTION_NONE, false },
	{ "shares", KEY_LIST, AT(shares), SECTION_ARCHITECTURE, false },
	{ "when", KEY_RULES, AT(when), SECTION_NONE, false },
	{ "adapter", KEY_RULES, AT(adapter), SECTION_NONE, false },
};
#undef AT

#define AT(member) offsetof(struct base_model, member)
static const struct key base_model_keys[] = {
	{ "name", KEY_TEXT, AT(name), SECTION_NONE, true },
	{ "parent", KEY_TEXT, AT(parent), SECTION_BASE_MODEL, false },
	{ "architecture", KEY_TEXT, AT(architecture), SECTION_ARCHITECTURE, true },
	{ "edge", KEY_EDGE, AT(edge_is_heavy), SECTION_NONE, false },
	{ "variant", KEY_TEXT, AT(variant), SECTION_VARIANT, false },
	{ "prediction", KEY_TEXT, AT(prediction), SECTION_PREDICTION, false },
	{ "resolution", KEY_TEXT, AT(resolution), SECTION_NONE, false },
	{ "aliases", KEY_FOLDED, AT(aliases), SECTION_NONE, false },
	{ "tokens", KEY_FOLDED, AT(tokens), SECTION_NONE, false },
	{ "subjects", KEY_FOLDED, AT(subjects), SECTION_NONE, false },
	{ "labels", KEY_FOLDED, AT(labels), SECTION_NONE, false },
	{ "modelspec", KEY_FOLDED, AT(modelspec), SECTION_NONE, false },
	{ "trainer", KEY_FOLDED, AT(trainer), SECTION_NONE, false },
	{ "tags", KEY_FOLDED, AT(tags), SECTION_NONE, false },
	{ "published", KEY_FOLDED, AT(published), SECTION_NONE, false },
	{ "hashes", KEY_FOLDED, AT(hashes), SECTION_NONE, false },
	{ "when", KEY_RULES, AT(when), SECTION_NONE, false },
	{ "refine", KEY_RULES, AT(refine), SECTION_NONE, false },
	{ "good-at", KEY_TEXT, AT(good_at), SECTION_NONE, false },
	{ "loras", KEY_TEXT, AT(loras), SECTION_NONE, false },
};
#undef AT

#define AT(member) offsetof(struct variant, member)
static const struct key variant_keys[] = {
	{ "name", KEY_TEXT, AT(name), SECTION_NONE, false },
	{ "kind", KEY_KIND, AT(kind), SECTION_NONE, false },
	{ "architecture", KEY_TEXT, AT(architecture), SECTION_ARCHITECTURE, false },
	{ "base-model", KEY_TEXT, AT(base_model), SECTION_BASE_MODEL, false },
	{ "prediction", KEY_TEXT, AT(prediction), SECTION_PREDICTION, false },
	{ "distilled", KEY_YES_NO, AT(is_distilled), SECTION_NONE, false },
	{ "spoils-loras", KEY_YES_NO, AT(spoils_loras), SECTION_NONE, false },
	{ "when", KEY_RULES, AT(when), SECTION_NONE, false },
	{ "tokens", KEY_FOLDED, AT(tokens), SECTION_NONE, false },
};
#undef AT

#define AT(member) offsetof(struct lineage_source, member)
static const struct key source_keys[] = {
	{ "from", KEY_TEXT, AT(from), SECTION_NONE, true },
	{ "with", KEY_TEXT, AT(with), SECTION_NONE, false },
	{ "read", KEY_READER, AT(reader), SECTION_NONE, true },
	{ "evidence", KEY_EVIDENCE, AT(evidence), SECTION_NONE, true },
	{ "confidence", KEY_CONFIDENCE, AT(confidence), SECTION_NONE, true },
	{ "proves-foundation", KEY_YES_NO, AT(proves_foundation), SECTION_NONE, false },
	{ "own-name", KEY_YES_NO, AT(is_own_name), SECTION_NONE, false },
};
#undef AT

static const struct key fact_keys[] = {
	{ "from", KEY_LIST, offsetof(struct fact_source, from), SECTION_NONE, true },
	{ "ignore", KEY_FOLDED, offsetof(struct fact_source, ignore), SECTION_NONE, false },
};

#define AT(member) offsetof(struct packing, member)
static const struct key packing_keys[] = {
	{ "marker", KEY_TEXT, AT(marker), SECTION_NONE, true },
	{ "stored", KEY_DTYPE, AT(stored), SECTION_NONE, true },
	{ "per-element", KEY_COUNT, AT(per_element), SECTION_NONE, true },
	{ "keeps-rows", KEY_YES_NO, AT(keeps_rows), SECTION_NONE, false },
	{ "precision", KEY_TEXT, AT(precision), SECTION_NONE, true },
	{ "beside", KEY_LIST, AT(beside), SECTION_NONE, false },
};
#undef AT

static const struct key prediction_keys[] = {
	{ "said", KEY_FOLDED, offsetof(struct prediction, said), SECTION_NONE, true },
	{ "exclusive", KEY_YES_NO, offsetof(struct prediction, is_exclusive), SECTION_NONE, false },
};

#define AT(member) offsetof(struct knowledge, member)
static const struct key bookkeeping_keys[] = {
	{ "endings", KEY_LIST, AT(bookkeeping_endings), SECTION_NONE, false },
	{ "beginnings", KEY_LIST, AT(bookkeeping_beginnings), SECTION_NONE, false },
};

static const struct key root_keys[] = {
	{ "denoiser", KEY_LIST, AT(denoiser_roots), SECTION_NONE, false },
	{ "adapter", KEY_LIST, AT(adapter_roots), SECTION_NONE, false },
	{ "text-encoder", KEY_LIST, AT(text_encoder_roots), SECTION_NONE, false },
	{ "other", KEY_LIST, AT(other_roots), SECTION_NONE, false },
	{ "input-layers", KEY_LIST, AT(input_layers), SECTION_NONE, false },
	{ "blocks", KEY_LIST, AT(block_names), SECTION_NONE, false },
};

static const struct key fit_keys[] = {
	{ "weight-sum-high", KEY_NUMBER, AT(fit.weight_sum_high), SECTION_NONE, false },
	{ "partial-binding", KEY_NUMBER, AT(fit.partial_binding), SECTION_NONE, false },
	{ "same-modules-many", KEY_COUNT, AT(fit.same_modules_many), SECTION_NONE, false },
	{ "works", KEY_LINES, AT(expert_pairs), SECTION_BASE_MODEL, false },
	{ "expert-words", KEY_LINES, AT(expert_words), SECTION_NONE, false },
	{ "expert-architectures", KEY_LIST, AT(expert_architectures), SECTION_ARCHITECTURE, false },
};

static const struct key export_keys[] = {
	{ "pools", KEY_FOLDED, AT(pools), SECTION_NONE, false },
	{ "lora-pools", KEY_FOLDED, AT(lora_pools), SECTION_NONE, false },
};
#undef AT

#define AT(member) offsetof(struct fit_note, member)
static const struct key note_keys[] = {
	{ "text", KEY_TEXT, AT(text), SECTION_NONE, true },
	{ "when", KEY_RULES, AT(when), SECTION_NONE, false },
	{ "lora", KEY_LIST, AT(lora_bases), SECTION_BASE_MODEL, false },
	{ "checkpoint", KEY_LIST, AT(checkpoint_bases), SECTION_BASE_MODEL, false },
	{ "experts", KEY_YES_NO, AT(is_of_experts), SECTION_NONE, false },
};
#undef AT

#define AT(member) offsetof(struct name_map, member)
static const struct key name_keys[] = {
	{ "architectures", KEY_LIST, AT(architectures), SECTION_ARCHITECTURE, false },
	{ "module", KEY_MODULE_RULES, AT(modules), SECTION_NONE, false },
};
#undef AT

#define AT(member) offsetof(struct text_encoder, member)
static const struct key text_encoder_keys[] = {
	{ "architectures", KEY_LIST, AT(architectures), SECTION_ARCHITECTURE, false },
	{ "roots", KEY_LIST, AT(roots), SECTION_NONE, false },
	{ "adapter", KEY_LIST, AT(adapter_roots), SECTION_NONE, false },
};
#undef AT

#define AT(member) offsetof(struct knowledge, member)
#define ELEMENTS(array, element, id) \
	.has_id = true, .array_offset = AT(array), .id_offset = offsetof(struct element, id)
#define KEYS(table) .keys = table, .n_keys = N(table)

const struct section_type section_types[SECTION_COUNT] = {
	[SECTION_KIND] = { .word = "kind",
			   .name = "kind rule",
			   ELEMENTS(kinds, kind_rule, id),
			   KEYS(kind_keys) },
	[SECTION_ARCHITECTURE] = { .word = "architecture",
				   .name = "architecture",
				   .id_is_word = true,
				   ELEMENTS(architectures, architecture, id),
				   KEYS(architecture_keys) },
	[SECTION_BASE_MODEL] = { .word = "base-model",
				 .name = "base model",
				 .id_is_word = true,
				 ELEMENTS(base_models, base_model, id),
				 KEYS(base_model_keys) },
	[SECTION_VARIANT] = { .word = "variant",
			      .name = "variant",
			      .id_is_word = true,
			      .id_ends_at_slash = true,
			      ELEMENTS(variants, variant, id),
			      KEYS(variant_keys) },
	[SECTION_SOURCE] = { .word = "source",
			     .name = "source",
			     ELEMENTS(sources, lineage_source, id),
			     KEYS(source_keys) },
	[SECTION_FACT] = { .word = "fact",
			   .name = "fact",
			   ELEMENTS(facts, fact_source, fact),
			   KEYS(fact_keys) },
	[SECTION_PACKING] = { .word = "packing",
			      .name = "packing",
			      .id_is_word = true,
			      ELEMENTS(packings, packing, id),
			      KEYS(packing_keys) },
	[SECTION_PREDICTION] = { .word = "prediction",
				 .name = "prediction",
				 .id_is_word = true,
				 ELEMENTS(predictions, prediction, id),
				 KEYS(prediction_keys) },
	[SECTION_BOOKKEEPING] = { .word = "bookkeeping",
				  .name = "list of names",
				  KEYS(bookkeeping_keys) },
	[SECTION_ROOTS] = { .word = "roots", .name = "list of roots", KEYS(root_keys) },
	[SECTION_NAMES] = { .word = "names",
			    .name = "map of names",
			    ELEMENTS(name_maps, name_map, id),
			    KEYS(name_keys) },
	[SECTION_TEXT_ENCODER] = { .word = "text-encoder",
				   .name = "text encoder",
				   .id_is_word = true,
				   .id_ends_at_slash = true,
				   ELEMENTS(text_encoders, text_encoder, id),
				   KEYS(text_encoder_keys) },
	[SECTION_EXPORT] = { .word = "export", .name = "list of folders", KEYS(export_keys) },
	[SECTION_NOTE] = { .word = "note",
			   .name = "note",
			   ELEMENTS(fit_notes, fit_note, id),
			   KEYS(note_keys) },
	[SECTION_FIT] = { .word = "fit", .name = "list of thresholds", KEYS(fit_keys) },
};
