// SPDX-License-Identifier: MIT
/**
 * What other tools wrote beside a model, as plain facts. Never trusted over tensors.
 *
 * Reads .civitai.info, .metadata.json (Lora Manager), .cm-info.json (Stability Matrix),
 * .swarm.json, .json (A1111), .rgthree-info.json, .sha256, the one line of a .yaml that says how a
 * checkpoint predicts, and the adapter_config.json of PEFT. Source: interop facts, sections 1.1 to 1.7.
 */
#ifndef CORE_FORMATS_SIDECAR_H
#define CORE_FORMATS_SIDECAR_H

#include "core/formats/format.h"

#define SIDECAR_BYTES_MAX (16u << 20)

struct sidecar {
	struct str file;       /* its name, for evidence */
	struct str base_model; /* the shop's label, "Pony"; STR_NULL when absent */
	struct str sha256,
		autov2; /* lower case, of the model as the sidecar believes; or STR_NULL */
	struct str title, author, description, license;
	struct str model_id;          /* number as text */
	struct str sd_version;        /* A1111's "SD1", "SDXL", ... a weak hint */
	struct str modelspec;         /* swarm's modelspec.architecture; or STR_NULL */
	struct str prediction;        /* swarm's prediction_type, "v" of a .yaml; or STR_NULL */
	struct str trained_on, alpha; /* PEFT's base_model_name_or_path and lora_alpha */
	const struct str *triggers;
	size_t n_triggers;
	/* What the person made of it in that tool: taken over on wish alone. */
	const struct str *tags;
	size_t n_tags;
	struct str note; /* STR_NULL: none */
	bool is_favourite;
};

/** Which suffixes are sidecars we read: ".civitai.info", ...; NULL-terminated, ".json" after those
 *  that end in it. */
extern const char *const sidecar_suffixes[];

/** One of them is a whole name, beside models of one name alone: PEFT's "adapter_model.safetensors". */
#define SIDECAR_PEFT_NAME "adapter_config.json"
#define SIDECAR_PEFT_MODEL STR("adapter_model")

/**
 * Parses one sidecar. Keys that are not known and values of another type are passed over.
 *
 * @name   its file name; the suffix decides the layout
 * @arena  owns every text of `out`
 * @return false with `err` (slug W_JSON) when it is not what its suffix says
 */
NODISCARD bool sidecar_parse(struct str name, struct str text, struct arena *arena,
			     struct sidecar *out, struct error *err);

#endif
