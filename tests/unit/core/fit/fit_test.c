// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/fit/fit.h"

struct fixture {
	struct knowledge *knowledge;
	struct arena arena;
};

static struct texts one_text(struct arena *arena, const char *word)
{
	struct str *list = ARENA_NEW(arena, struct str);
	*list = str_from(word);
	return (struct texts){ list, 1 };
}

static void add_architecture(struct knowledge *knowledge, const char *id, const char *foundation,
			     const char *shares)
{
	struct architecture *architecture =
		ARRAY_PUSH(&knowledge->architectures, struct architecture);
	architecture->id = architecture->name = str_from(id);
	architecture->foundation = str_from(foundation);
	if (shares)
		architecture->shares = one_text(&knowledge->arena, shares);
}

static void add_base(struct knowledge *knowledge, const char *id, const char *parent, bool is_heavy,
		     const char *architecture)
{
	struct base_model *base = ARRAY_PUSH(&knowledge->base_models, struct base_model);
	base->id = base->name = str_from(id);
	base->parent = str_from(parent);
	base->architecture = str_from(architecture);
	base->edge_is_heavy = is_heavy;
}

static struct variant *add_variant(struct knowledge *knowledge, const char *id)
{
	struct variant *variant = ARRAY_PUSH(&knowledge->variants, struct variant);
	variant->id = variant->name = str_from(id);
	return variant;
}

static void add_variants(struct knowledge *knowledge)
{
	static const struct rule nine_channels = { .text = { "in = 9", 6 } };
	struct variant *inpaint = add_variant(knowledge, "inpaint");
	inpaint->base_model = STR("sdxl");
	inpaint->when = (struct rules){ &nine_channels, 1 };
	add_variant(knowledge, "lightning")->is_distilled = true;
	add_variant(knowledge, "lcm")->is_distilled = true;
	struct variant *turbo = add_variant(knowledge, "turbo");
	turbo->is_distilled = turbo->spoils_loras = true;
	add_variant(knowledge, "v-pred")->prediction = STR("v");
}

static int setup(void **state)
{
	static struct fixture fixture;
	struct knowledge *knowledge = knowledge_create();
	add_architecture(knowledge, "sd1", "sd1", NULL);
	add_architecture(knowledge, "sdxl", "sdxl", NULL);
	add_architecture(knowledge, "flux1", "dev", "chroma");
	add_architecture(knowledge, "chroma", "chroma", NULL);
	add_base(knowledge, "sd1", NULL, false, "sd1");
	add_base(knowledge, "sdxl", NULL, false, "sdxl");
	add_base(knowledge, "photo", "sdxl", false, "sdxl");
	add_base(knowledge, "paint", "sdxl", false, "sdxl");
	add_base(knowledge, "pony", "sdxl", true, "sdxl");
	add_base(knowledge, "autism", "pony", false, "sdxl");
	add_base(knowledge, "illustrious", "sdxl", true, "sdxl");
	add_base(knowledge, "dev", NULL, false, "flux1");
	add_base(knowledge, "schnell", NULL, false, "flux1");
	add_base(knowledge, "chroma", "schnell", true, "chroma");
	add_variants(knowledge);
	knowledge->fit.weight_sum_high = 2.0;
	knowledge->fit.partial_binding = 0.5;
	struct error err;
	if (!knowledge_finish(knowledge, &err))
		return -1;
	fixture = (struct fixture){ .knowledge = knowledge };
	arena_init(&fixture.arena);
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	arena_finish(&fixture->arena);
	knowledge_destroy(fixture->knowledge);
	return 0;
}

static struct fit_side side(enum kind kind, const char *architecture, const char *base, bool known)
{
	return (struct fit_side){ .kind = kind,
				  .architecture = str_from(architecture),
				  .base_model = str_from(base),
				  .lineage_known = known,
				  .name = kind == KIND_LORA ? STR("ink") : STR("canvas") };
}

static struct fit_side with_variant(struct fit_side side, const struct str *variant)
{
	side.variants = variant;
	side.n_variants = 1;
	return side;
}

static bool has_reason(const struct fit *fit, const char *word)
{
	for (size_t i = 0; i < fit->n_reasons; i++)
		if (strcmp(reason_word(fit->reasons[i].code), word) == 0)
			return true;
	return false;
}

static void assert_fit(struct fixture *fixture, struct fit_side checkpoint, struct fit_side lora,
		       enum verdict verdict, const char *reason)
{
	struct fit fit;
	fit_pair(fixture->knowledge, &checkpoint, &lora, &fixture->arena, &fit);
	if (fit.verdict != verdict || !has_reason(&fit, reason))
		fail_msg("%.*s on %.*s: %s, %s", STR_ARG(lora.base_model),
			 STR_ARG(checkpoint.base_model), verdict_word(fit.verdict),
			 fit.n_reasons ? reason_word(fit.reasons[0].code) : "no reason");
	assert_ptr_equal(fit.binding, lora.binding);
}

static struct fit_side sdxl(enum kind kind, const char *base, bool known)
{
	return side(kind, "sdxl", base, known);
}

static void lineage_decides_within_an_architecture(void **state)
{
	static const struct {
		const char *checkpoint, *lora;
		bool checkpoint_known, lora_known;
		enum verdict verdict;
		const char *reason;
	} cases[] = {
		{ "pony", "pony", true, true, FIT_COMPATIBLE, "same-base" },
		{ "sdxl", "sdxl", false, false, FIT_COMPATIBLE, "same-base" },
		{ "photo", "sdxl", true, true, FIT_COMPATIBLE, "ancestor-base" },
		{ "photo", "sdxl", true, false, FIT_COMPATIBLE, "ancestor-base" },
		{ "sdxl", "photo", false, true, FIT_COMPATIBLE, "ancestor-base" },
		{ "photo", "paint", true, true, FIT_COMPATIBLE, "same-lineage" },
		{ "autism", "pony", true, true, FIT_COMPATIBLE, "ancestor-base" },
		{ "pony", "sdxl", true, true, FIT_CAUTION, "different-lineage" },
		{ "sdxl", "pony", true, true, FIT_CAUTION, "different-lineage" },
		{ "illustrious", "autism", true, true, FIT_CAUTION, "different-lineage" },
		{ "pony", "sdxl", true, false, FIT_UNKNOWN, "unknown-base" },
		{ "sdxl", "pony", false, true, FIT_UNKNOWN, "unknown-base" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_fit(*state,
			   sdxl(KIND_CHECKPOINT, cases[i].checkpoint, cases[i].checkpoint_known),
			   sdxl(KIND_LORA, cases[i].lora, cases[i].lora_known), cases[i].verdict,
			   cases[i].reason);
}

static void roots_of_one_architecture_are_far_apart(void **state)
{
	struct fit_side schnell = side(KIND_DIFFUSION_MODEL, "flux1", "schnell", true);
	assert_fit(*state, schnell, side(KIND_LORA, "flux1", "dev", true), FIT_CAUTION,
		   "different-lineage");
	assert_fit(*state, schnell, side(KIND_LORA, "flux1", "dev", false), FIT_UNKNOWN,
		   "unknown-base");
}

static void architectures_do_not_mix(void **state)
{
	struct fit_side checkpoint = sdxl(KIND_CHECKPOINT, "sdxl", true);
	assert_fit(*state, checkpoint, side(KIND_LORA, "sd1", "sd1", true), FIT_INCOMPATIBLE,
		   "different-architecture");
	assert_fit(*state, checkpoint, side(KIND_LORA, NULL, NULL, false), FIT_UNKNOWN,
		   "unknown-base");
	assert_fit(*state, side(KIND_CHECKPOINT, NULL, NULL, false), sdxl(KIND_LORA, "sdxl", true),
		   FIT_UNKNOWN, "unknown-base");
	assert_fit(*state, side(KIND_CHECKPOINT, "flux1", "dev", true),
		   side(KIND_LORA, "chroma", "chroma", true), FIT_CAUTION,
		   "different-architecture");
	assert_fit(*state, side(KIND_CHECKPOINT, "chroma", "chroma", true),
		   side(KIND_LORA, "flux1", "dev", true), FIT_CAUTION, "different-architecture");
}

static void kinds_must_be_right(void **state)
{
	struct fit_side checkpoint = sdxl(KIND_CHECKPOINT, "sdxl", true);
	struct fit_side lora = sdxl(KIND_LORA, "sdxl", true);
	assert_fit(*state, lora, lora, FIT_INCOMPATIBLE, "not-a-checkpoint");
	assert_fit(*state, checkpoint, checkpoint, FIT_INCOMPATIBLE, "not-an-adapter");
	assert_fit(*state, checkpoint, sdxl(KIND_VAE, "sdxl", true), FIT_INCOMPATIBLE,
		   "not-an-adapter");
	assert_fit(*state, sdxl(KIND_DIFFUSION_MODEL, "sdxl", true), lora, FIT_COMPATIBLE,
		   "same-base");
}

static void broken_files_promise_nothing(void **state)
{
	struct fit_side checkpoint = sdxl(KIND_CHECKPOINT, "sdxl", true);
	struct fit_side lora = sdxl(KIND_LORA, "sdxl", true);
	struct fit_side nothing = { .status = STATUS_PARTIAL, .name = STR("half") };
	assert_fit(*state, checkpoint, nothing, FIT_UNKNOWN, "damaged");
	assert_fit(*state, nothing, lora, FIT_UNKNOWN, "damaged");
	lora.status = STATUS_DAMAGED;
	assert_fit(*state, checkpoint, lora, FIT_UNKNOWN, "damaged");
	lora.architecture = lora.base_model = STR("sd1");
	assert_fit(*state, checkpoint, lora, FIT_INCOMPATIBLE, "damaged");
	lora = sdxl(KIND_LORA, "sdxl", true);
	lora.safety = SAFETY_RUNS_CODE;
	assert_fit(*state, checkpoint, lora, FIT_CAUTION, "runs-code");
}

static void variants_and_predictions_must_agree(void **state)
{
	static const struct str inpaint = { "inpaint", 7 }, lightning = { "lightning", 9 },
				lcm = { "lcm", 3 }, turbo = { "turbo", 5 };
	struct fit_side checkpoint = sdxl(KIND_CHECKPOINT, "sdxl", true);
	struct fit_side lora = sdxl(KIND_LORA, "sdxl", true);
	assert_fit(*state, checkpoint, with_variant(lora, &inpaint), FIT_CAUTION,
		   "variant-mismatch");
	assert_fit(*state, with_variant(checkpoint, &inpaint), lora, FIT_COMPATIBLE,
		   "runtime-note");
	assert_fit(*state, with_variant(checkpoint, &inpaint), with_variant(lora, &inpaint),
		   FIT_COMPATIBLE, "same-base");
	assert_fit(*state, checkpoint, with_variant(lora, &lightning), FIT_COMPATIBLE,
		   "runtime-note");
	assert_fit(*state, with_variant(checkpoint, &lcm), with_variant(lora, &lightning),
		   FIT_CAUTION, "distillation-stacked");
	assert_fit(*state, with_variant(checkpoint, &lightning), lora, FIT_COMPATIBLE,
		   "runtime-note");
	assert_fit(*state, with_variant(sdxl(KIND_CHECKPOINT, "photo", true), &turbo), lora,
		   FIT_CAUTION, "distillation-mismatch");
	checkpoint.prediction = STR("v");
	assert_fit(*state, checkpoint, lora, FIT_COMPATIBLE, "same-base");
	lora.prediction = STR("eps");
	assert_fit(*state, checkpoint, lora, FIT_CAUTION, "prediction-mismatch");
}

static void what_is_only_usual_does_not_warn(void **state)
{
	static const struct str v_pred = { "v-pred", 6 };
	struct fit_side checkpoint = sdxl(KIND_CHECKPOINT, "photo", true);
	struct fit_side lora = sdxl(KIND_LORA, "sdxl", false);
	checkpoint.prediction = STR("v");
	lora.prediction = STR("eps");
	assert_fit(*state, checkpoint, lora, FIT_COMPATIBLE, "ancestor-base");
	checkpoint.prediction = STR("eps");
	lora = with_variant(lora, &v_pred);
	lora.prediction = STR("v");
	assert_fit(*state, checkpoint, lora, FIT_CAUTION, "prediction-mismatch");
}

static void a_first_layer_of_fewer_inputs_is_told(void **state)
{
	static const struct str inpaint = { "inpaint", 7 };
	static const struct delta four = {
		.rows = 4, .columns = 4, .is_whole = true, .is_sound = true
	};
	static const struct module_target nine = {
		.shape = { .rows = 4, .columns = 9, .inputs = 9, .takes_any_inputs = true }
	};
	struct binding binding = { .all = { 10, 10, 0, 0 }, .is_present = { true } };
	struct fit_side checkpoint = with_variant(sdxl(KIND_CHECKPOINT, "sdxl", true), &inpaint);
	struct fit_side lora = sdxl(KIND_LORA, "sdxl", true);
	binding.of[COMPONENT_DENOISER] = binding.all;
	lora.binding = &binding;
	assert_fit(*state, checkpoint, lora, FIT_COMPATIBLE, "runtime-note");
	binding.padded = (struct bound_module){
		.module = STR("conv_in"), .delta = &four, .target = &nine, .state = BINDING_BOUND
	};
	assert_fit(*state, checkpoint, lora, FIT_CAUTION, "variant-mismatch");
}

static struct fit_note *add_note(struct fixture *fixture, const char *text)
{
	struct fit_note *note = ARRAY_PUSH(&fixture->knowledge->fit_notes, struct fit_note);
	note->text = str_from(text);
	return note;
}

static void notes_are_told_and_change_no_verdict(void **state)
{
	static const struct rule diff_b = { .text = { "diff_b", 6 } };
	struct fixture *fixture = *state;
	struct fit_side lora = sdxl(KIND_LORA, "autism", true);
	struct fit fit;
	struct fit_note *by_tensors = add_note(fixture, "biases");
	by_tensors->when = (struct rules){ &diff_b, 1 };
	struct fit_note *pair = add_note(fixture, "two");
	pair->is_of_experts = true;
	pair->lora_bases = one_text(&fixture->arena, "pony");
	pair->checkpoint_bases = one_text(&fixture->arena, "illustrious");
	struct fit_side checkpoint = sdxl(KIND_CHECKPOINT, "pony", true);
	fit_pair(fixture->knowledge, &checkpoint, &lora, &fixture->arena, &fit);
	assert_int_equal(fit.n_reasons, 1);
	by_tensors = ARRAY_AT(&fixture->knowledge->fit_notes, struct fit_note, 0);
	const struct fit_note *list[] = { by_tensors };
	lora.notes = (struct notes){ list, 1 };
	fit_pair(fixture->knowledge, &checkpoint, &lora, &fixture->arena, &fit);
	assert_int_equal(fit.n_reasons, 2);
	assert_int_equal(fit.verdict, FIT_COMPATIBLE);
	assert_true(str_equal(fit.reasons[1].message, STR("biases")));
	checkpoint = sdxl(KIND_CHECKPOINT, "illustrious", true);
	fit_pair(fixture->knowledge, &checkpoint, &lora, &fixture->arena, &fit);
	assert_int_equal(fit.verdict, FIT_CAUTION);
	assert_true(has_reason(&fit, "expert-pair"));
	array_clear(&fixture->knowledge->fit_notes);
}

static void experts_lift_a_lineage_caution(void **state)
{
	struct fixture *fixture = *state;
	fixture->knowledge->expert_pairs = one_text(&fixture->arena, "pony illustrious");
	struct fit_side checkpoint = sdxl(KIND_CHECKPOINT, "illustrious", true);
	assert_fit(fixture, checkpoint, sdxl(KIND_LORA, "autism", true), FIT_COMPATIBLE,
		   "expert-pair");
	assert_fit(fixture, checkpoint, sdxl(KIND_LORA, "sdxl", true), FIT_CAUTION,
		   "different-lineage");
	assert_fit(fixture, sdxl(KIND_CHECKPOINT, "pony", true),
		   sdxl(KIND_LORA, "illustrious", true), FIT_CAUTION, "different-lineage");
	/* What the user knows counts more than that the binding is whole. */
	fixture->knowledge->expert_pairs = one_text(&fixture->arena, "dev schnell");
	struct binding binding = { .all = { 9, 9, 0, 0 },
				   .of = { { 9, 9, 0, 0 } },
				   .is_present = { true } };
	struct fit_side lora = side(KIND_LORA, "flux1", "dev", false);
	lora.binding = &binding;
	assert_fit(fixture, side(KIND_DIFFUSION_MODEL, "flux1", "schnell", true), lora,
		   FIT_COMPATIBLE, "expert-pair");
	fixture->knowledge->expert_pairs = (struct texts){ NULL, 0 };
}

static const struct str property_variants[] = {
	{ "inpaint", 7 },
	{ "lightning", 9 },
	{ "turbo", 5 },
	{ "v-pred", 6 },
};
static const char *const property_bases[][2] = {
	{ "sd1", "sd1" },   { "sdxl", "sdxl" },     { "sdxl", "photo" },    { "sdxl", "pony" },
	{ "flux1", "dev" }, { "flux1", "schnell" }, { "chroma", "chroma" }, { NULL, NULL },
};

/* The i-th class of sides: every base and lineage, with the other facts cycled through. */
static struct fit_side property_side(size_t i)
{
	static const enum kind kinds[] = { KIND_CHECKPOINT, KIND_LORA, KIND_LORA, KIND_VAE,
					   KIND_UNKNOWN };
	size_t base = i % 8;
	struct fit_side made = side(kinds[i / 8 % 5], property_bases[base][0],
				    property_bases[base][1], i / 40 % 2);
	made.status = (enum status)(i / 80 % 3 == 2 ? i % STATUS_COUNT : 0);
	made.safety = i / 240 % 3 == 2 ? SAFETY_RUNS_CODE : SAFETY_DATA_ONLY;
	made.prediction = i % 3 ? (i % 2 ? STR("eps") : STR("v")) : STR_NULL;
	return i % 5 < 4 ? with_variant(made, &property_variants[i % 5]) : made;
}

static void both_ways_of_asking_agree(void **state)
{
	struct fixture *fixture = *state;
	for (size_t i = 0; i < 720; i++)
		for (size_t j = 0; j < 720; j += 1 + i % 7) {
			struct fit_side checkpoint = property_side(i), lora = property_side(j);
			struct fit fit;
			fit_pair(fixture->knowledge, &checkpoint, &lora, &fixture->arena, &fit);
			assert_int_equal(fit.verdict,
					 fit_verdict(fixture->knowledge, &checkpoint, &lora));
			assert_true(fit.n_reasons > 0);
			for (size_t k = 0; k < fit.n_reasons; k++)
				assert_true(fit.reasons[k].message.len > 0);
			for (size_t k = 1; k < fit.n_advice; k++)
				assert_false(str_equal(fit.advice[k], fit.advice[k - 1]));
			assert_true(fit.verdict == FIT_COMPATIBLE || fit.n_advice > 0);
			arena_reset(&fixture->arena);
		}
}

/* A binding by its counts: denoiser and first text encoder, bound, unbound, mismatched. */
struct counts {
	size_t denoiser[3], text[3];
	bool has_encoder;
};

static struct binding_count count_of(const size_t counts[3])
{
	return (struct binding_count){ counts[0] + counts[1] + counts[2], counts[0], counts[1],
				       counts[2] };
}

static const struct delta odd_delta = {
	.rows = 4, .columns = 8, .is_whole = true, .is_sound = true
};
static const struct module_target layer = { .shape = { .rows = 4, .columns = 6, .inputs = 6 } };

static struct binding binding_with(const struct counts *counts)
{
	const struct bound_module one = { .module = STR("block"),
					  .delta = &odd_delta,
					  .target = &layer };
	struct binding binding = { .is_present = { true, counts->has_encoder },
				   .lost = one,
				   .mismatch = one };
	struct binding_count denoiser = count_of(counts->denoiser), text = count_of(counts->text);
	binding.of[COMPONENT_DENOISER] = denoiser;
	binding.of[COMPONENT_TEXT_ENCODER_1] = text;
	binding.all = (struct binding_count){ denoiser.modules + text.modules,
					      denoiser.bound + text.bound,
					      denoiser.unbound + text.unbound,
					      denoiser.mismatched + text.mismatched };
	return binding;
}

/* contract.md, "Fit", row by row. */
static const struct binding_case {
	struct counts counts;
	const char *checkpoint_architecture, *checkpoint, *lora_architecture, *lora;
	enum verdict verdict;
	const char *reason;
} binding_cases[] = {
	{ { { 10 }, { 0 }, true }, "sdxl", "sdxl", "sdxl", "sdxl", FIT_COMPATIBLE, "same-base" },
	{ { { 6, 4 }, { 0 }, true },
	  "sdxl",
	  "sdxl",
	  "sdxl",
	  "sdxl",
	  FIT_CAUTION,
	  "partial-binding" },
	{ { { 5, 5 }, { 0 }, true },
	  "sdxl",
	  "sdxl",
	  "sdxl",
	  "sdxl",
	  FIT_CAUTION,
	  "partial-binding" },
	{ { { 4, 6 }, { 0 }, true },
	  "sdxl",
	  "sdxl",
	  "sdxl",
	  "sdxl",
	  FIT_INCOMPATIBLE,
	  "partial-binding" },
	{ { { 9, 0, 1 }, { 0 }, true },
	  "sdxl",
	  "sdxl",
	  "sdxl",
	  "sdxl",
	  FIT_INCOMPATIBLE,
	  "shape-mismatch" },
	{ { { 0, 9 }, { 7 }, true },
	  "sdxl",
	  "sdxl",
	  "sdxl",
	  "sdxl",
	  FIT_INCOMPATIBLE,
	  "no-binding" },
	{ { { 10 }, { 0, 7 }, false },
	  "sdxl",
	  "sdxl",
	  "sdxl",
	  "sdxl",
	  FIT_COMPATIBLE,
	  "missing-text-encoder" },
	{ { { 0 }, { 0, 7 }, false },
	  "sdxl",
	  "sdxl",
	  "sdxl",
	  "sdxl",
	  FIT_COMPATIBLE,
	  "missing-text-encoder" },
	{ { { 10 }, { 6, 1 }, true },
	  "sdxl",
	  "sdxl",
	  "sdxl",
	  "sdxl",
	  FIT_CAUTION,
	  "partial-binding" },
	{ { { 0 }, { 0, 7 }, true },
	  "sdxl",
	  "sdxl",
	  "sdxl",
	  "sdxl",
	  FIT_INCOMPATIBLE,
	  "no-binding" },
	{ { { 10 }, { 0 }, true },
	  "sdxl",
	  "sdxl",
	  "sdxl",
	  "pony",
	  FIT_CAUTION,
	  "different-lineage" },
	{ { { 10 }, { 0 }, true },
	  "sdxl",
	  "sdxl",
	  "sd1",
	  "sd1",
	  FIT_INCOMPATIBLE,
	  "different-architecture" },
	{ { { 8, 0, 2 }, { 0 }, true },
	  "sdxl",
	  "sdxl",
	  "sd1",
	  "sd1",
	  FIT_INCOMPATIBLE,
	  "shape-mismatch" },
	{ { { 10 }, { 0 }, true },
	  "chroma",
	  "chroma",
	  "flux1",
	  "dev",
	  FIT_CAUTION,
	  "different-architecture" },
	{ { { 7, 3 }, { 0 }, true },
	  "chroma",
	  "chroma",
	  "flux1",
	  "dev",
	  FIT_CAUTION,
	  "partial-binding" },
	{ { { 3, 7 }, { 0 }, true },
	  "chroma",
	  "chroma",
	  "flux1",
	  "dev",
	  FIT_INCOMPATIBLE,
	  "partial-binding" },
	{ { { 0, 9 }, { 0 }, true },
	  "chroma",
	  "chroma",
	  "flux1",
	  "dev",
	  FIT_INCOMPATIBLE,
	  "no-binding" },
	{ { { 10 }, { 0 }, true },
	  "flux1",
	  "schnell",
	  "flux1",
	  "dev",
	  FIT_CAUTION,
	  "different-lineage" },
	{ { { 10 }, { 0 }, true }, "flux1", "dev", NULL, NULL, FIT_UNKNOWN, "ambiguous" },
	{ { { 10 }, { 0 }, true }, NULL, NULL, "flux1", "dev", FIT_UNKNOWN, "unknown-base" },
	{ { { 0, 9 }, { 0 }, true }, "flux1", "dev", NULL, NULL, FIT_INCOMPATIBLE, "no-binding" },
};

static void the_binding_comes_first(void **state)
{
	for (size_t i = 0; i < sizeof binding_cases / sizeof *binding_cases; i++) {
		const struct binding_case *one = &binding_cases[i];
		struct binding binding = binding_with(&one->counts);
		bool is_known = str_equal(str_from(one->lora), STR("pony"));
		struct fit_side lora = side(KIND_LORA, one->lora_architecture, one->lora, is_known);
		lora.binding = &binding;
		assert_fit(*state,
			   side(KIND_CHECKPOINT, one->checkpoint_architecture, one->checkpoint,
				is_known),
			   lora, one->verdict, one->reason);
	}
}

/* Shared layers alone do not tell which of the two a LoRA was made for. */
static void what_shared_layers_do_not_prove_is_not_claimed(void **state)
{
	struct fixture *fixture = *state;
	const struct counts counts = { { 10 }, { 0 }, true };
	struct binding binding = binding_with(&counts);
	struct fit_side checkpoint = side(KIND_CHECKPOINT, "chroma", "chroma", false);
	struct fit_side lora = side(KIND_LORA, "flux1", "dev", false);
	struct fit fit;
	lora.binding = &binding;
	fit_pair(fixture->knowledge, &checkpoint, &lora, &fixture->arena, &fit);
	assert_true(str_find(fit.reasons[0].message, STR("counts as one for flux1")) >= 0);
	assert_true(str_find(fit.reasons[0].message, STR("may not have been trained")) >= 0);
}

static void without_a_binding_nothing_is_claimed_of_it(void **state)
{
	assert_fit(*state, side(KIND_CHECKPOINT, "flux1", "schnell", true),
		   side(KIND_LORA, "flux1", "dev", false), FIT_UNKNOWN, "unknown-base");
	assert_fit(*state, side(KIND_CHECKPOINT, "chroma", "chroma", true),
		   side(KIND_LORA, "flux1", "dev", false), FIT_CAUTION, "different-architecture");
}

static void words_are_those_of_the_contract(void **state)
{
	(void)state;
	for (enum reason_code code = 0; code < REASON_COUNT; code++)
		assert_true(reason_word(code)[0] != '\0');
	for (enum verdict verdict = 0; verdict < FIT_COUNT; verdict++)
		assert_int_equal(verdict_find(str_from(verdict_word(verdict))), verdict);
	assert_int_equal(verdict_find(STR("fine")), FIT_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lineage_decides_within_an_architecture),
		cmocka_unit_test(roots_of_one_architecture_are_far_apart),
		cmocka_unit_test(architectures_do_not_mix),
		cmocka_unit_test(kinds_must_be_right),
		cmocka_unit_test(broken_files_promise_nothing),
		cmocka_unit_test(variants_and_predictions_must_agree),
		cmocka_unit_test(what_is_only_usual_does_not_warn),
		cmocka_unit_test(a_first_layer_of_fewer_inputs_is_told),
		cmocka_unit_test(notes_are_told_and_change_no_verdict),
		cmocka_unit_test(experts_lift_a_lineage_caution),
		cmocka_unit_test(both_ways_of_asking_agree),
		cmocka_unit_test(the_binding_comes_first),
		cmocka_unit_test(what_shared_layers_do_not_prove_is_not_claimed),
		cmocka_unit_test(without_a_binding_nothing_is_claimed_of_it),
		cmocka_unit_test(words_are_those_of_the_contract),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
