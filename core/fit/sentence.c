// SPDX-License-Identifier: MIT
#include "core/fit/sentence.h"

#include <inttypes.h>

/* What a sentence speaks about. */
struct telling {
	const struct knowledge *knowledge;
	const struct fit_side *checkpoint, *lora;
	const struct ground *ground;
	struct arena *arena;
	struct str checkpoint_base, lora_base; /* display names */
};

static const struct fit_side *side_of(const struct telling *telling)
{
	return telling->ground->about == ABOUT_CHECKPOINT ? telling->checkpoint : telling->lora;
}

static struct str architecture_name(const struct telling *telling, const struct fit_side *side)
{
	const struct architecture *architecture =
		knowledge_architecture(telling->knowledge, side->architecture);
	return architecture ? architecture->name : side->architecture;
}

static bool binds_wholly(const struct binding *binding)
{
	return binding && binding->all.modules && binding->all.bound == binding->all.modules;
}

static struct str tell_architecture(const struct telling *telling)
{
	struct str lora = architecture_name(telling, telling->lora);
	struct str checkpoint = architecture_name(telling, telling->checkpoint);
	bool is_whole = binds_wholly(telling->lora->binding);
	if (telling->ground->about == ABOUT_SHARED_TENSORS)
		return arena_strf(telling->arena,
				  "The LoRA counts as one for %.*s and the checkpoint is %.*s: "
				  "the two share %s their layers, so the LoRA %s.",
				  STR_ARG(lora), STR_ARG(checkpoint),
				  is_whole ? "many of" : "part of",
				  is_whole ? "loads, but may not have been trained for this"
					   : "takes effect only in part");
	if (is_whole)
		return arena_strf(
			telling->arena,
			"The LoRA was made for %.*s and the checkpoint is %.*s: layers of "
			"the same names and shapes are in both, but they do not do the same work.",
			STR_ARG(lora), STR_ARG(checkpoint));
	return arena_strf(telling->arena,
			  "The LoRA was made for %.*s and the checkpoint is %.*s: their "
			  "layers differ, so the LoRA cannot work there.",
			  STR_ARG(lora), STR_ARG(checkpoint));
}

static struct str tell_mismatch(const struct telling *telling)
{
	const struct binding *binding = telling->lora->binding;
	const struct delta *delta = binding->mismatch.delta;
	const struct delta_target *target = &binding->mismatch.target->shape;
	struct str name = binding->mismatch.module;
	if (!delta->is_sound)
		return arena_strf(
			telling->arena,
			"%zu of the LoRA's %zu modules are broken: the parts of \"%.*s\" do not "
			"go together.",
			binding->all.mismatched, binding->all.modules, STR_ARG(name));
	if (!delta->columns)
		return arena_strf(telling->arena,
				  "%zu of the LoRA's %zu modules have another shape than this "
				  "checkpoint's layers: \"%.*s\" is %" PRIu64
				  " wide, the layer is %" PRIu64 " x %" PRIu64 ".",
				  binding->all.mismatched, binding->all.modules, STR_ARG(name),
				  delta->rows, target->rows, target->columns);
	return arena_strf(telling->arena,
			  "%zu of the LoRA's %zu modules have another shape than this checkpoint's "
			  "layers: \"%.*s\" is %" PRIu64 " x %" PRIu64 ", the layer is %" PRIu64
			  " x %" PRIu64 ".",
			  binding->all.mismatched, binding->all.modules, STR_ARG(name), delta->rows,
			  delta->columns, target->rows, target->columns);
}

static struct str tell_no_binding(const struct telling *telling)
{
	struct binding_count part = judge_main_part(telling->lora->binding);
	return arena_strf(telling->arena,
			  "None of the LoRA's %zu modules finds its layer in this checkpoint.",
			  part.modules);
}

static struct str tell_partial(const struct telling *telling)
{
	const struct binding *binding = telling->lora->binding;
	size_t bound = 0, modules = 0;
	for (int i = 0; i < COMPONENT_COUNT; i++) {
		bound += binding->is_present[i] ? binding->of[i].bound : 0;
		modules += binding->is_present[i] ? binding->of[i].modules : 0;
	}
	return arena_strf(telling->arena,
			  "%zu of the LoRA's %zu modules find their layers in this checkpoint; the "
			  "others, such as \"%.*s\", have no effect.",
			  bound, modules, STR_ARG(binding->lost.module));
}

static struct str tell_missing_encoder(const struct telling *telling)
{
	const struct binding *binding = telling->lora->binding;
	size_t modules = 0;
	for (int i = COMPONENT_TEXT_ENCODER_1; i < COMPONENT_COUNT; i++)
		modules += binding->is_present[i] ? 0 : binding->of[i].modules;
	return arena_strf(telling->arena,
			  "%zu of the LoRA's modules change a text encoder that is not in this "
			  "checkpoint file: they take effect where your program loads that encoder "
			  "from a file of its own.",
			  modules);
}

static struct str tell_ambiguous(const struct telling *telling)
{
	const struct binding *binding = telling->lora->binding;
	return arena_strf(
		telling->arena,
		"%zu of the LoRA's %zu modules find layers here, but nothing in it proves "
		"that it was made for this architecture: others have layers of these names "
		"too.",
		binding->all.bound, binding->all.modules);
}

static struct str tell_kind(const struct telling *telling, const char *wanted)
{
	const struct fit_side *side = side_of(telling);
	if (side->kind == KIND_UNKNOWN)
		return arena_strf(telling->arena,
				  "\"%.*s\" is not a %s: nothing in it looks like one.",
				  STR_ARG(side->name), wanted);
	return arena_strf(telling->arena, "\"%.*s\" is not a %s; its kind is %s.",
			  STR_ARG(side->name), wanted, kind_word(side->kind));
}

static struct str tell_damaged(const struct telling *telling)
{
	const struct fit_side *side = side_of(telling);
	return arena_strf(telling->arena,
			  "\"%.*s\" could not be read as a whole model (%s), so nothing "
			  "can be promised.",
			  STR_ARG(side->name), status_word(side->status));
}

/* Which of the two does not say what it was made from. */
static const char *who_is_silent(const struct telling *telling)
{
	if (!telling->lora->lineage_known && !telling->checkpoint->lineage_known)
		return "neither file says";
	return telling->lora->lineage_known ? "the checkpoint does not say"
					    : "the LoRA does not say";
}

static struct str tell_unknown_base(const struct telling *telling)
{
	if (telling->ground->about != ABOUT_PAIR)
		return arena_strf(telling->arena,
				  "Nothing in \"%.*s\" tells which base model it belongs to.",
				  STR_ARG(side_of(telling)->name));
	if (!telling->checkpoint->lineage_known && !telling->lora->lineage_known)
		return arena_strf(telling->arena,
				  "Neither file says which line of %.*s it belongs to, so how "
				  "well they work together is not known.",
				  STR_ARG(architecture_name(telling, telling->lora)));
	if (telling->checkpoint->lineage_known)
		return arena_strf(
			telling->arena,
			"The checkpoint is %.*s; of the LoRA only %.*s is proven, "
			"not which line of it, so how well they work together is not known.",
			STR_ARG(telling->checkpoint_base),
			STR_ARG(architecture_name(telling, telling->lora)));
	return arena_strf(
		telling->arena,
		"The LoRA was made for %.*s; of the checkpoint only %.*s is "
		"proven, not which line of it, so how well they work together is not known.",
		STR_ARG(telling->lora_base),
		STR_ARG(architecture_name(telling, telling->checkpoint)));
}

static struct str tell_same_base(const struct telling *telling)
{
	if (telling->lora->lineage_known && telling->checkpoint->lineage_known)
		return arena_strf(telling->arena, "Both are %.*s.", STR_ARG(telling->lora_base));
	return arena_strf(telling->arena, "Both are %.*s as far as can be told; %s more.",
			  STR_ARG(telling->lora_base), who_is_silent(telling));
}

static struct str tell_ancestor(const struct telling *telling)
{
	bool lora_is_older = knowledge_is_within(
		telling->knowledge, telling->checkpoint->base_model, telling->lora->base_model);
	bool is_proven = telling->lora->lineage_known && telling->checkpoint->lineage_known;
	const char *lora = lora_is_older ? "descends from it" : "is its ancestor";
	return arena_strf(telling->arena,
			  "The LoRA was made for %.*s%s; the checkpoint's base, %.*s, %s.",
			  STR_ARG(telling->lora_base), is_proven ? "" : " as far as can be told",
			  STR_ARG(telling->checkpoint_base), lora);
}

static struct str tell_same_lineage(const struct telling *telling)
{
	const struct knowledge *knowledge = telling->knowledge;
	const struct base_model *common =
		knowledge_common(knowledge, knowledge_base(knowledge, telling->lora->base_model),
				 knowledge_base(knowledge, telling->checkpoint->base_model));
	return arena_strf(telling->arena,
			  "%.*s and %.*s both descend from %.*s and are close to it.",
			  STR_ARG(telling->lora_base), STR_ARG(telling->checkpoint_base),
			  STR_ARG(common ? common->name : telling->lora->architecture));
}

static struct str tell_expert_pair(const struct telling *telling)
{
	if (telling->ground->about == ABOUT_NOTE)
		return telling->ground->word;
	return arena_strf(telling->arena, "You noted that LoRAs for %.*s work with %.*s.",
			  STR_ARG(telling->lora_base), STR_ARG(telling->checkpoint_base));
}

static struct str tell_different_lineage(const struct telling *telling)
{
	const char *doubt = telling->lora->lineage_known ? "" : " as far as can be told";
	return arena_strf(telling->arena,
			  "The LoRA was made for %.*s%s and the checkpoint is %.*s: it "
			  "loads, but the two were trained far apart, so styles may shift and "
			  "characters may not be met.",
			  STR_ARG(telling->lora_base), doubt, STR_ARG(telling->checkpoint_base));
}

static struct str tell_prediction(const struct telling *telling)
{
	return arena_strf(telling->arena,
			  "The LoRA was trained for %.*s prediction, the checkpoint works "
			  "with %.*s: contrast and colours may shift.",
			  STR_ARG(telling->lora->prediction),
			  STR_ARG(telling->checkpoint->prediction));
}

static struct str tell_distillation(const struct telling *telling, const char *format)
{
	return arena_strf(telling->arena, format, STR_ARG(telling->ground->word));
}

static struct str tell_variant(const struct telling *telling)
{
	if (telling->ground->about == ABOUT_EXTRA_INPUTS)
		return arena_strf(
			telling->arena,
			"The checkpoint is the %.*s variant and takes more inputs than the "
			"LoRA knows: its change of \"%.*s\" does not go with them.",
			STR_ARG(telling->ground->word),
			STR_ARG(telling->lora->binding->padded.module));
	return tell_distillation(telling, "The LoRA was made for the %.*s variant, which this "
					  "checkpoint is not.");
}

static struct str tell_runtime_note(const struct telling *telling)
{
	switch (telling->ground->about) {
	case ABOUT_DISTILLER:
		return tell_distillation(
			telling, "This LoRA makes images in few steps (%.*s): use few steps "
				 "and a CFG scale near 1.");
	case ABOUT_FEW_STEPS:
		return tell_distillation(
			telling, "The checkpoint makes images in few steps (%.*s): the LoRA "
				 "may look weaker than on a normal one.");
	case ABOUT_EXTRA_INPUTS:
		return tell_distillation(telling,
					 "The checkpoint is the %.*s variant: the LoRA works, but "
					 "not on the layers that take its extra input.");
	case ABOUT_NOTE: return telling->ground->word;
	case ABOUT_PAIR:
	case ABOUT_CHECKPOINT:
	case ABOUT_LORA:
	case ABOUT_SHARED_TENSORS: break;
	}
	BUG("a note about nothing");
}

static struct str tell(const struct telling *telling)
{
	switch (telling->ground->code) {
	case REASON_DIFFERENT_ARCHITECTURE: return tell_architecture(telling);
	case REASON_NOT_AN_ADAPTER: return tell_kind(telling, "LoRA");
	case REASON_NOT_A_CHECKPOINT: return tell_kind(telling, "checkpoint");
	case REASON_DIFFERENT_LINEAGE: return tell_different_lineage(telling);
	case REASON_PREDICTION_MISMATCH: return tell_prediction(telling);
	case REASON_DISTILLATION_MISMATCH:
		return tell_distillation(
			telling, "The checkpoint is distilled (%.*s): LoRAs that were not made "
				 "for it load, but often give poor results.");
	case REASON_DISTILLATION_STACKED:
		return tell_distillation(telling,
					 "The checkpoint is already distilled (%.*s) and the LoRA "
					 "distils again: two of them do not add up.");
	case REASON_VARIANT_MISMATCH: return tell_variant(telling);
	case REASON_RUNS_CODE:
		return arena_strf(telling->arena,
				  "Loading \"%.*s\" runs code that is inside the file.",
				  STR_ARG(side_of(telling)->name));
	case REASON_UNKNOWN_BASE: return tell_unknown_base(telling);
	case REASON_DAMAGED: return tell_damaged(telling);
	case REASON_SAME_BASE: return tell_same_base(telling);
	case REASON_SAME_LINEAGE: return tell_same_lineage(telling);
	case REASON_ANCESTOR_BASE: return tell_ancestor(telling);
	case REASON_RUNTIME_NOTE: return tell_runtime_note(telling);
	case REASON_EXPERT_PAIR: return tell_expert_pair(telling);
	case REASON_SHAPE_MISMATCH: return tell_mismatch(telling);
	case REASON_NO_BINDING: return tell_no_binding(telling);
	case REASON_PARTIAL_BINDING: return tell_partial(telling);
	case REASON_MISSING_TEXT_ENCODER: return tell_missing_encoder(telling);
	case REASON_AMBIGUOUS: return tell_ambiguous(telling);
	case REASON_SAME_MODULES: /* these belong to sets */
	case REASON_MIXED_LINEAGE:
	case REASON_WEIGHTS_HIGH:
	case REASON_TRIGGER_CLASH:
	case REASON_DUPLICATE_LORA:
	case REASON_COUNT: break;
	}
	BUG("no sentence for reason %d", (int)telling->ground->code);
}

struct str sentence_of(const struct knowledge *knowledge, const struct fit_side *checkpoint,
		       const struct fit_side *lora, const struct ground *ground,
		       struct arena *arena)
{
	const struct telling telling = {
		.knowledge = knowledge,
		.checkpoint = checkpoint,
		.lora = lora,
		.ground = ground,
		.arena = arena,
		.checkpoint_base = knowledge_base_name(knowledge, checkpoint->base_model),
		.lora_base = knowledge_base_name(knowledge, lora->base_model),
	};
	return tell(&telling);
}
