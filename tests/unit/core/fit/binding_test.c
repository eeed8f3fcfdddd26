// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/fit/binding.h"
#include "tests/unit/core/adapters/table.h"

static const struct str roots[] = { { "lora_unet_", 10 } };
static const struct str encoder_roots[] = { { "lora_te1_", 9 }, { "lora_te2_", 9 } };
static const struct str te1[] = { { "te1.", 4 } }, te2[] = { { "te2.", 4 } };

static const char checkpoint_lines[] =
	"a.weight 4 8\nb.weight 4 8\nnorm.weight 4\nte1.c.weight 2 2";

struct world {
	struct knowledge *knowledge;
	struct arena arena;
	const struct module_names *checkpoint;
};

static void add_encoder(struct knowledge *k, const char *number, const struct str *root,
			const struct str *adapter_root)
{
	struct text_encoder *encoder = ARRAY_PUSH(&k->text_encoders, struct text_encoder);
	encoder->id = str_from(number);
	encoder->roots = (struct texts){ root, 1 };
	encoder->adapter_roots = (struct texts){ adapter_root, 1 };
}

static int set_up(void **state)
{
	static struct world world;
	struct knowledge *k = knowledge_create();
	k->adapter_roots = (struct texts){ roots, 1 };
	k->text_encoder_roots = (struct texts){ encoder_roots, 2 };
	add_encoder(k, "1", te1, &encoder_roots[0]);
	add_encoder(k, "2", te2, &encoder_roots[1]);
	world = (struct world){ .knowledge = k };
	struct tensor_table table = table_of(&world.arena, DTYPE_F16, checkpoint_lines);
	world.checkpoint = module_names_create(k, &table, STR_NULL, &world.arena);
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

static struct binding bind(struct world *world, const char *lines)
{
	struct adapter *adapter = ARENA_NEW(&world->arena, struct adapter);
	struct tensor_table table = table_of(&world->arena, DTYPE_F16, lines);
	struct binding binding;
	assert_true(adapter_read(&table, world->knowledge, &world->arena, adapter));
	binding_read(world->checkpoint, adapter, &binding);
	return binding;
}

#define LORA(stem, out, in) stem ".lora_up.weight " out " 1\n" stem ".lora_down.weight 1 " in "\n"

static void modules_are_counted_by_component(void **state)
{
	struct binding b =
		bind(*state, LORA("lora_unet_a", "4", "8") LORA("lora_unet_b", "4", "9")
				     LORA("lora_unet_x", "4", "8") LORA("lora_te1_c", "2", "2")
					     LORA("lora_te2_c", "2", "2"));
	assert_int_equal(b.all.modules, 5);
	assert_int_equal(b.all.bound, 2);
	assert_int_equal(b.all.unbound, 2);
	assert_int_equal(b.all.mismatched, 1);
	assert_int_equal(b.of[COMPONENT_DENOISER].modules, 3);
	assert_int_equal(b.of[COMPONENT_TEXT_ENCODER_1].bound, 1);
	assert_int_equal(b.of[COMPONENT_TEXT_ENCODER_2].unbound, 1);
	assert_true(b.is_present[COMPONENT_TEXT_ENCODER_1]);
	assert_false(b.is_present[COMPONENT_TEXT_ENCODER_2]);
	assert_true(str_equal(b.mismatch.module, STR("lora_unet_b")));
	assert_true(str_equal(b.lost.module, STR("lora_unet_x")));
}

static void a_missing_half_is_unbound(void **state)
{
	struct binding b =
		bind(*state, "lora_unet_a.lora_up.weight 4 1\n" LORA("lora_unet_b", "4", "8"));
	assert_int_equal(b.all.bound, 1);
	assert_int_equal(b.all.unbound, 1);
}

static void what_nobody_misses_is_ignored(void **state)
{
	struct binding b = bind(
		*state,
		LORA("lora_unet_a", "4",
		     "8") "lora_unet_norm.diff 4\n"
			  "lora_unet_gone.diff 4\nlora_unet_gone.diff_b 4\n"
			  "lora_te1_text_projection.lora_up.weight 2 1\n"
			  "lora_te1_text_projection.lora_down.weight 1 2\nlora_unet_y.alpha\n");
	assert_int_equal(b.all.modules, 2);
	assert_int_equal(b.all.bound, 2);
	assert_int_equal(b.n_ignored, 3);
}

static void a_copy_stands_alone(void **state)
{
	struct world *world = *state;
	struct binding b = bind(world, LORA("lora_unet_b", "4", "9"));
	const struct binding *copy = binding_copy(&b, &world->arena);
	assert_ptr_not_equal(copy->mismatch.delta, b.mismatch.delta);
	assert_ptr_not_equal(copy->mismatch.module.ptr, b.mismatch.module.ptr);
	assert_ptr_not_equal(copy->mismatch.target, b.mismatch.target);
	assert_ptr_not_equal(copy->mismatch.target->name.ptr, b.mismatch.target->name.ptr);
	assert_true(str_equal(copy->mismatch.target->name, STR("b.weight")));
	assert_int_equal(copy->mismatch.delta->columns, 9);
	assert_null(copy->lost.module.ptr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modules_are_counted_by_component),
		cmocka_unit_test(a_missing_half_is_unbound),
		cmocka_unit_test(what_nobody_misses_is_ignored),
		cmocka_unit_test(a_copy_stands_alone),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
