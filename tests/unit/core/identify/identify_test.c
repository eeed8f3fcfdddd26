// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/core/identify/world.h"

#define HOUSE_LORA "a_attn2_to_k.lora_down.weight 4 768\na_attn2_to_k.lora_up.weight 320 4\n"
#define TOWER_LORA "a_attn2_to_k.lora_down.weight 4 2048\na_attn2_to_k.lora_up.weight 320 4\n"
#define HOUSE "root.blocks.0.attn2.to_k.weight 320 768\nroot.blocks.1.attn2.to_k.weight 320 768\n"

static void tensors_alone_give_the_foundation(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE "words.weight 8 8");
	world_identify(world, "a.b.safetensors");
	assert_text(world->model.name, "a.b");
	assert_int_equal(world->model.kind, KIND_CHECKPOINT);
	assert_text(world->model.architecture, "house");
	assert_text(world->model.base_model, "house");
	assert_false(world->model.lineage_known);
	assert_int_equal(world->model.confidence, CONFIDENCE_CERTAIN);
	assert_text(world->model.prediction, "eps");
	assert_text(world->model.precision, "fp16");
	assert_int_equal(world->model.n_tensors, 3);
	assert_int_equal(world->model.parameters, 2 * 320 * 768 + 64);
	assert_text(world->model.evidence[1].detail, "attn2.to_k takes 768, no lift");
}

static void words_never_overrule_tensors(void **state)
{
	struct world *world = *state;
	world_tensors(world, TOWER_LORA);
	world_say(world, "ss_sd_model_name", "ponyxl.safetensors");
	world_sidecar(world)->base_model = STR("House 1.0");
	world_identify(world, "cottage.safetensors");
	assert_text(world->model.architecture, "tower");
	assert_text(world->model.base_model, "tower");
	assert_true(world_has_conflict(world, "architecture", "house"));
	assert_int_equal(world->model.n_conflicts, 3);
}

static void the_most_trusted_source_decides(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_say(world, "ss_sd_model_name", "C:\\models\\ponyXL.safetensors");
	world_identify(world, "villa.safetensors");
	assert_text(world->model.base_model, "pony");
	assert_true(world->model.lineage_known);
	assert_int_equal(world->model.confidence, CONFIDENCE_LIKELY);
	assert_true(world_has_conflict(world, "base_model", "villa"));
	assert_text(world->model.trained_on.name, "ponyXL.safetensors");
}

static void a_descendant_further_down_is_evidence(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_say(world, "ss_sd_model_name", "pony");
	world_identify(world, "cottage.safetensors");
	assert_text(world->model.base_model, "pony");
	assert_true(world_has_evidence(world, SOURCE_FILENAME, "base_model", "cottage"));
	assert_int_equal(world->model.n_conflicts, 0);
}

/* "homes" is the label of house and villa, "stable" that of pony and cottage. */
static void a_shared_label_means_the_common_ancestor(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_sidecar(world)->base_model = STR("Stable");
	world_identify(world, "x.safetensors");
	assert_text(world->model.base_model, "pony");
	world->sidecars[0].base_model = STR("Homes");
	world_identify(world, "villa.safetensors");
	assert_text(world->model.base_model, "villa");
	assert_int_equal(world->model.confidence, CONFIDENCE_GUESS);
	world_identify(world, "x.safetensors");
	assert_text(world->model.base_model, "house");
	assert_false(world->model.lineage_known);
	assert_int_equal(world->model.confidence, CONFIDENCE_CERTAIN);
}

static void tokens_are_whole_words(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_identify(world, "my_pony-style.safetensors");
	assert_text(world->model.base_model, "pony");
	assert_int_equal(world->model.confidence, CONFIDENCE_GUESS);
	world_identify(world, "ponytail.safetensors");
	assert_text(world->model.base_model, "house");
}

static void a_longer_token_yields_to_a_row_below_it(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_identify(world, "ponyxl_cottage.safetensors");
	assert_text(world->model.base_model, "cottage");
	world_identify(world, "cottage_villa.safetensors");
	assert_text(world->model.base_model, "cottage");
}

static void captions_that_speak_are_quoted(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_say(world, "ss_tag_frequency", "{\"5_a\":{\"hat\":3,\"Score_9\":3}}");
	world_identify(world, "x.safetensors");
	assert_text(world->model.base_model, "pony");
	assert_text(world->model.evidence[2].detail, "training captions hold score_9");
}

/* Of three pictures most tags are on all. */
static void few_pictures_give_no_trigger_words(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_say(world, "ss_tag_frequency", "{\"5_ohwx\":{\"hat\":3,\"tree\":3}}");
	world_say(world, "ss_dataset_dirs", "{\"5_ohwx\":{\"n_repeats\":5,\"img_count\":3}}");
	world_identify(world, "x.safetensors");
	assert_int_equal(world->model.n_triggers, 1);
	assert_text(world->model.triggers[0], "ohwx");
}

static void tensors_prove_a_lineage_against_names(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE "pool 1");
	world_identify(world, "pony.safetensors");
	assert_text(world->model.base_model, "villa");
	assert_int_equal(world->model.confidence, CONFIDENCE_CERTAIN);
	assert_true(world_has_conflict(world, "base_model", "pony"));
}

static void a_known_hash_names_the_lineage(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_say(world, "ss_new_sd_model_hash",
		  "AAAAAAAAAABBBBBBBBBBCCCCCCCCCCDDDDDDDDDDEEEEEEEEEEFFFFFFFFFF0000");
	world_identify(world, "x.safetensors");
	assert_text(world->model.base_model, "pony");
	assert_true(world_has_evidence(world, SOURCE_TRAINED_ON, "base_model", "pony"));
	assert_text(world->model.trained_on.autov2, "aaaaaaaaaa");
}

static void eight_digits_count_beside_their_name_only(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_say(world, "ss_sd_model_hash", "12345678");
	world_identify(world, "x.safetensors");
	assert_text(world->model.base_model, "house");
	world_say(world, "ss_sd_model_name", "pony one.safetensors");
	world_identify(world, "x.safetensors");
	assert_true(world_has_evidence(world, SOURCE_TRAINED_ON, "base_model", "pony"));
}

static void the_digest_of_nothing_is_no_hash(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_say(world, "ss_new_sd_model_hash",
		  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	world_identify(world, "x.safetensors");
	assert_null(world->model.trained_on.sha256.ptr);
	assert_null(world->model.trained_on.autov2.ptr);
}

static void training_tags_name_a_lineage(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_say(world, "ss_tag_frequency", "{\"10_ohwx\": {\"Score_9\": 20, \"hat\": 3}}");
	world_identify(world, "x.safetensors");
	assert_text(world->model.base_model, "pony");
}

static void a_variant_names_the_base_only_if_nothing_else_does(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE "in.weight 320 9");
	world_identify(world, "x.safetensors");
	assert_int_equal(world->model.n_variants, 1);
	assert_text(world->model.variants[0], "flat");
	assert_text(world->model.base_model, "bungalow");
	assert_int_equal(world->model.confidence, CONFIDENCE_CERTAIN);
	world_identify(world, "pony.safetensors");
	assert_text(world->model.base_model, "pony");
	assert_text(world->model.variants[0], "flat");
}

static void a_named_variant_is_a_guess(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE);
	world_identify(world, "flat.safetensors");
	assert_text(world->model.base_model, "bungalow");
	assert_int_equal(world->model.confidence, CONFIDENCE_GUESS);
	world_sidecar(world)->base_model = STR("flat");
	world_identify(world, "x.safetensors");
	assert_int_equal(world->model.confidence, CONFIDENCE_LIKELY);
	assert_text(world->model.variants[0], "flat");
}

static void conclusions_refine_the_lineage(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_say(world, "ss_sd_model_name", "pony");
	world_say(world, "ss_v_parameterization", "True");
	world_identify(world, "x.safetensors");
	assert_text(world->model.variants[0], "v-pred");
	assert_text(world->model.base_model, "cottage");
	assert_int_equal(world->model.confidence, CONFIDENCE_LIKELY);
	assert_text(world->model.prediction, "v");
}

static void words_choose_between_twins(void **state)
{
	struct world *world = *state;
	world_tensors(world, TOWER_LORA);
	world_identify(world, "folly.safetensors");
	assert_text(world->model.architecture, "folly");
	assert_int_equal(world->model.confidence, CONFIDENCE_GUESS);
	world_say(world, "ss_sd_model_name", "tower_v2"); /* more trusted than the file's name */
	world_identify(world, "folly.safetensors");
	assert_text(world->model.architecture, "tower");
	assert_true(world_has_conflict(world, "architecture", "folly"));
	world_sidecar(world)->base_model = STR("follies");
	world_identify(world, "x.safetensors");
	assert_text(world->model.architecture, "folly");
	assert_int_equal(world->model.confidence, CONFIDENCE_LIKELY);
	assert_true(world_has_evidence(world, SOURCE_SIDECAR, "architecture", "folly"));
	world_tensors(world, TOWER_LORA "a_lift.lora_down.weight 4 8\na_lift.lora_up.weight 8 4");
	world_identify(world, "folly.safetensors");
	assert_text(world->model.architecture, "tower");
}

/* A rule may say itself that it is no proof. */
static void a_rule_may_hedge(void **state)
{
	struct world *world = *state;
	world_tensors(world, "a_mast.lora_down.weight 4 8\na_mast.lora_up.weight 8 4");
	world_identify(world, "x.safetensors");
	assert_text(world->model.architecture, "folly");
	assert_text(world->model.base_model, "folly");
	assert_int_equal(world->model.confidence, CONFIDENCE_LIKELY);
}

static void adapters_of_other_crafts_are_unknown_for_certain(void **state)
{
	struct world *world = *state;
	world_tensors(world, "layers_0_q.lora_down.weight 4 768\nlayers_0_q.lora_up.weight 768 4");
	world_identify(world, "pony.safetensors");
	assert_int_equal(world->model.kind, KIND_UNKNOWN);
	assert_int_equal(world->model.adapter.type, ADAPTER_NONE);
	assert_null(world->model.base_model.ptr);
	assert_int_equal(world->model.confidence, CONFIDENCE_CERTAIN);
}

static void what_no_rule_knows_is_unknown(void **state)
{
	struct world *world = *state;
	world_tensors(world, "whatever 2 2");
	world_identify(world, "house.safetensors");
	assert_int_equal(world->model.kind, KIND_UNKNOWN);
	assert_int_equal(world->model.confidence, CONFIDENCE_NONE);
	assert_null(world->model.architecture.ptr);
	assert_int_equal(world->model.n_evidence, 0);
}

/* Nobody told how the kind of such a file is seen, only how its architecture is. */
static void an_architecture_alone_makes_a_diffusion_model(void **state)
{
	struct world *world = *state;
	world_tensors(world, "lift.weight 4 8\nother 2");
	world_identify(world, "x.safetensors");
	assert_int_equal(world->model.kind, KIND_DIFFUSION_MODEL);
	assert_text(world->model.architecture, "tower");
	assert_true(world_has_evidence(world, SOURCE_TENSORS, "kind", "diffusion-model"));
}

static void an_adapter_of_unknown_width_has_no_architecture(void **state)
{
	struct world *world = *state;
	world_tensors(world, "x.lora_down.weight 4 100\nx.lora_up.weight 100 4");
	world_identify(world, "pony.safetensors");
	assert_int_equal(world->model.kind, KIND_LORA);
	assert_null(world->model.architecture.ptr);
	assert_null(world->model.base_model.ptr);
	assert_null(world->model.prediction.ptr);
	assert_int_equal(world->model.confidence, CONFIDENCE_CERTAIN);
}

static void a_configuration_tells_a_pipeline(void **state)
{
	struct world *world = *state;
	world_configure(world, "index.json:class", "HousePipeline");
	world_configure(world, "plan.json:prediction_type", "v_prediction");
	world_tensors(world, "root.blocks.0.attn2.to_k.weight 320 768");
	world_identify(world, "a");
	assert_int_equal(world->model.kind, KIND_CHECKPOINT);
	assert_text(world->model.architecture, "house");
	assert_text(world->model.prediction, "v");
	assert_int_equal(world->model.confidence, CONFIDENCE_CERTAIN);
	assert_true(world_has_evidence(world, SOURCE_CONFIG, "kind", "checkpoint"));
	assert_true(world_has_evidence(world, SOURCE_TENSORS, "architecture", "house"));
	assert_true(world_has_evidence(world, SOURCE_CONFIG, "prediction", "v"));
}

/* The class counts only where tensors are silent. */
static void a_class_never_overrules_tensors(void **state)
{
	struct world *world = *state;
	world_configure(world, "a.json:class", "Tower");
	world_tensors(world, "blocks.0.attn2.to_k.weight 320 768");
	world_identify(world, "a");
	assert_text(world->model.architecture, "house");
	world_tensors(world, "blocks.0.unheard.of 320 768");
	world_identify(world, "a");
	assert_text(world->model.architecture, "tower");
	assert_int_equal(world->model.confidence, CONFIDENCE_LIKELY);
	assert_true(world_has_evidence(world, SOURCE_CONFIG, "architecture", "tower"));
}

static void parts_of_models_have_no_lineage(void **state)
{
	struct world *world = *state;
	world_tensors(world, "decoder.weight 2 2");
	world_identify(world, "pony.safetensors");
	assert_int_equal(world->model.kind, KIND_VAE);
	assert_null(world->model.base_model.ptr);
	assert_int_equal(world->model.confidence, CONFIDENCE_CERTAIN);
}

static void a_download_is_counted_only(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE);
	world->input.only_count = true;
	world_identify(world, "pony.safetensors");
	assert_int_equal(world->model.kind, KIND_UNKNOWN);
	assert_int_equal(world->model.confidence, CONFIDENCE_NONE);
	assert_int_equal(world->model.n_tensors, 2);
	assert_null(world->model.architecture.ptr);
}

static void a_file_without_a_table_keeps_its_name(void **state)
{
	struct world *world = *state;
	world->reading.status = STATUS_DAMAGED;
	world_identify(world, ".hidden");
	assert_text(world->model.name, ".hidden");
	assert_int_equal(world->model.status, STATUS_DAMAGED);
	assert_int_equal(world->model.n_tensors, -1);
}

/* What the trainer called a LoRA, unless that is its name anyway, or no alias for anybody. */
static void aliases_are_other_names_of_loras(void **state)
{
	static const struct {
		const char *tensors, *said, *alias;
	} rows[] = {
		{ HOUSE_LORA, "first light", "first light" },
		{ HOUSE_LORA, "x", NULL },
		{ HOUSE_LORA, "X", "X" },
		{ HOUSE_LORA, "Addams", NULL },
		{ HOUSE_LORA, "none", NULL },
		{ HOUSE "words.weight 8 8", "first light", NULL },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world *world = *state;
		world_tensors(world, rows[i].tensors);
		world_say(world, "ss_output_name", rows[i].said);
		world_identify(world, "x.safetensors");
		if (rows[i].alias)
			assert_text(world->model.alias, rows[i].alias);
		else
			assert_null(world->model.alias.ptr);
		world_close(state);
		world_open(state);
	}
}

static void facts_come_from_what_is_said(void **state)
{
	struct world *world = *state;
	static const struct str words[] = { { " Hat ", 5 }, { "shoe", 4 } };
	world_tensors(world, HOUSE_LORA);
	world_say(world, "ss_resolution", "(512, 768)");
	world_say(world, "ss_network_alpha", "8.0");
	world_say(world, "modelspec.title", "None");
	world_say(world, "merged_from",
		  "{\"ab\": {\"x\": [1], \"name\": \"one\"}, \"cd\": {\"name\": \"two\"}}");
	world_say(world, "trigger_phrase", "hat, ohwx man");
	world_say(world, "ss_tag_frequency",
		  "{\"10_ohwx man\": {\"red\": 30, \"blue\": 5}, \"5\": {\"lone\": 4}}");
	world_say(world, "ss_dataset_dirs",
		  "{\"10_ohwx man\": {\"n_repeats\": 10, \"img_count\": 31}}");
	world_sidecar(world)->title = STR("A title");
	world->sidecars[0].triggers = words;
	world->sidecars[0].n_triggers = 2;
	world_identify(world, "x.safetensors");
	assert_text(world->model.resolution, "512x768");
	assert_true(world->model.adapter.has_alpha);
	assert_true(world->model.adapter.alpha == 8.0);
	assert_text(world->model.title, "A title");
	assert_int_equal(world->model.n_merged_from, 2);
	assert_text(world->model.merged_from[1], "two");
	static const char *const triggers[] = { "hat", "ohwx man", "shoe", "red", "lone" };
	assert_int_equal(world->model.n_triggers, 5);
	for (size_t i = 0; i < 5; i++)
		assert_text(world->model.triggers[i], triggers[i]);
}

static void broken_captions_do_no_harm(void **state)
{
	struct world *world = *state;
	world_tensors(world, HOUSE_LORA);
	world_say(world, "ss_tag_frequency", "{\"10_a\": {\"b\": -1}, \"c\": [");
	world_say(world, "ss_dataset_dirs", "[1]");
	world_say(world, "merged_from", "{\"a\": 3}");
	world_identify(world, "x.safetensors");
	assert_int_equal(world->model.n_triggers, 1);
	assert_int_equal(world->model.n_merged_from, 0);
}

static void a_folder_counts_where_it_names_something(void **state)
{
	struct world *world = *state;
	struct knowledge *k = world->knowledge;
	assert_true(identify_heeds_folder(k, STR("My Pony files")));
	assert_true(identify_heeds_folder(k, STR("MyPony")));
	assert_false(identify_heeds_folder(k, STR("loras")));
	assert_false(identify_heeds_folder(k, STR("ponyhof")));
	assert_false(identify_heeds_folder(k, STR_NULL));
	/* Whatever it says is a fact to somebody who asks for it. */
	static const struct str from[] = { { "folder", 6 } };
	*ARRAY_PUSH(&k->facts, struct fact_source) =
		(struct fact_source){ .fact = STR("author"), .from = { from, 1 } };
	assert_true(identify_heeds_folder(k, STR("loras")));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, world_open, world_close)
	const struct CMUnitTest tests[] = {
		TEST(tensors_alone_give_the_foundation),
		TEST(words_never_overrule_tensors),
		TEST(the_most_trusted_source_decides),
		TEST(a_descendant_further_down_is_evidence),
		TEST(a_shared_label_means_the_common_ancestor),
		TEST(tokens_are_whole_words),
		TEST(a_longer_token_yields_to_a_row_below_it),
		TEST(captions_that_speak_are_quoted),
		TEST(few_pictures_give_no_trigger_words),
		TEST(tensors_prove_a_lineage_against_names),
		TEST(a_known_hash_names_the_lineage),
		TEST(eight_digits_count_beside_their_name_only),
		TEST(the_digest_of_nothing_is_no_hash),
		TEST(training_tags_name_a_lineage),
		TEST(a_variant_names_the_base_only_if_nothing_else_does),
		TEST(a_named_variant_is_a_guess),
		TEST(conclusions_refine_the_lineage),
		TEST(words_choose_between_twins),
		TEST(a_rule_may_hedge),
		TEST(adapters_of_other_crafts_are_unknown_for_certain),
		TEST(what_no_rule_knows_is_unknown),
		TEST(an_architecture_alone_makes_a_diffusion_model),
		TEST(an_adapter_of_unknown_width_has_no_architecture),
		TEST(a_configuration_tells_a_pipeline),
		TEST(a_class_never_overrules_tensors),
		TEST(parts_of_models_have_no_lineage),
		TEST(a_download_is_counted_only),
		TEST(a_file_without_a_table_keeps_its_name),
		TEST(aliases_are_other_names_of_loras),
		TEST(facts_come_from_what_is_said),
		TEST(broken_captions_do_no_harm),
		TEST(a_folder_counts_where_it_names_something),
	};
	return cmocka_run_group_tests_name("identify", tests, NULL, NULL);
}
