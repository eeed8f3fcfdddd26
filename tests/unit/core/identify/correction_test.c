// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/identify/correction.h"
#include "tests/unit/core/identify/world.h"

#define HOUSE_LORA "a_attn2_to_k.lora_down.weight 4 768\na_attn2_to_k.lora_up.weight 320 4\n"
#define HOUSE "root.blocks.0.attn2.to_k.weight 320 768\nroot.blocks.1.attn2.to_k.weight 320 768\n"
#define FLAT HOUSE "in.weight 320 9\n"

static void apply(struct world *world, struct correction correction)
{
	correction_apply(world->knowledge, &correction, &world->arena, &world->model);
}

static void nothing_set_changes_nothing(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_say(world, "ss_sd_model_name", "ponyXL.safetensors");
	world_identify(world, "villa.safetensors");
	struct model before = world->model;
	apply(world, (struct correction){ 0 });
	assert_memory_equal(&before, &world->model, sizeof(before));
}

static void a_base_model_set_by_hand_wins(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_say(world, "ss_sd_model_name", "ponyXL.safetensors");
	world_identify(world, "villa.safetensors");
	apply(world, (struct correction){ .base_model = STR("villa") });
	assert_text(world->model.base_model, "villa");
	assert_text(world->model.architecture, "house");
	assert_true(world->model.lineage_known);
	assert_int_equal(world->model.confidence, CONFIDENCE_CERTAIN);
	assert_true(world_has_evidence(world, SOURCE_USER, "base_model", "villa"));
	assert_true(world_has_evidence(world, SOURCE_TENSORS, "architecture", "house"));
	/* What spoke against the file's own answer speaks for this one, and the other way round. */
	assert_true(world_has_evidence(world, SOURCE_FILENAME, "base_model", "villa"));
	assert_true(world_has_conflict(world, "base_model", "pony"));
	assert_int_equal(world->model.n_conflicts, 1);
	assert_int_equal(world->model.evidence[0].source, SOURCE_USER);
}

static void the_foundation_set_by_hand_is_known(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_identify(world, "x.safetensors");
	assert_false(world->model.lineage_known);
	apply(world, (struct correction){ .base_model = STR("house") });
	assert_true(world->model.lineage_known);
	assert_text(world->model.base_model, "house");
}

static void the_architecture_follows_the_base_model(void **state)
{
	struct world *world = *state;
	world_tensors(world, FLAT);
	world_identify(world, "x.safetensors");
	assert_int_equal(world->model.n_variants, 1);
	apply(world, (struct correction){ .base_model = STR("tower") });
	assert_text(world->model.architecture, "tower");
	assert_text(world->model.prediction, "flow");
	assert_true(world_has_evidence(world, SOURCE_USER, "architecture", "tower"));
	assert_true(world_has_conflict(world, "architecture", "house"));
	/* A variant of the other architecture cannot be one of this. */
	assert_int_equal(world->model.n_variants, 0);
	assert_true(world_has_conflict(world, "variants", "flat"));
}

static void the_prediction_is_that_of_the_line_unless_it_is_told(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_identify(world, "x.safetensors");
	apply(world, (struct correction){ .base_model = STR("cottage") });
	assert_text(world->model.prediction, "v");
	world_tensors(world, HOUSE_LORA "v_pred 1\n");
	world_identify(world, "x.safetensors");
	apply(world, (struct correction){ .base_model = STR("villa") });
	assert_text(world->model.prediction, "v");
}

/* Tensors that prove a base model may give the file another prediction than its variant's: CosXL. */
static void a_variant_that_stays_keeps_its_prediction(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA "v_pred 1\n");
	world_identify(world, "x.safetensors");
	world->model.n_evidence = 0;
	world->model.prediction = STR("edm");
	apply(world, (struct correction){ .base_model = STR("villa") });
	assert_text(world->model.variants[0], "v-pred");
	assert_text(world->model.prediction, "v");
}

static void its_name_is_asked_again_for_variants(void **state)
{
	struct world *world = *state;
	world_tensors(world, "what.ever 3 3\n");
	world_identify(world, "my_flat.safetensors");
	assert_int_equal(world->model.n_variants, 0);
	apply(world, (struct correction){ .has_kind = true,
					  .kind = KIND_CHECKPOINT,
					  .base_model = STR("villa") });
	assert_int_equal(world->model.n_variants, 1);
	assert_text(world->model.variants[0], "flat");
	assert_true(world_has_evidence(world, SOURCE_FILENAME, "variants", "flat"));
}

static void a_variants_own_base_model_brings_the_variant(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_identify(world, "x.safetensors");
	apply(world, (struct correction){ .base_model = STR("bungalow") });
	assert_text(world->model.base_model, "bungalow");
	assert_int_equal(world->model.n_variants, 1);
	assert_text(world->model.variants[0], "flat");
}

static void a_kind_alone_leaves_the_base_model(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_identify(world, "villa.safetensors");
	apply(world, (struct correction){ .has_kind = true, .kind = KIND_CONTROLNET });
	assert_int_equal(world->model.kind, KIND_CONTROLNET);
	assert_text(world->model.base_model, "villa");
	assert_int_equal(world->model.confidence, CONFIDENCE_GUESS);
	assert_true(world_has_evidence(world, SOURCE_USER, "kind", "controlnet"));
	assert_true(world_has_conflict(world, "kind", "lora"));
}

static void a_kind_without_architecture_has_no_base_model(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_identify(world, "villa.safetensors");
	apply(world, (struct correction){ .has_kind = true, .kind = KIND_VAE });
	assert_null(world->model.base_model.ptr);
	assert_null(world->model.architecture.ptr);
	assert_false(world->model.lineage_known);
	assert_int_equal(world->model.confidence, CONFIDENCE_CERTAIN);
	assert_true(world_has_conflict(world, "base_model", "villa"));
	world_identify(world, "villa.safetensors");
	apply(world, (struct correction){ true, KIND_VAE, STR("pony") });
	assert_text(world->model.base_model, "pony");
	world_identify(world, "villa.safetensors");
	apply(world, (struct correction){ .has_kind = true, .kind = KIND_UNKNOWN });
	assert_int_equal(world->model.confidence, CONFIDENCE_NONE);
}

static void what_was_never_identified_is_corrected_all_the_same(void **state)
{
	struct world *world = *state;
	world->input.tensors = NULL;
	world->model = (struct model){ .name = STR("x"), .status = STATUS_DAMAGED };
	apply(world, (struct correction){ true, KIND_LORA, STR("pony") });
	assert_int_equal(world->model.kind, KIND_LORA);
	assert_text(world->model.architecture, "house");
	assert_text(world->model.base_model, "pony");
	assert_int_equal(world->model.confidence, CONFIDENCE_CERTAIN);
	assert_int_equal(world->model.status, STATUS_DAMAGED);
}

static void a_base_model_that_is_gone_is_told(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_identify(world, "villa.safetensors");
	apply(world, (struct correction){ .base_model = STR("palace") });
	assert_text(world->model.base_model, "villa");
	assert_int_equal(world->model.confidence, CONFIDENCE_GUESS);
	assert_true(world_has_conflict(world, "base_model", "palace"));
}

static void words_are_read_as_people_write_them(void **state)
{
	struct world *world = *state;
	struct correction correction = { 0 };
	struct error err;
	assert_true(correction_is_empty(&correction));
	assert_true(correction_set_kind(&correction, STR("LoRA"), &err));
	assert_int_equal(correction.kind, KIND_LORA);
	assert_true(correction_set_base(&correction, world->knowledge, STR("Pony"), &err));
	assert_text(correction.base_model, "pony");
	assert_false(correction_is_empty(&correction));
	assert_false(correction_set_kind(&correction, STR("lore"), &err));
	assert_int_equal(err.code, ERROR_USAGE);
	assert_non_null(strstr(err.text, "\"lora\""));
	assert_false(correction_set_kind(&correction, STR("qqqqqqqqqq"), &err));
	assert_false(correction_set_base(&correction, world->knowledge, STR("ponny"), &err));
	assert_non_null(strstr(err.text, "did you mean pony"));
	assert_text(correction.base_model, "pony");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)
	const struct CMUnitTest tests[] = {
		TEST(nothing_set_changes_nothing),
		TEST(a_base_model_set_by_hand_wins),
		TEST(the_foundation_set_by_hand_is_known),
		TEST(the_architecture_follows_the_base_model),
		TEST(the_prediction_is_that_of_the_line_unless_it_is_told),
		TEST(a_variant_that_stays_keeps_its_prediction),
		TEST(its_name_is_asked_again_for_variants),
		TEST(a_variants_own_base_model_brings_the_variant),
		TEST(a_kind_alone_leaves_the_base_model),
		TEST(a_kind_without_architecture_has_no_base_model),
		TEST(what_was_never_identified_is_corrected_all_the_same),
		TEST(a_base_model_that_is_gone_is_told),
		TEST(words_are_read_as_people_write_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
