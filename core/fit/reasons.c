// SPDX-License-Identifier: MIT
#include "core/fit/reasons.h"

/* Advice follows the document that this program grew from: take the LoRA made for this base,
   else begin with a low CFG scale, lower the weight, or retrain. */
#define MADE_FOR_THIS_BASE "Use a LoRA that was made for this base model"

static const struct {
	const char *word, *advice;
} reasons[REASON_COUNT] = {
	[REASON_DIFFERENT_ARCHITECTURE] = { "different-architecture", MADE_FOR_THIS_BASE
					    ", or pick a checkpoint of the LoRA's own architecture." },
	[REASON_SHAPE_MISMATCH] = { "shape-mismatch", MADE_FOR_THIS_BASE "." },
	[REASON_NO_BINDING] = { "no-binding", MADE_FOR_THIS_BASE "." },
	[REASON_NOT_AN_ADAPTER] = { "not-an-adapter", "Pick a LoRA: `lorarium list kind:lora`." },
	[REASON_NOT_A_CHECKPOINT] = { "not-a-checkpoint",
				      "Pick a checkpoint: `lorarium list 'kind:checkpoint | kind:diffusion-model'`." },
	[REASON_PARTIAL_BINDING] = { "partial-binding",
				     MADE_FOR_THIS_BASE "; what does not attach has no effect." },
	[REASON_DIFFERENT_LINEAGE] = { "different-lineage", MADE_FOR_THIS_BASE
				       "; otherwise start with a low CFG scale, lower the LoRA's weight "
				       "(0.5 to 0.8), or retrain it on this base." },
	[REASON_PREDICTION_MISMATCH] = { "prediction-mismatch",
					 "Run the checkpoint with its own prediction type, lower "
					 "the LoRA's weight, and start "
					 "with a low CFG scale." },
	[REASON_DISTILLATION_MISMATCH] = { "distillation-mismatch",
					   "Use the LoRA with the undistilled checkpoint, or lower "
					   "its weight and keep the CFG "
					   "scale near 1." },
	[REASON_DISTILLATION_STACKED] = { "distillation-stacked",
					  "Keep one of the two: a distilled checkpoint or one distillation LoRA." },
	[REASON_VARIANT_MISMATCH] = { "variant-mismatch",
				      "Use the LoRA with a checkpoint of the same variant." },
	[REASON_MIXED_LINEAGE] = { "mixed-lineage",
				   "Prefer LoRAs of one base model; when mixing, start with a low CFG scale and low "
				   "weights." },
	[REASON_WEIGHTS_HIGH] = { "weights-high",
				  "Lower the weights: together they should stay below the limit." },
	[REASON_TRIGGER_CLASH] = { "trigger-clash",
				   "Use one of them at a time, or write each trigger only where it is meant." },
	[REASON_DUPLICATE_LORA] = { "duplicate-lora", "Take one of the two out." },
	[REASON_RUNS_CODE] = { "runs-code",
			       "Do not load this file unless you trust who made it; prefer a .safetensors copy." },
	[REASON_UNKNOWN_BASE] = { "unknown-base",
				  "Try it with a low weight and a low CFG scale, or "
				  "look up what the LoRA was made for." },
	[REASON_AMBIGUOUS] = { "ambiguous", "Look at the evidence with `lorarium show`." },
	[REASON_DAMAGED] = { "damaged", "Get the file again; this copy cannot be relied on." },
	[REASON_SAME_BASE] = { "same-base", NULL },
	[REASON_SAME_LINEAGE] = { "same-lineage", NULL },
	[REASON_ANCESTOR_BASE] = { "ancestor-base", NULL },
	[REASON_MISSING_TEXT_ENCODER] = { "missing-text-encoder", NULL },
	[REASON_SAME_MODULES] = { "same-modules", NULL },
	[REASON_RUNTIME_NOTE] = { "runtime-note", NULL },
	[REASON_EXPERT_PAIR] = { "expert-pair", NULL },
};

const char *reason_word(enum reason_code code)
{
	return reasons[code].word;
}

bool reason_is_told_only(enum reason_code code)
{
	return code >= REASON_SAME_BASE; /* the last ones of the enum */
}

const char *reason_advice(enum reason_code code)
{
	return reasons[code].advice;
}
