// SPDX-License-Identifier: MIT
#include "core/fit/judge.h"

struct pair {
	const struct knowledge *knowledge;
	const struct fit_side *checkpoint, *lora;
	struct judgement *out;
};

void judge_add(struct judgement *judgement, struct ground ground)
{
	if (ground.verdict > judgement->verdict)
		judgement->verdict = ground.verdict;
	if (judgement->n_grounds < FIT_REASONS_MAX)
		judgement->grounds[judgement->n_grounds++] = ground;
}

static void add(const struct pair *pair, enum reason_code code, enum verdict verdict,
		enum about about)
{
	judge_add(pair->out, (struct ground){ code, verdict, about, STR_NULL });
}

static bool is_checkpoint(const struct fit_side *side)
{
	return side->kind == KIND_CHECKPOINT || side->kind == KIND_DIFFUSION_MODEL;
}

/* What is damaged may be anything; what is whole and has no kind is no adapter. */
static bool has_other_kind(const struct fit_side *side, bool is_wanted)
{
	return !is_wanted && (side->kind != KIND_UNKNOWN || side->status == STATUS_OK);
}

static void judge_files(const struct pair *pair)
{
	if (has_other_kind(pair->checkpoint, is_checkpoint(pair->checkpoint)))
		add(pair, REASON_NOT_A_CHECKPOINT, FIT_INCOMPATIBLE, ABOUT_CHECKPOINT);
	if (has_other_kind(pair->lora, pair->lora->kind == KIND_LORA))
		add(pair, REASON_NOT_AN_ADAPTER, FIT_INCOMPATIBLE, ABOUT_LORA);
	if (pair->checkpoint->status != STATUS_OK)
		add(pair, REASON_DAMAGED, FIT_UNKNOWN, ABOUT_CHECKPOINT);
	if (pair->lora->status != STATUS_OK)
		add(pair, REASON_DAMAGED, FIT_UNKNOWN, ABOUT_LORA);
	if (pair->checkpoint->safety == SAFETY_RUNS_CODE)
		add(pair, REASON_RUNS_CODE, FIT_CAUTION, ABOUT_CHECKPOINT);
	if (pair->lora->safety == SAFETY_RUNS_CODE)
		add(pair, REASON_RUNS_CODE, FIT_CAUTION, ABOUT_LORA);
}

static bool names(const struct texts *texts, struct str word)
{
	for (size_t i = 0; i < texts->n; i++)
		if (str_equal(texts->list[i], word))
			return true;
	return false;
}

static bool share_tensors(const struct knowledge *knowledge, struct str a, struct str b)
{
	const struct architecture *one = knowledge_architecture(knowledge, a);
	const struct architecture *other = knowledge_architecture(knowledge, b);
	return (one && names(&one->shares, b)) || (other && names(&other->shares, a));
}

/* True when lineage, prediction and the like may be looked at: the tensors are the same. */
static bool judge_architecture(const struct pair *pair)
{
	struct str checkpoint = pair->checkpoint->architecture, lora = pair->lora->architecture;
	/* A damaged file has been told of already. */
	if (!checkpoint.ptr && pair->checkpoint->status == STATUS_OK)
		add(pair, REASON_UNKNOWN_BASE, FIT_UNKNOWN, ABOUT_CHECKPOINT);
	if (!lora.ptr && pair->lora->status == STATUS_OK)
		add(pair, REASON_UNKNOWN_BASE, FIT_UNKNOWN, ABOUT_LORA);
	if (!checkpoint.ptr || !lora.ptr)
		return false;
	if (str_equal(checkpoint, lora))
		return true;
	if (share_tensors(pair->knowledge, checkpoint, lora))
		add(pair, REASON_DIFFERENT_ARCHITECTURE, FIT_CAUTION, ABOUT_SHARED_TENSORS);
	else
		add(pair, REASON_DIFFERENT_ARCHITECTURE, FIT_INCOMPATIBLE, ABOUT_PAIR);
	return false;
}

static void add_counts(struct binding_count *sum, const struct binding_count *count)
{
	sum->modules += count->modules;
	sum->bound += count->bound;
	sum->unbound += count->unbound;
	sum->mismatched += count->mismatched;
}

struct binding_count judge_main_part(const struct binding *binding)
{
	struct binding_count sum = binding->of[COMPONENT_DENOISER];
	if (sum.modules && binding->is_present[COMPONENT_DENOISER])
		return sum;
	sum = (struct binding_count){ 0 };
	for (int i = COMPONENT_TEXT_ENCODER_1; i < COMPONENT_COUNT; i++)
		if (binding->is_present[i])
			add_counts(&sum, &binding->of[i]);
	return sum;
}

static bool lacks_text_encoder(const struct binding *binding)
{
	for (int i = COMPONENT_TEXT_ENCODER_1; i < COMPONENT_COUNT; i++)
		if (binding->of[i].modules && !binding->is_present[i])
			return true;
	return false;
}

/* Modules of a component that the file does contain, and no place for them there. */
static bool loses_modules(const struct binding *binding)
{
	for (int i = 0; i < COMPONENT_COUNT; i++)
		if (binding->is_present[i] && binding->of[i].unbound)
			return true;
	return false;
}

static void judge_part(const struct pair *pair, const struct binding *binding)
{
	struct binding_count part = judge_main_part(binding);
	double half = pair->knowledge->fit.partial_binding;
	if (binding->all.mismatched)
		add(pair, REASON_SHAPE_MISMATCH, FIT_INCOMPATIBLE, ABOUT_PAIR);
	else if (part.modules && !part.bound)
		add(pair, REASON_NO_BINDING, FIT_INCOMPATIBLE, ABOUT_PAIR);
	else if (loses_modules(binding))
		add(pair, REASON_PARTIAL_BINDING,
		    (double)part.bound < half * (double)part.modules ? FIT_INCOMPATIBLE
								     : FIT_CAUTION,
		    ABOUT_PAIR);
}

/* What names and shapes prove. Between architectures that share nothing all is said already, but
   for why it does not attach. */
static void judge_binding(const struct pair *pair)
{
	const struct binding *binding = pair->lora->binding;
	if (!binding)
		return;
	bool is_over = pair->out->verdict == FIT_INCOMPATIBLE;
	if (!is_over || binding->all.mismatched || !judge_main_part(binding).bound)
		judge_part(pair, binding);
	if (pair->out->verdict == FIT_INCOMPATIBLE)
		return;
	if (lacks_text_encoder(binding))
		add(pair, REASON_MISSING_TEXT_ENCODER, FIT_COMPATIBLE, ABOUT_PAIR);
	if (!pair->lora->architecture.ptr && binding->all.bound)
		add(pair, REASON_AMBIGUOUS, FIT_UNKNOWN, ABOUT_LORA);
}

/* "works = LORA-BASE CHECKPOINT-BASE": speaks for what is close to both. */
static bool is_expert_pair(const struct pair *pair)
{
	const struct texts *pairs = &pair->knowledge->expert_pairs;
	for (size_t i = 0; i < pairs->n; i++) {
		struct str rest = str_trim(pairs->list[i]), lora;
		if (!str_next_part(&rest, ' ', &lora) || !rest.ptr)
			continue;
		struct str checkpoint = str_trim(rest);
		if (knowledge_path(pair->knowledge, lora, pair->lora->base_model) <= PATH_LIGHT &&
		    knowledge_path(pair->knowledge, checkpoint, pair->checkpoint->base_model) <=
			    PATH_LIGHT)
			return true;
	}
	return false;
}

/* No way at all between two bases of one architecture (FLUX.1 dev and schnell, each trained on its
   own) is no better than a heavy edge: different lineages when both are known or when the binding
   shows that all of it loads, otherwise nobody can tell. */
static void judge_far(const struct pair *pair, enum path_kind path)
{
	bool is_known = pair->lora->lineage_known && pair->checkpoint->lineage_known;
	bool is_proven_to_load = path == PATH_NONE && pair->lora->binding;
	if (is_expert_pair(pair))
		add(pair, REASON_EXPERT_PAIR, FIT_COMPATIBLE, ABOUT_PAIR);
	else if (is_known || is_proven_to_load)
		add(pair, REASON_DIFFERENT_LINEAGE, FIT_CAUTION, ABOUT_PAIR);
	else
		add(pair, REASON_UNKNOWN_BASE, FIT_UNKNOWN, ABOUT_PAIR);
}

static void judge_lineage(const struct pair *pair)
{
	const struct knowledge *knowledge = pair->knowledge;
	struct str checkpoint = pair->checkpoint->base_model, lora = pair->lora->base_model;
	if (!checkpoint.ptr || !lora.ptr) {
		add(pair, REASON_UNKNOWN_BASE, FIT_UNKNOWN,
		    checkpoint.ptr ? ABOUT_LORA : ABOUT_CHECKPOINT);
		return;
	}
	enum path_kind path = knowledge_path(knowledge, lora, checkpoint);
	switch (path) {
	case PATH_SAME: add(pair, REASON_SAME_BASE, FIT_COMPATIBLE, ABOUT_PAIR); break;
	case PATH_LIGHT:
		if (knowledge_is_within(knowledge, checkpoint, lora) ||
		    knowledge_is_within(knowledge, lora, checkpoint))
			add(pair, REASON_ANCESTOR_BASE, FIT_COMPATIBLE, ABOUT_PAIR);
		else
			add(pair, REASON_SAME_LINEAGE, FIT_COMPATIBLE, ABOUT_PAIR);
		break;
	case PATH_HEAVY:
	case PATH_NONE: judge_far(pair, path); break;
	}
}

/* The row of that id that speaks of this architecture. */
static const struct variant *find_variant(const struct knowledge *knowledge, struct str id,
					  struct str architecture)
{
	for (size_t i = 0; i < knowledge->variants.len; i++) {
		const struct variant *variant = ARRAY_AT(&knowledge->variants, struct variant, i);
		if (str_equal(variant->id, id) &&
		    (!variant->architecture.ptr || str_equal(variant->architecture, architecture)))
			return variant;
	}
	return NULL;
}

static bool has_variant(const struct fit_side *side, struct str id)
{
	for (size_t i = 0; i < side->n_variants; i++)
		if (str_equal(side->variants[i], id))
			return true;
	return false;
}

/* Proven by tensors and neither a way of sampling nor of predicting: it takes other inputs. */
static bool takes_other_inputs(const struct variant *variant)
{
	return variant && !variant->is_distilled && !variant->prediction.ptr &&
	       variant->base_model.ptr && variant->when.n_rules > 0;
}

/* The first variant of `side` that takes inputs which `other` does not take. */
static struct str extra_inputs(const struct knowledge *knowledge, const struct fit_side *side,
			       const struct fit_side *other)
{
	for (size_t i = 0; i < side->n_variants; i++)
		if (!has_variant(other, side->variants[i]) &&
		    takes_other_inputs(
			    find_variant(knowledge, side->variants[i], side->architecture)))
			return side->variants[i];
	return STR_NULL;
}

/* A LoRA that leaves the first layer alone works in an inpainting model as anywhere. */
static void judge_variant(const struct pair *pair)
{
	const struct binding *binding = pair->lora->binding;
	struct str of_lora = extra_inputs(pair->knowledge, pair->lora, pair->checkpoint);
	struct str of_checkpoint = extra_inputs(pair->knowledge, pair->checkpoint, pair->lora);
	if (of_lora.ptr)
		judge_add(pair->out, (struct ground){ REASON_VARIANT_MISMATCH, FIT_CAUTION,
						      ABOUT_LORA, of_lora });
	else if (of_checkpoint.ptr && binding && binding->padded.module.ptr)
		judge_add(pair->out, (struct ground){ REASON_VARIANT_MISMATCH, FIT_CAUTION,
						      ABOUT_EXTRA_INPUTS, of_checkpoint });
	else if (of_checkpoint.ptr)
		judge_add(pair->out, (struct ground){ REASON_RUNTIME_NOTE, FIT_COMPATIBLE,
						      ABOUT_EXTRA_INPUTS, of_checkpoint });
}

static bool predicts_by_variant(const struct pair *pair, const struct fit_side *side)
{
	for (size_t i = 0; i < side->n_variants; i++) {
		const struct variant *variant =
			find_variant(pair->knowledge, side->variants[i], side->architecture);
		if (variant && variant->prediction.ptr)
			return true;
	}
	return false;
}

/* What most models of an architecture do is no proof that this LoRA was trained so: no warning as
   if that were known. */
static void judge_prediction(const struct pair *pair)
{
	struct str checkpoint = pair->checkpoint->prediction, lora = pair->lora->prediction;
	bool is_proven = pair->lora->lineage_known || predicts_by_variant(pair, pair->lora);
	if (is_proven && checkpoint.ptr && lora.ptr && !str_equal(checkpoint, lora))
		add(pair, REASON_PREDICTION_MISMATCH, FIT_CAUTION, ABOUT_PAIR);
}

const struct variant *judge_distiller(const struct knowledge *knowledge,
				      const struct fit_side *side)
{
	for (size_t i = 0; i < side->n_variants; i++) {
		const struct variant *variant =
			find_variant(knowledge, side->variants[i], side->architecture);
		if (variant && variant->is_distilled)
			return variant;
	}
	return NULL;
}

static void judge_distillation(const struct pair *pair)
{
	const struct variant *checkpoint = judge_distiller(pair->knowledge, pair->checkpoint);
	const struct variant *lora = judge_distiller(pair->knowledge, pair->lora);
	struct ground ground = { REASON_RUNTIME_NOTE, FIT_COMPATIBLE, ABOUT_FEW_STEPS, STR_NULL };
	if (!checkpoint && !lora)
		return;
	ground.word = checkpoint ? checkpoint->id : lora->id;
	if (checkpoint && lora) {
		ground.code = REASON_DISTILLATION_STACKED;
		ground.verdict = FIT_CAUTION;
	} else if (lora) {
		ground.about = ABOUT_DISTILLER;
	} else if (checkpoint->spoils_loras &&
		   !str_equal(pair->checkpoint->base_model, pair->lora->base_model)) {
		/* A LoRA that was made for this very model is at home. */
		ground.code = REASON_DISTILLATION_MISMATCH;
		ground.verdict = FIT_CAUTION;
	}
	judge_add(pair->out, ground);
}

static bool is_within_any(const struct knowledge *knowledge, struct str base,
			  const struct texts *bases)
{
	for (size_t i = 0; i < bases->n; i++)
		if (base.ptr && knowledge_is_within(knowledge, base, bases->list[i]))
			return true;
	return bases->n == 0;
}

static bool holds_by_tensors(const struct fit_side *lora, const struct fit_note *note)
{
	for (size_t i = 0; i < lora->notes.n; i++)
		if (lora->notes.list[i] == note)
			return true;
	return note->when.n_rules == 0;
}

static void add_notes(const struct pair *pair)
{
	const struct array *notes = &pair->knowledge->fit_notes;
	for (size_t i = 0; i < notes->len; i++) {
		const struct fit_note *note = ARRAY_AT(notes, struct fit_note, i);
		if (!holds_by_tensors(pair->lora, note) ||
		    !is_within_any(pair->knowledge, pair->lora->base_model, &note->lora_bases) ||
		    !is_within_any(pair->knowledge, pair->checkpoint->base_model,
				   &note->checkpoint_bases))
			continue;
		judge_add(pair->out, (struct ground){ note->is_of_experts ? REASON_EXPERT_PAIR
									  : REASON_RUNTIME_NOTE,
						      FIT_COMPATIBLE, ABOUT_NOTE, note->text });
	}
}

/* What the two were made from and for; their tensors are the same. */
static void judge_making(const struct pair *pair)
{
	judge_lineage(pair);
	judge_prediction(pair);
	judge_variant(pair);
	judge_distillation(pair);
}

void judge_pair(const struct knowledge *knowledge, const struct fit_side *checkpoint,
		const struct fit_side *lora, struct judgement *out)
{
	const struct pair pair = { knowledge, checkpoint, lora, out };
	*out = (struct judgement){ .verdict = FIT_COMPATIBLE };
	judge_files(&pair);
	if (out->verdict == FIT_INCOMPATIBLE)
		return;
	bool is_same = judge_architecture(&pair);
	judge_binding(&pair);
	if (out->verdict == FIT_INCOMPATIBLE)
		return;
	if (is_same)
		judge_making(&pair);
	add_notes(&pair);
}
