// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/adapters/adapter.h"
#include "tests/unit/core/adapters/table.h"

static const struct str roots[] = {
	{ "base_model.model.", 17 },
	{ "diffusion_model.", 16 },
	{ "transformer.", 12 },
	{ "lora_unet_", 10 },
	{ "unet.", 5 },
	{ "unet:", 5 },
};
static const struct str text_encoder_roots[] = {
	{ "text_encoder.", 13 },
	{ "text_encoder:", 13 },
	{ "lora_te1_", 9 },
	{ "lora_te_", 8 },
};
static const struct knowledge knowledge = {
	.adapter_roots = { roots, 6 },
	.text_encoder_roots = { text_encoder_roots, 4 },
};

struct world {
	struct arena arena;
	struct adapter adapter;
};

static bool read_lines(struct world *world, const char *lines)
{
	struct tensor_table table = table_of(&world->arena, DTYPE_F16, lines);
	return adapter_read(&table, &knowledge, &world->arena, &world->adapter);
}

static void read_one(struct world *world, const char *lines)
{
	assert_true(read_lines(world, lines));
	assert_int_equal(world->adapter.n_modules, 1);
}

static void assert_text(struct str text, const char *expected)
{
	assert_int_equal(text.len, strlen(expected));
	assert_memory_equal(text.ptr, expected, text.len);
}

static int open_world(void **state)
{
	static struct world world;
	world = (struct world){ 0 };
	*state = &world;
	return 0;
}

static int close_world(void **state)
{
	arena_finish(&((struct world *)*state)->arena);
	return 0;
}

/* One layer of 640 to 320, whatever the naming. */
static const struct {
	const char *lines, *joined;
} namings[] = {
	{ "lora_unet_a_b.lora_down.weight 4 640\nlora_unet_a_b.lora_up.weight 320 4\n"
	  "lora_unet_a_b.alpha",
	  "a_b" },
	{ "unet.a.b.lora_A.weight 4 640\nunet.a.b.lora_B.weight 320 4", "a_b" },
	{ "base_model.model.a.b.lora_A.default.weight 4 640\n"
	  "base_model.model.a.b.lora_B.default.weight 320 4",
	  "a_b" },
	{ "base_model.model.transformer.a.b.lora_A.weight 4 640\n"
	  "base_model.model.transformer.a.b.lora_B.weight 320 4",
	  "a_b" },
	{ "unet.a.b.lora.down.weight 4 640\nunet.a.b.lora.up.weight 320 4", "a_b" },
	{ "unet.a.b.lora_linear_layer.down.weight 4 640\n"
	  "unet.a.b.lora_linear_layer.up.weight 320 4",
	  "a_b" },
	{ "a.attn1.processor.to_q_lora.down.weight 4 640\n"
	  "a.attn1.processor.to_q_lora.up.weight 320 4",
	  "a_attn1_to_q" },
	{ "unet:17:down 4 640\nunet:17:up 320 4", "17" },
	{ "a.processor.qkv_lora1.down.weight 4 640\na.processor.qkv_lora1.up.weight 320 4",
	  "a_processor_qkv_lora1" },
	{ "diffusion_model.a.lora_A.weight 4 640\ndiffusion_model.a.lora_B.weight 320 4\n"
	  "diffusion_model.a.lora_B.bias 320",
	  "a" },
};

static void every_naming_gives_the_same_module(void **state)
{
	struct world *world = *state;
	for (size_t i = 0; i < sizeof(namings) / sizeof(*namings); i++) {
		read_one(world, namings[i].lines);
		const struct adapter_module *module = world->adapter.modules;
		assert_text(module->joined, namings[i].joined);
		assert_int_equal(module->in, 640);
		assert_int_equal(module->out, 320);
		assert_int_equal(module->rank, 4);
		assert_int_equal(world->adapter.type, ADAPTER_LORA);
		assert_false(world->adapter.has_text_encoder);
	}
}

static const struct algebra {
	const char *lines;
	enum adapter_type type;
	uint64_t in, out;
	uint32_t rank;
	bool is_convolution;
} algebras[] = {
	{ "m.lora_down.weight 8 640 3 3\nm.lora_up.weight 320 8 1 1", ADAPTER_LOCON, 640, 320, 8,
	  true },
	{ "m.lora_down.weight 8 640 1 1\nm.lora_up.weight 320 8 1 1", ADAPTER_LORA, 640, 320, 8,
	  false },
	{ "m.lora_down.weight 8 640 1 1\nm.lora_mid.weight 6 8 3 3\nm.lora_up.weight 320 6 1 1",
	  ADAPTER_LOCON, 640, 320, 6, true },
	{ "m.lora_down.weight 8 640\nm.lora_up.weight 320 8\nm.dora_scale 320 1", ADAPTER_DORA, 640,
	  320, 8, false },
	{ "m.lora_A.weight 8 640\nm.lora_B.weight 320 8\nm.lora_magnitude_vector 320", ADAPTER_DORA,
	  640, 320, 8, false },
	{ "m.hada_w1_a 320 8\nm.hada_w1_b 8 640\nm.hada_w2_a 320 8\nm.hada_w2_b 8 640",
	  ADAPTER_LOHA, 640, 320, 8, false },
	{ "m.hada_t1 8 8 3 3\nm.hada_w1_a 8 320\nm.hada_w1_b 8 640\nm.hada_t2 8 8 3 3\n"
	  "m.hada_w2_a 8 320\nm.hada_w2_b 8 640",
	  ADAPTER_LOHA, 640, 320, 8, true },
	{ "m.lokr_w1 16 16\nm.lokr_w2 20 40", ADAPTER_LOKR, 640, 320, 0, false },
	{ "m.lokr_w1 16 16\nm.lokr_w2_a 20 4\nm.lokr_w2_b 4 40", ADAPTER_LOKR, 640, 320, 4, false },
	{ "m.lokr_w1_a 16 2\nm.lokr_w1_b 2 16\nm.lokr_w2 20 40", ADAPTER_LOKR, 640, 320, 2, false },
	{ "m.lokr_w1 16 16\nm.lokr_t2 4 4 3 3\nm.lokr_w2_a 4 20\nm.lokr_w2_b 4 40", ADAPTER_LOKR,
	  640, 320, 4, true },
	{ "m.oft_blocks 40 8 8\nm.alpha", ADAPTER_OFT, 0, 320, 0, false },
	{ "m.oft_diag 40 8 8", ADAPTER_OFT, 0, 320, 0, false },
	{ "m.oft_blocks 3 40 8 8", ADAPTER_BOFT, 0, 320, 0, false },
	{ "m.a1.weight 640 8\nm.a2.weight 8 640\nm.b1.weight 320 8\nm.b2.weight 8 640",
	  ADAPTER_GLORA, 640, 320, 8, false },
	{ "m.a1.weight 8 640\nm.a2.weight 640 8\nm.b1.weight 8 640\nm.b2.weight 320 8",
	  ADAPTER_GLORA, 640, 320, 8, false },
	{ "m.weight 320\nm.on_input", ADAPTER_IA3, 0, 0, 0, false },
	{ "m.diff 320 640\nm.diff_b 320", ADAPTER_FULL, 640, 320, 0, false },
	{ "m.w_norm 320\nm.b_norm 320", ADAPTER_FULL, 0, 320, 0, false },
};

static void factors_tell_widths_and_rank(void **state)
{
	struct world *world = *state;
	for (size_t i = 0; i < sizeof(algebras) / sizeof(*algebras); i++) {
		const struct algebra *expected = &algebras[i];
		read_one(world, expected->lines);
		const struct adapter_module *module = world->adapter.modules;
		assert_string_equal(adapter_word(world->adapter.type),
				    adapter_word(expected->type));
		assert_int_equal(module->in, expected->in);
		assert_int_equal(module->out, expected->out);
		assert_int_equal(module->rank, expected->rank);
		assert_int_equal(world->adapter.rank_max, expected->rank);
		assert_int_equal(module->is_convolution, expected->is_convolution);
	}
}

static void text_encoders_are_told_apart(void **state)
{
	struct world *world = *state;
	assert_true(read_lines(
		world, "lora_te1_x.lora_down.weight 4 768\nlora_te1_x.lora_up.weight 768 4\n"
		       "text_encoder:3:down 4 768\ntext_encoder:3:up 768 4\n"
		       "lora_unet_x.lora_down.weight 8 320\nlora_unet_x.lora_up.weight 320 8"));
	assert_int_equal(world->adapter.n_modules, 3);
	assert_true(world->adapter.has_text_encoder);
	assert_true(world->adapter.modules[0].is_text_encoder);
	assert_true(world->adapter.modules[1].is_text_encoder);
	assert_false(world->adapter.modules[2].is_text_encoder);
	assert_int_equal(world->adapter.rank_min, 4);
	assert_int_equal(world->adapter.rank_max, 8);
}

#define PAIRS_OF_7(up, down)                                                                  \
	"0 " up "\n1 " down "\n2 " up "\n3 " down "\n4 " up "\n5 " down "\n6 " up "\n7 " down \
	"\n8 " up "\n9 " down "\n10 " up "\n11 " down "\n12 " up "\n13 " down "\n"

static void a_list_of_pairs_is_numbered(void **state)
{
	struct world *world = *state;
	assert_true(read_lines(world, PAIRS_OF_7("320 4", "4 320") "15 4 768\n14 320 4"));
	assert_int_equal(world->adapter.n_modules, 8);
	assert_int_equal(world->adapter.rank_max, 4);
	assert_text(world->adapter.modules[7].stem, "unet:7");
	assert_text(world->adapter.modules[7].joined, "7");
	assert_int_equal(world->adapter.modules[7].in, 768);
	assert_false(world->adapter.has_text_encoder);
	assert_true(read_lines(world, PAIRS_OF_7("768 4", "4 768") "14 768 4\n15 4 768"));
	assert_text(world->adapter.modules[0].stem, "text_encoder:0");
	assert_true(world->adapter.has_text_encoder);
}

static void other_lists_are_no_adapter(void **state)
{
	struct world *world = *state;
	assert_false(read_lines(world, PAIRS_OF_7("320 4", "4 320"))); /* few */
	assert_false(read_lines(world, PAIRS_OF_7("320 4", "4 320") "14 320 4\n16 4 320"));
	assert_false(read_lines(world, PAIRS_OF_7("320 4", "4 320") "14 320 4\n13 4 320"));
	assert_false(read_lines(world, PAIRS_OF_7("320 4", "4 320") "14 320 4\n015 4 320"));
	assert_false(read_lines(world, PAIRS_OF_7("320 4", "4 320") "14 320 8\n15 8 320"));
	assert_false(read_lines(world, PAIRS_OF_7("320 4", "4 320") "14\n15"));
	assert_false(read_lines(world, PAIRS_OF_7("64 64", "64 64") "14 64 64\n15 64 64"));
}

static void leftovers_in_a_checkpoint_make_no_adapter(void **state)
{
	struct world *world = *state;
	assert_false(read_lines(
		world, "conv_in.weight 320 4 3 3\nconv_in.bias 320\nconv_out.weight 4 320 3 3\n"
		       "x.lora_down.weight 4 8\nx.lora_up.weight 8 4"));
	assert_false(read_lines(world, "a.weight 4 4\na.bias 4"));
	assert_false(read_lines(world, "a.alpha\nb.alpha"));
	assert_false(read_lines(world, ""));
}

/* The control LoRA of FLUX.1 carries norms to replace: no modules, and no reason to refuse. */
static void tensors_between_are_no_modules(void **state)
{
	struct world *world = *state;
	assert_true(read_lines(
		world, "b.qkv.lora_A.weight 4 8\nb.qkv.lora_B.weight 8 4\nb.qkv.lora_B.bias 8\n"
		       "b.norm.key_norm.scale 8"));
	assert_int_equal(world->adapter.n_modules, 1);
	assert_int_equal(world->adapter.n_tensors, 3);
}

static void a_missing_half_is_still_a_module(void **state)
{
	struct world *world = *state;
	read_one(world, "m.lora_up.weight 320 4");
	assert_int_equal(world->adapter.modules->in, 0);
	assert_int_equal(world->adapter.modules->out, 320);
	read_one(world, "m.lora_down.weight 4\nm.lora_up.weight");
	assert_int_equal(world->adapter.modules->in, 0);
	assert_int_equal(world->adapter.modules->out, 0);
}

/* Products that overflow tell nothing. */
static void huge_factors_do_not_wrap(void **state)
{
	struct world *world = *state;
	read_one(world, "m.lokr_w1 4294967296 2\nm.lokr_w2 4294967296 2");
	assert_int_equal(world->adapter.modules->out, 0);
	assert_int_equal(world->adapter.modules->in, 4);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)
	const struct CMUnitTest tests[] = {
		TEST(every_naming_gives_the_same_module),
		TEST(factors_tell_widths_and_rank),
		TEST(text_encoders_are_told_apart),
		TEST(a_list_of_pairs_is_numbered),
		TEST(other_lists_are_no_adapter),
		TEST(leftovers_in_a_checkpoint_make_no_adapter),
		TEST(tensors_between_are_no_modules),
		TEST(a_missing_half_is_still_a_module),
		TEST(huge_factors_do_not_wrap),
	};
	return cmocka_run_group_tests_name("adapter", tests, NULL, NULL);
}
