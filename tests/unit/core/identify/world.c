// SPDX-License-Identifier: MIT
#include "tests/unit/core/identify/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/identify/said.h"
#include "tests/unit/core/adapters/table.h"

static struct str roots[] = { { "model.", 6 }, { "root.", 5 } };

/* "a; b" as a list. */
static struct texts texts_of(struct knowledge *k, const char *list)
{
	struct str *texts = ARENA_NEW_N(&k->arena, struct str, 8), rest = str_from(list), part;
	size_t n = 0;
	while (n < 8 && str_next_part(&rest, ';', &part))
		texts[n++] = str_trim(part);
	return (struct texts){ texts, n };
}

/* One rule a line. */
static struct rules rules_of(struct knowledge *k, const char *lines)
{
	struct rule *rules = ARENA_NEW_N(&k->arena, struct rule, 8);
	struct str rest = str_from(lines), line;
	struct error err = { 0 };
	size_t n = 0;
	while (n < 8 && str_next_part(&rest, '\n', &line))
		if (!rule_parse(line, &k->arena, &rules[n++], &err))
			fail_msg("%s", err.text);
	return (struct rules){ rules, n };
}

static void add_kind(struct knowledge *k, const char *id, enum kind kind, const char *when)
{
	*ARRAY_PUSH(&k->kinds, struct kind_rule) =
		(struct kind_rule){ kind, str_from(id), rules_of(k, when) };
}

static void add_architectures(struct knowledge *k)
{
	*ARRAY_PUSH(&k->architectures, struct architecture) = (struct architecture){
		.id = STR("house"),
		.name = STR("House"),
		.foundation = STR("house"),
		.prediction = STR("eps"),
		.when = rules_of(k, "in(blocks.#.attn2.to_k) = 768 !tensor(lift.weight)"),
		.adapter = rules_of(k, "in(*attn2_to_k) = 768"),
	};
	*ARRAY_PUSH(&k->architectures, struct architecture) = (struct architecture){
		.id = STR("tower"),
		.name = STR("Tower"),
		.foundation = STR("tower"),
		.prediction = STR("flow"),
		.when = rules_of(k, "tensor(lift.weight)[*,8]\nconfig(*.json:class) = tower"),
		.adapter = rules_of(k, "in(*attn2_to_k) = 2048"),
	};
	*ARRAY_PUSH(&k->architectures, struct architecture) = (struct architecture){
		.id = STR("folly"),
		.name = STR("Folly"),
		.foundation = STR("folly"),
		.shares = texts_of(k, "tower"),
		.adapter = rules_of(k, "architecture(tower) said(folly) !module(*_lift)\n"
				       "likely in(*mast) = 8"),
	};
}

static void add_bases(struct knowledge *k)
{
	static const struct {
		const char *id, *parent, *architecture, *tokens, *labels, *tags, *hashes, *variant;
		const char *when, *refine, *prediction;
	} rows[] = {
		{ .id = "house",
		  .architecture = "house",
		  .tokens = "house",
		  .labels = "homes;house 1.0" },
		{ .id = "pony",
		  .parent = "house",
		  .architecture = "house",
		  .tokens = "pony;ponyxl",
		  .labels = "stable",
		  .tags = "score_9",
		  .hashes =
			  "sha256:aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff0000@x;"
			  "legacy8:12345678@Pony One.ckpt" },
		{ .id = "cottage",
		  .parent = "pony",
		  .architecture = "house",
		  .tokens = "cottage",
		  .labels = "stable",
		  .refine = "variant(v-pred)",
		  .prediction = "v" },
		{ .id = "villa",
		  .parent = "house",
		  .architecture = "house",
		  .tokens = "villa",
		  .labels = "homes",
		  .when = "tensor(pool)" },
		{ .id = "bungalow",
		  .parent = "house",
		  .architecture = "house",
		  .tokens = "flat",
		  .labels = "flat",
		  .variant = "flat" },
		{ .id = "tower", .architecture = "tower", .tokens = "tower", .labels = "towers" },
		{ .id = "folly", .architecture = "folly", .tokens = "folly", .labels = "follies" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct base_model *base = ARRAY_PUSH(&k->base_models, struct base_model);
		base->id = base->name = str_from(rows[i].id);
		base->parent = str_from(rows[i].parent);
		base->architecture = str_from(rows[i].architecture);
		base->tokens = texts_of(k, rows[i].tokens);
		base->labels = texts_of(k, rows[i].labels);
		base->tags = texts_of(k, rows[i].tags);
		base->hashes = texts_of(k, rows[i].hashes);
		base->variant = str_from(rows[i].variant);
		base->prediction = str_from(rows[i].prediction);
		base->when = rules_of(k, rows[i].when);
		base->refine = rules_of(k, rows[i].refine);
	}
}

static void add_variants(struct knowledge *k)
{
	*ARRAY_PUSH(&k->variants, struct variant) = (struct variant){
		.id = STR("flat"),
		.name = STR("flat"),
		.architecture = STR("house"),
		.when = rules_of(k, "tensor(in.weight)[*,9]"),
		.tokens = texts_of(k, "flat"),
	};
	*ARRAY_PUSH(&k->variants, struct variant) = (struct variant){
		.id = STR("v-pred"),
		.name = STR("v-prediction"),
		.prediction = STR("v"),
		.when = rules_of(k, "tensor(v_pred)\nmeta(ss_v_parameterization) = true"),
	};
}

static void add_source(struct knowledge *k, const char *from, enum source_reader reader,
		       enum evidence_source evidence, enum confidence confidence)
{
	struct lineage_source *source = ARRAY_PUSH(&k->sources, struct lineage_source);
	source->id = source->from = str_from(from);
	source->reader = reader;
	source->evidence = evidence;
	source->confidence = confidence;
	source->proves_foundation = reader == READ_SHA256;
	if (reader == READ_LEGACY8)
		source->with = STR("meta:ss_sd_model_name");
}

static void add_sources(struct knowledge *k)
{
	add_source(k, "meta:ss_new_sd_model_hash", READ_SHA256, SOURCE_TRAINED_ON,
		   CONFIDENCE_LIKELY);
	add_source(k, "meta:ss_sd_model_hash", READ_LEGACY8, SOURCE_TRAINED_ON, CONFIDENCE_LIKELY);
	add_source(k, "sidecar:base_model", READ_LABEL, SOURCE_SIDECAR, CONFIDENCE_LIKELY);
	add_source(k, "meta:ss_sd_model_name", READ_TOKENS, SOURCE_METADATA, CONFIDENCE_LIKELY);
	add_source(k, "meta:ss_tag_frequency", READ_TAGS, SOURCE_METADATA, CONFIDENCE_LIKELY);
	add_source(k, "filename", READ_TOKENS, SOURCE_FILENAME, CONFIDENCE_GUESS);
	add_source(k, "folder", READ_TOKENS, SOURCE_FOLDER, CONFIDENCE_GUESS);
}

static void add_packing(struct knowledge *k, const char *id, const char *marker, enum dtype stored,
			unsigned per_element, bool keeps_rows)
{
	*ARRAY_PUSH(&k->packings, struct packing) = (struct packing){
		.id = str_from(id),
		.marker = str_from(marker),
		.stored = stored,
		.per_element = per_element,
		.keeps_rows = keeps_rows,
		.precision = str_from(id),
	};
}

static void add_packings(struct knowledge *k)
{
	add_packing(k, "nf4", ".quant_state.bitsandbytes__nf4", DTYPE_U8, 2, false);
	add_packing(k, "fp4", ".quant_state.bitsandbytes__fp4", DTYPE_U8, 2, false);
	add_packing(k, "nvfp4", ".weight_scale_2", DTYPE_U8, 2, true);
	add_packing(k, "svdq", ".wscales", DTYPE_I8, 2, true);
	add_packing(k, "svdq", ".wzeros", DTYPE_I32, 8, false);
	ARRAY_AT(&k->packings, struct packing, 3)->beside = texts_of(k, ".smooth");
	k->bookkeeping_endings = texts_of(
		k, ".alpha; .absmax; .quant_map; .scale_weight; .weight_scale; scaled_fp8");
	k->bookkeeping_beginnings = texts_of(k, "model_ema.");
}

static void add_prediction(struct knowledge *k, const char *id, const char *said)
{
	*ARRAY_PUSH(&k->predictions, struct prediction) =
		(struct prediction){ str_from(id), texts_of(k, said) };
}

static void add_fact(struct knowledge *k, const char *fact, const char *from)
{
	*ARRAY_PUSH(&k->facts, struct fact_source) =
		(struct fact_source){ str_from(fact), texts_of(k, from) };
}

static void add_facts(struct knowledge *k)
{
	add_fact(k, "title", "meta:modelspec.title; sidecar:title");
	add_fact(k, "prediction",
		 "meta:modelspec.prediction_type; config:plan.json:prediction_type");
	add_fact(k, "resolution", "meta:ss_resolution");
	add_fact(k, "alpha", "meta:ss_network_alpha");
	add_fact(k, "triggers", "meta:trigger_phrase; sidecar:triggers; meta:ss_tag_frequency");
	add_fact(k, "trained_on.name", "meta:ss_sd_model_name");
	add_fact(k, "trained_on.sha256", "meta:ss_new_sd_model_hash");
	add_fact(k, "merged_from", "meta:merged_from");
	add_fact(k, "alias", "meta:ss_output_name");
	ARRAY_AT(&k->facts, struct fact_source, k->facts.len - 1)->ignore = texts_of(k, "addams");
}

int world_open(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	struct error err = { 0 };
	struct knowledge *k = world->knowledge = knowledge_create();
	add_kind(k, "speech", KIND_UNKNOWN, "module(layers_#_*)");
	add_kind(k, "pipeline", KIND_CHECKPOINT, "config(index.json:class)");
	add_kind(k, "adapter", KIND_LORA, "adapter(lora)\nadapter(locon)");
	add_kind(k, "checkpoint", KIND_CHECKPOINT, "tensor(root.**) tensor(words.**)");
	add_kind(k, "model", KIND_DIFFUSION_MODEL, "tensor(blocks.#.**)");
	add_kind(k, "vae", KIND_VAE, "tensor(decoder.**)");
	add_architectures(k);
	add_bases(k);
	add_variants(k);
	add_sources(k);
	add_packings(k);
	add_prediction(k, "eps", "epsilon");
	add_prediction(k, "v", "v_prediction; velocity");
	add_facts(k);
	k->denoiser_roots = (struct texts){ roots, 2 };
	k->adapter_roots = (struct texts){ roots, 2 };
	if (!knowledge_finish(k, &err))
		fail_msg("%s", err.text);
	world->reading.format = FORMAT_SAFETENSORS;
	world->reading.metadata.pairs = world->pairs;
	world->reading.config.pairs = world->config;
	*state = world;
	return 0;
}

int world_close(void **state)
{
	struct world *world = *state;
	knowledge_destroy(world->knowledge);
	arena_finish(&world->arena);
	free(world);
	return 0;
}

void world_tensors(struct world *world, const char *lines)
{
	world->reading.table = table_of(&world->arena, DTYPE_F16, lines);
	world->reading.has_table = true;
	identify_tensors(world->knowledge, &world->reading.table, &world->reading.config,
			 &world->arena, &world->facts);
}

void world_say(struct world *world, const char *key, const char *value)
{
	world->pairs[world->reading.metadata.n_pairs++] =
		(struct metadata_pair){ str_from(key), str_from(value) };
}

void world_configure(struct world *world, const char *key, const char *value)
{
	world->config[world->reading.config.n_pairs++] =
		(struct metadata_pair){ str_from(key), str_from(value) };
}

struct sidecar *world_sidecar(struct world *world)
{
	struct sidecar *sidecar = &world->sidecars[world->n_sidecars++];
	sidecar->file = STR("x.civitai.info");
	return sidecar;
}

void world_identify(struct world *world, const char *file_name)
{
	world->input.name = said_stem(str_from(file_name));
	world->input.gist = &world->gist;
	world->input.tensors = world->reading.has_table ? &world->facts : NULL;
	gist_take(&world->gist, &world->reading, world->sidecars, world->n_sidecars, &world->arena);
	identify(world->knowledge, &world->input, &world->arena, &world->model);
}

void assert_text(struct str text, const char *expected)
{
	if (!expected) {
		assert_null(text.ptr);
		return;
	}
	assert_int_equal(text.len, strlen(expected));
	assert_memory_equal(text.ptr, expected, text.len);
}

bool world_has_conflict(const struct world *world, const char *field, const char *says)
{
	for (size_t i = 0; i < world->model.n_conflicts; i++)
		if (str_equal(world->model.conflicts[i].field, str_from(field)) &&
		    str_equal(world->model.conflicts[i].says, str_from(says)))
			return true;
	return false;
}

bool world_has_evidence(const struct world *world, enum evidence_source source, const char *field,
			const char *says)
{
	for (size_t i = 0; i < world->model.n_evidence; i++) {
		const struct evidence *one = &world->model.evidence[i];
		if (one->source == source && str_equal(one->field, str_from(field)) &&
		    str_equal(one->says, str_from(says)))
			return true;
	}
	return false;
}
