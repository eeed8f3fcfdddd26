// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/adapters/adapter.h"
#include "tests/unit/core/adapters/table.h"

/* The factors of one module, the layer they are held against, and what comes of it. */
static const struct row {
	const char *what, *tensors;
	uint64_t rows, inputs, kernel; /* of the target; rows 0: packed */
	enum delta_fit fit;
} table[] = {
	{ "linear", "m.lora_up.weight 640 8\nm.lora_down.weight 8 320", 640, 320, 1, DELTA_FITS },
	{ "linear as a 1 x 1 convolution",
	  "m.lora_up.weight 640 8 1 1\nm.lora_down.weight 8 640 1 1", 640, 640, 1, DELTA_FITS },
	{ "rows and columns swapped, as many elements",
	  "m.lora_up.weight 1280 8\nm.lora_down.weight 8 1024", 640, 2048, 1, DELTA_DIFFERS },
	{ "no up", "m.lora_down.weight 8 320\nm.alpha", 640, 320, 1, DELTA_INCOMPLETE },
	{ "ranks differ", "m.lora_up.weight 640 8\nm.lora_down.weight 4 320", 640, 320, 1,
	  DELTA_DIFFERS },
	{ "packed weights", "m.lora_up.weight 640 8\nm.lora_down.weight 8 320", 0, 0, 1,
	  DELTA_FITS },
	{ "3 x 3", "m.lora_up.weight 640 8 1 1\nm.lora_down.weight 8 320 3 3", 640, 320, 9,
	  DELTA_FITS },
	{ "3 x 3 on 1 x 1", "m.lora_up.weight 640 8 1 1\nm.lora_down.weight 8 320 3 3", 640, 320, 1,
	  DELTA_DIFFERS },
	{ "core",
	  "m.lora_up.weight 640 8 1 1\nm.lora_mid.weight 8 4 3 3\nm.lora_down.weight 4 320 1 1",
	  640, 320, 9, DELTA_FITS },
	{ "core of another rank",
	  "m.lora_up.weight 640 8 1 1\nm.lora_mid.weight 8 8 3 3\nm.lora_down.weight 4 320 1 1",
	  640, 320, 9, DELTA_DIFFERS },
	{ "magnitude of outputs",
	  "m.lora_up.weight 640 8\nm.lora_down.weight 8 320\nm.dora_scale 640 1", 640, 320, 1,
	  DELTA_FITS },
	{ "magnitude of inputs",
	  "m.lora_up.weight 640 8\nm.lora_down.weight 8 320\nm.dora_scale 1 320", 640, 320, 1,
	  DELTA_FITS },
	{ "magnitude of neither",
	  "m.lora_up.weight 640 8\nm.lora_down.weight 8 320\nm.dora_scale 1 100", 640, 320, 1,
	  DELTA_DIFFERS },
	{ "PEFT with a name",
	  "m.lora_A.default.weight 8 320\nm.lora_B.default.weight 640 8\nm.lora_B.bias 640", 640,
	  320, 1, DELTA_FITS },
	{ "LoHa", "m.hada_w1_a 640 4\nm.hada_w1_b 4 2880\nm.hada_w2_a 640 4\nm.hada_w2_b 4 2880",
	  640, 320, 9, DELTA_FITS },
	{ "LoHa with a core",
	  "m.hada_w1_a 4 640\nm.hada_w1_b 4 320\nm.hada_t1 4 4 3 3\n"
	  "m.hada_w2_a 4 640\nm.hada_w2_b 4 320\nm.hada_t2 4 4 3 3",
	  640, 320, 9, DELTA_FITS },
	{ "LoHa without its second half", "m.hada_w1_a 640 4\nm.hada_w1_b 4 320", 640, 320, 1,
	  DELTA_INCOMPLETE },
	{ "LoKr", "m.lokr_w1 8 8\nm.lokr_w2_a 80 4\nm.lokr_w2_b 4 40", 640, 320, 1, DELTA_FITS },
	{ "LoKr, both whole", "m.lokr_w1 8 8\nm.lokr_w2 80 40 3 3", 640, 320, 9, DELTA_FITS },
	{ "LoKr, both factored, a core",
	  "m.lokr_w1_a 8 2\nm.lokr_w1_b 2 8\nm.lokr_t2 4 4 3 3\nm.lokr_w2_a 4 80\nm.lokr_w2_b 4 40",
	  640, 320, 9, DELTA_FITS },
	{ "LoKr of a published fixture", "m.lokr_w1 16 16\nm.lokr_w2_a 3072 4\nm.lokr_w2_b 4 3072",
	  3072, 3072, 1, DELTA_DIFFERS },
	{ "OFT", "m.oft_blocks 4 160 160\nm.alpha", 640, 320, 1, DELTA_FITS },
	{ "OFT of another width", "m.oft_blocks 4 80 80", 640, 320, 1, DELTA_DIFFERS },
	{ "OFT, old", "m.oft_diag 4 160 160", 640, 320, 1, DELTA_FITS },
	{ "OFT of PEFT tells no width", "m.oft_R.weight 4 780", 640, 320, 1, DELTA_FITS },
	{ "BOFT", "m.oft_blocks 3 80 8 8", 640, 320, 1, DELTA_FITS },
	{ "BOFT of odd blocks", "m.oft_blocks 1 128 5 5", 640, 320, 1, DELTA_DIFFERS },
	{ "GLoRA", "m.a1.weight 320 8\nm.a2.weight 8 320\nm.b1.weight 640 8\nm.b2.weight 8 320",
	  640, 320, 1, DELTA_FITS },
	{ "GLoRA, old",
	  "m.a1.weight 8 320\nm.a2.weight 320 8\nm.b1.weight 8 320\nm.b2.weight 640 8", 640, 320, 1,
	  DELTA_FITS },
	{ "IA3 on the output", "m.weight 640\nm.on_input", 640, 320, 1, DELTA_FITS },
	{ "IA3 on the input", "m.weight 320\nm.on_input", 640, 320, 1, DELTA_FITS },
	{ "IA3 on neither", "m.weight 100\nm.on_input", 640, 320, 1, DELTA_DIFFERS },
	{ "IA3 of PEFT", "m.ia3_l 640 1", 640, 320, 1, DELTA_FITS },
	{ "full", "m.diff 640 320 3 3\nm.diff_b 640", 640, 320, 9, DELTA_FITS },
	{ "full of another width", "m.diff 640 300 3 3", 640, 320, 9, DELTA_DIFFERS },
	{ "bias alone", "m.diff_b 640", 640, 320, 9, DELTA_FITS },
	{ "norm", "m.w_norm 640\nm.b_norm 640", 640, 1, 1, DELTA_FITS },
	{ "set, and resized", "m.set_weight 640 400\nm.reshape_weight 2", 640, 320, 1,
	  DELTA_FITS_PADDED },
	{ "too large to be true",
	  "m.lora_up.weight 640 8\nm.lora_down.weight 8 4294967296 4294967296 4294967296", 640, 320,
	  1, DELTA_DIFFERS },
};

static const struct knowledge nothing;

static void every_kind_is_held_against_its_layer(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct arena arena = { 0 };
		struct adapter adapter;
		struct tensor_table tensors = table_of(&arena, DTYPE_F16, table[i].tensors);
		const struct delta_target target = {
			.rows = table[i].rows,
			.inputs = table[i].inputs,
			.columns = table[i].inputs * table[i].kernel,
		};
		if (!adapter_read(&tensors, &nothing, &arena, &adapter) || adapter.n_modules != 1)
			fail_msg("%s: no module", table[i].what);
		enum delta_fit fit = delta_fits(&adapter.modules[0].delta, &target);
		if (fit != table[i].fit)
			fail_msg("%s: %d", table[i].what, (int)fit);
		arena_finish(&arena);
	}
}

static const struct delta wide = {
	.rows = 3072, .columns = 128, .is_whole = true, .is_sound = true
};

static void first_layers_are_padded(void **state)
{
	struct delta_target target = { .rows = 3072, .columns = 64, .inputs = 64 };
	(void)state;
	assert_int_equal(delta_fits(&wide, &target), DELTA_DIFFERS);
	target.takes_any_inputs = true;
	assert_int_equal(delta_fits(&wide, &target), DELTA_FITS_PADDED);
	target.rows = 1024;
	assert_int_equal(delta_fits(&wide, &target), DELTA_DIFFERS);
}

static void embeddings_lie_turned_round(void **state)
{
	struct delta_target target = { .rows = 128, .columns = 3072, .inputs = 3072 };
	(void)state;
	assert_int_equal(delta_fits(&wide, &target), DELTA_DIFFERS);
	target.is_table = true;
	assert_int_equal(delta_fits(&wide, &target), DELTA_FITS);
}

static void what_changes_no_module_is_listed(void **state)
{
	struct arena arena = { 0 };
	struct adapter adapter;
	struct tensor_table tensors =
		table_of(&arena, DTYPE_F16,
			 "a.lora_up.weight 4 1\na.lora_down.weight 1 4\nb.lora_up.weight 4 1\n"
			 "b.lora_down.weight 1 4\nlone.alpha\n<s1> 768");
	(void)state;
	assert_true(adapter_read(&tensors, &nothing, &arena, &adapter));
	assert_int_equal(adapter.n_modules, 2);
	assert_int_equal(adapter.n_others, 2);
	assert_true(str_equal(adapter.others[0], STR("<s1>")));
	assert_true(str_equal(adapter.others[1], STR("lone")));
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_is_held_against_its_layer),
		cmocka_unit_test(first_layers_are_padded),
		cmocka_unit_test(embeddings_lie_turned_round),
		cmocka_unit_test(what_changes_no_module_is_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
