// SPDX-License-Identifier: MIT
#include "core/knowledge/words.h"

#include <stddef.h>

struct word {
	const char *word; /* in files, queries and JSON */
	const char *name; /* for people; NULL where nobody needs one */
};

static const struct word kinds[KIND_COUNT] = {
	[KIND_UNKNOWN] = { "unknown", "Unknown" },
	[KIND_CHECKPOINT] = { "checkpoint", "Checkpoint" },
	[KIND_DIFFUSION_MODEL] = { "diffusion-model", "Diffusion model" },
	[KIND_LORA] = { "lora", "LoRA" },
	[KIND_VAE] = { "vae", "VAE" },
	[KIND_TEXT_ENCODER] = { "text-encoder", "Text encoder" },
	[KIND_CLIP_VISION] = { "clip-vision", "CLIP vision" },
	[KIND_CONTROLNET] = { "controlnet", "ControlNet" },
	[KIND_T2I_ADAPTER] = { "t2i-adapter", "T2I adapter" },
	[KIND_IP_ADAPTER] = { "ip-adapter", "IP adapter" },
	[KIND_EMBEDDING] = { "embedding", "Embedding" },
	[KIND_HYPERNETWORK] = { "hypernetwork", "Hypernetwork" },
	[KIND_UPSCALER] = { "upscaler", "Upscaler" },
	[KIND_MOTION_MODULE] = { "motion-module", "Motion module" },
};

static const struct word confidences[CONFIDENCE_COUNT] = {
	[CONFIDENCE_NONE] = { "none", NULL },
	[CONFIDENCE_GUESS] = { "guess", NULL },
	[CONFIDENCE_LIKELY] = { "likely", NULL },
	[CONFIDENCE_CERTAIN] = { "certain", NULL },
};

static const struct word sources[SOURCE_COUNT] = {
	[SOURCE_TENSORS] = { "tensors", NULL },
	[SOURCE_HASH] = { "hash", NULL },
	[SOURCE_METADATA] = { "metadata", NULL },
	[SOURCE_SIDECAR] = { "sidecar", NULL },
	[SOURCE_TRAINED_ON] = { "trained-on", NULL },
	[SOURCE_CONFIG] = { "config", NULL },
	[SOURCE_FOLDER] = { "folder", NULL },
	[SOURCE_FILENAME] = { "filename", NULL },
	[SOURCE_USER] = { "user", NULL },
};

static const struct word adapters[ADAPTER_COUNT] = {
	[ADAPTER_NONE] = { NULL, "None" },
	[ADAPTER_LORA] = { "lora", "LoRA" },
	[ADAPTER_LOCON] = { "locon", "LoCon" },
	[ADAPTER_LOHA] = { "loha", "LoHa" },
	[ADAPTER_LOKR] = { "lokr", "LoKr" },
	[ADAPTER_DORA] = { "dora", "DoRA" },
	[ADAPTER_IA3] = { "ia3", "IA3" },
	[ADAPTER_OFT] = { "oft", "OFT" },
	[ADAPTER_BOFT] = { "boft", "BOFT" },
	[ADAPTER_GLORA] = { "glora", "GLoRA" },
	[ADAPTER_FULL] = { "full", "Full difference" },
};

static int find(const struct word *words, int n, struct str word)
{
	for (int i = 0; i < n; i++)
		if (words[i].word && str_equal(str_from(words[i].word), word))
			return i;
	return n;
}

const char *kind_word(enum kind kind)
{
	return kinds[kind].word;
}

const char *kind_name(enum kind kind)
{
	return kinds[kind].name;
}

const char *confidence_word(enum confidence confidence)
{
	return confidences[confidence].word;
}

const char *source_word(enum evidence_source source)
{
	return sources[source].word;
}

const char *adapter_word(enum adapter_type type)
{
	return adapters[type].word;
}

const char *adapter_name(enum adapter_type type)
{
	return adapters[type].name;
}

enum kind kind_find(struct str word)
{
	return (enum kind)find(kinds, KIND_COUNT, word);
}

enum confidence confidence_find(struct str word)
{
	return (enum confidence)find(confidences, CONFIDENCE_COUNT, word);
}

enum adapter_type adapter_find(struct str word)
{
	return (enum adapter_type)find(adapters, ADAPTER_COUNT, word);
}
