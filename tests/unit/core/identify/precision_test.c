// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/core/adapters/table.h"
#include "tests/unit/core/identify/world.h"

/* Two tables of different types as one file. */
static void identify_both(struct world *world, struct tensor_table a, struct tensor_table b)
{
	struct tensor *all = ARENA_NEW_N(&world->arena, struct tensor, a.n_tensors + b.n_tensors);
	memcpy(all, a.tensors, a.n_tensors * sizeof(*all));
	memcpy(all + a.n_tensors, b.tensors, b.n_tensors * sizeof(*all));
	struct tensor_table table = { all, a.n_tensors + b.n_tensors };
	identify_tensors(world->knowledge, &table, NULL, &world->arena, &world->facts);
}

static const struct {
	enum dtype packed, other;
	const char *packed_lines, *other_lines, *precision;
	int64_t parameters;
} cases[] = {
	{ DTYPE_F16, DTYPE_F32, "a.weight 10 10", "b.weight 3 3", "fp16", 109 },
	{ DTYPE_F16, DTYPE_F32, "a.weight 10 10", "b.weight 10 9", "fp32", 190 },
	{ DTYPE_F8_E4M3, DTYPE_F32, "a.weight 8 8\nscaled_fp8 2", "a.scale_weight 1", "fp8-e4m3",
	  64 },
	{ DTYPE_U8, DTYPE_F32, "a.weight 32 1\na.weight.quant_state.bitsandbytes__nf4 86",
	  "a.weight.absmax 1\na.weight.quant_map 16", "nf4", 64 },
	{ DTYPE_U8, DTYPE_F32, "a.weight 32 1\na.weight.quant_state.bitsandbytes__fp4 86",
	  "a.bias 8", "fp4", 72 },
	{ DTYPE_U8, DTYPE_F32, "a.weight 8 4", "a.weight_scale_2\na.bias 2", "nvfp4", 66 },
	{ DTYPE_I8, DTYPE_F16, "a.qweight 8 4", "a.wscales 1 8", "svdq", 64 },
	{ DTYPE_I8, DTYPE_F16, "a.qweight 8 4", "a.wscales 1 8\na.smooth 8", "svdq", 64 },
	{ DTYPE_I32, DTYPE_F16, "a.qweight 2 4", "a.wzeros 1 8\na.wscales 1 8", "svdq", 64 },
	{ DTYPE_I8, DTYPE_F32, "a.weight 8 8", "a.weight_scale 8 1", "int8", 64 },
	{ DTYPE_F16, DTYPE_F16, "a.weight 8 8\nmodel_ema.aweight 8 8", "a.alpha", "fp16", 64 },
};

static void packed_weights_are_unpacked(void **state)
{
	struct world *world = *state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		identify_both(world,
			      table_of(&world->arena, cases[i].packed, cases[i].packed_lines),
			      table_of(&world->arena, cases[i].other, cases[i].other_lines));
		assert_text(world->facts.precision, cases[i].precision);
		assert_int_equal(world->facts.parameters, cases[i].parameters);
	}
}

/* A width that a packing halves is read as the model has it; one that it lost proves nothing, unless
 * the bias tells the rows. */
static void rules_see_through_packings(void **state)
{
	struct world *world = *state;
	identify_both(world,
		      table_of(&world->arena, DTYPE_U8, "blocks.0.attn2.to_k.weight 320 384"),
		      table_of(&world->arena, DTYPE_F32, "blocks.0.attn2.to_k.weight_scale_2"));
	assert_non_null(world->facts.architecture);
	assert_text(world->facts.architecture->id, "house");
	identify_both(world,
		      table_of(&world->arena, DTYPE_U8, "blocks.0.attn2.to_k.weight 320 768"),
		      table_of(&world->arena, DTYPE_F32,
			       "blocks.0.attn2.to_k.weight.quant_state.bitsandbytes__nf4"));
	assert_null(world->facts.architecture);
	identify_both(world,
		      table_of(&world->arena, DTYPE_U8, "blocks.0.attn2.to_k.weight 122880 1"),
		      table_of(&world->arena, DTYPE_F32,
			       "blocks.0.attn2.to_k.weight.quant_state.bitsandbytes__nf4 80\n"
			       "blocks.0.attn2.to_k.bias 320"));
	assert_non_null(world->facts.architecture);
}

static void what_has_no_weights_has_no_precision(void **state)
{
	struct world *world = *state;
	world_tensors(world, "");
	assert_null(world->facts.precision.ptr);
	assert_int_equal(world->facts.parameters, 0);
}

static void more_than_a_number_holds_is_unknown(void **state)
{
	struct world *world = *state;
	world_tensors(world, "a.weight 4294967296 4294967296\nb.weight 4294967296 4294967296");
	assert_int_equal(world->facts.parameters, -1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, world_open, world_close)
	const struct CMUnitTest tests[] = {
		TEST(packed_weights_are_unpacked),
		TEST(rules_see_through_packings),
		TEST(what_has_no_weights_has_no_precision),
		TEST(more_than_a_number_holds_is_unknown),
	};
	return cmocka_run_group_tests_name("precision", tests, NULL, NULL);
}
