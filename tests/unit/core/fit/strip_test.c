// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/fit/strip.h"
#include "tests/unit/core/adapters/table.h"

#define LORA(stem, out, rank) \
	stem ".lora_up.weight " out " " rank "\n" stem ".lora_down.weight " rank " 8\n"

static const struct str roots[] = { { "lora_unet_", 10 } };
static const struct str denoiser_roots[] = { { "model.", 6 } };
static const struct str short_names[] = { { "input_blocks in", 15 },
					  { "middle_block mid", 16 },
					  { "output_blocks out", 17 } };

/* Eight blocks in, three in the middle, four out that stand first, and five of another word. */
static const char checkpoint_lines[] =
	"model.output_blocks.0.a.weight 4 8\nmodel.output_blocks.3.a.weight 4 8\n"
	"model.input_blocks.0.a.weight 4 8\nmodel.input_blocks.1.a.weight 4 8\n"
	"model.input_blocks.2.a.weight 4 8\nmodel.input_blocks.7.a.weight 4 8\n"
	"model.middle_block.2.a.weight 4 8\nmodel.time_embed.0.weight 4 8\n"
	"model.layers.4.a.weight 4 8\nmodel.layers.99999999999.a.weight 4 8\n"
	"model.layers.18446744073709551615.a.weight 4 8\n";

struct world {
	struct knowledge *knowledge;
	struct arena arena;
};

static int set_up(void **state)
{
	static struct world world;
	struct knowledge *k = knowledge_create();
	k->adapter_roots = (struct texts){ roots, 1 };
	k->denoiser_roots = (struct texts){ denoiser_roots, 1 };
	k->block_names = (struct texts){ short_names, 3 };
	world = (struct world){ .knowledge = k };
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;
	knowledge_destroy(world->knowledge);
	arena_finish(&world->arena);
	return 0;
}

static struct strip strip_of(struct world *world, const char *lines)
{
	struct arena *arena = &world->arena;
	struct adapter adapter;
	struct strip strip;
	struct tensor_table checkpoint = table_of(arena, DTYPE_F16, checkpoint_lines);
	struct tensor_table lora = table_of(arena, DTYPE_F16, lines);
	assert_true(adapter_read(&lora, world->knowledge, arena, &adapter));
	strip_read(world->knowledge,
		   module_names_create(world->knowledge, &checkpoint, STR_NULL, arena), &adapter,
		   arena, &strip);
	return strip;
}

static void rows_stand_as_knowledge_orders_them(void **state)
{
	struct strip strip = strip_of(*state, LORA("lora_unet_input_blocks_0_a", "4", "2"));
	static const struct {
		struct str name;
		size_t n;
	} rows[] = {
		{ { "in", 2 }, 8 },
		{ { "mid", 3 }, 3 },
		{ { "out", 3 }, 4 },
		{ { "layers", 6 }, 5 },
	};
	assert_int_equal(strip.n_rows, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_true(str_equal(strip.rows[i].name, rows[i].name));
		assert_int_equal(strip.rows[i].n_blocks, rows[i].n);
	}
}

static void blocks_count_what_binds_and_how_strongly(void **state)
{
	struct world *world = *state;
	struct strip strip =
		strip_of(world, LORA("lora_unet_input_blocks_0_a", "4",
				     "2") LORA("lora_unet_input_blocks_1_a", "4",
					       "3") LORA("lora_unet_input_blocks_7_a", "5", "1")
					LORA("lora_unet_middle_block_2_a", "4", "1")
						LORA("lora_unet_layers_4_a", "4", "1")
							LORA("lora_unet_nowhere_3_a", "4", "1"));
	const struct strip_block *in = strip.rows[0].blocks;
	assert_int_equal(in[0].n_bound, 1);
	assert_int_equal(in[0].rank, 2);
	assert_int_equal(in[1].rank, 3);
	assert_int_equal(in[2].n_bound + in[2].n_mismatched, 0);
	assert_int_equal(in[7].n_bound, 0);
	assert_int_equal(in[7].n_mismatched, 1);
	assert_true(str_equal(strip_words(&strip, &world->arena), STR("in 0-1, mid, layers 4")));
}

static void nothing_bound_is_no_words(void **state)
{
	struct world *world = *state;
	struct strip strip = strip_of(world, LORA("lora_unet_nowhere_3_a", "4", "1"));
	assert_int_equal(strip_words(&strip, &world->arena).len, 0);
	assert_int_equal(strip_words(&(struct strip){ 0 }, &world->arena).len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_stand_as_knowledge_orders_them),
		cmocka_unit_test(blocks_count_what_binds_and_how_strongly),
		cmocka_unit_test(nothing_bound_is_no_words),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
