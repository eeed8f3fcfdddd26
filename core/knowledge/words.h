// SPDX-License-Identifier: MIT
/**
 * The closed words of identification: kinds, confidences, sources, adapter types.
 */
#ifndef CORE_KNOWLEDGE_WORDS_H
#define CORE_KNOWLEDGE_WORDS_H

#include "core/base/str.h"

enum kind {
	KIND_UNKNOWN,
	KIND_CHECKPOINT,
	KIND_DIFFUSION_MODEL,
	KIND_LORA,
	KIND_VAE,
	KIND_TEXT_ENCODER,
	KIND_CLIP_VISION,
	KIND_CONTROLNET,
	KIND_T2I_ADAPTER,
	KIND_IP_ADAPTER,
	KIND_EMBEDDING,
	KIND_HYPERNETWORK,
	KIND_UPSCALER,
	KIND_MOTION_MODULE,
	KIND_COUNT
};

enum confidence {
	CONFIDENCE_NONE,
	CONFIDENCE_GUESS,
	CONFIDENCE_LIKELY,
	CONFIDENCE_CERTAIN,
	CONFIDENCE_COUNT
};

enum evidence_source {
	SOURCE_TENSORS,
	SOURCE_HASH,
	SOURCE_METADATA,
	SOURCE_SIDECAR,
	SOURCE_TRAINED_ON,
	SOURCE_CONFIG,
	SOURCE_FOLDER,
	SOURCE_FILENAME,
	SOURCE_USER,
	SOURCE_COUNT
};

enum adapter_type {
	ADAPTER_NONE,
	ADAPTER_LORA,
	ADAPTER_LOCON,
	ADAPTER_LOHA,
	ADAPTER_LOKR,
	ADAPTER_DORA,
	ADAPTER_IA3,
	ADAPTER_OFT,
	ADAPTER_BOFT,
	ADAPTER_GLORA,
	ADAPTER_FULL,
	ADAPTER_COUNT
};

const char *kind_word(enum kind kind); /* "diffusion-model" */
const char *kind_name(enum kind kind); /* for people: "Diffusion model", "LoRA" */
const char *confidence_word(enum confidence confidence);
const char *source_word(enum evidence_source source); /* "trained-on" */
const char *adapter_word(enum adapter_type type);     /* "lora"; NULL for NONE */
const char *adapter_name(enum adapter_type type);     /* for people: "LoRA", "LoKr" */
/** The _COUNT value when there is no such word. */
enum kind kind_find(struct str word);
enum confidence confidence_find(struct str word);
enum adapter_type adapter_find(struct str word);

#endif
