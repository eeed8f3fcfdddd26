// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/fit/binder.h"
#include "tests/unit/core/adapters/table.h"

#define LORA(stem) stem ".lora_up.weight 4 1\n" stem ".lora_down.weight 1 8\n"

/* Layouts by a letter; how often each was read. */
struct source {
	struct knowledge *knowledge;
	unsigned n_read[128];
};

static const struct {
	char letter;
	const char *lines;
} layouts[] = {
	{ 'C', "a.weight 4 8\nb.weight 4 8" },
	{ 'l', LORA("lora_unet_a") },
	{ 'm', LORA("lora_unet_a") LORA("lora_unet_b") "lora_unet_a.diff_b 4\n" },
	{ 'x', "a.weight 4 8" },
};

static const struct str roots[] = { { "lora_unet_", 10 } };

static bool read_layout(void *context, struct str layout, struct arena *arena,
			struct tensor_table *table)
{
	struct source *source = context;
	source->n_read[(unsigned char)layout.ptr[0]]++;
	for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
		if (layouts[i].letter == layout.ptr[0]) {
			*table = table_of(arena, DTYPE_F16, layouts[i].lines);
			return true;
		}
	return false;
}

static int set_up(void **state)
{
	static struct source source;
	source = (struct source){ .knowledge = knowledge_create() };
	source.knowledge->adapter_roots = (struct texts){ roots, 1 };
	*state = &source;
	return 0;
}

static int tear_down(void **state)
{
	struct source *source = *state;
	knowledge_destroy(source->knowledge);
	return 0;
}

static void each_layout_is_read_once(void **state)
{
	struct source *source = *state;
	struct binder binder;
	binder_init(&binder, source->knowledge, STR("sdxl"), STR("C"), read_layout, source);
	assert_int_equal(source->n_read['C'], 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(binder_bind(&binder, STR("l"))->all.bound, 1);
		assert_int_equal(binder_bind(&binder, STR("m"))->all.bound, 2);
		assert_null(binder_bind(&binder, STR("x")));
		assert_null(binder_bind(&binder, STR("?")));
	}
	assert_int_equal(source->n_read['C'], 1);
	assert_int_equal(source->n_read['l'], 1);
	assert_int_equal(source->n_read['x'], 1);
	assert_int_equal(source->n_read['?'], 1);
	binder_finish(&binder);
}

static void bindings_outlive_the_names(void **state)
{
	struct source *source = *state;
	struct binder binder;
	binder_init(&binder, source->knowledge, STR_NULL, STR("C"), read_layout, source);
	const struct binding *first = binder_bind(&binder, STR("l"));
	binder_rest(&binder);
	assert_int_equal(first->of[COMPONENT_DENOISER].bound, 1);
	assert_ptr_equal(binder_bind(&binder, STR("l")), first);
	assert_int_equal(source->n_read['C'], 1);
	assert_int_equal(binder_bind(&binder, STR("m"))->all.bound, 2);
	assert_int_equal(source->n_read['C'], 2);
	binder_finish(&binder);
}

static void nothing_binds_to_an_unknown_checkpoint(void **state)
{
	struct source *source = *state;
	struct binder binder;
	binder_init(&binder, source->knowledge, STR("sdxl"), STR_NULL, read_layout, source);
	assert_null(binder_names(&binder));
	assert_null(binder_bind(&binder, STR("l")));
	assert_int_equal(binder_notes(&binder, STR("m")).n, 0);
	binder_finish(&binder);
	binder_init(&binder, source->knowledge, STR("sdxl"), STR("?"), read_layout, source);
	assert_null(binder_bind(&binder, STR("l")));
	assert_null(binder_bind(&binder, STR("m")));
	assert_int_equal(source->n_read['?'], 1);
	binder_finish(&binder);
}

static void notes_hold_by_tensors(void **state)
{
	struct source *source = *state;
	struct knowledge *k = source->knowledge;
	struct error err;
	struct rule *rule = ARENA_NEW(&k->arena, struct rule);
	assert_true(rule_parse(STR("tensor(**.diff_b)"), &k->arena, rule, &err));
	struct fit_note *note = ARRAY_PUSH(&k->fit_notes, struct fit_note);
	note->text = STR("biases");
	note->when = (struct rules){ rule, 1 };
	ARRAY_PUSH(&k->fit_notes, struct fit_note)->text = STR("of all");
	struct binder binder;
	binder_init(&binder, k, STR("sdxl"), STR("C"), read_layout, source);
	for (int i = 0; i < 2; i++) {
		struct notes notes = binder_notes(&binder, STR("m"));
		assert_int_equal(notes.n, 1);
		assert_true(str_equal(notes.list[0]->text, STR("biases")));
		assert_int_equal(binder_notes(&binder, STR("l")).n, 0);
	}
	assert_int_equal(source->n_read['m'], 1);
	binder_finish(&binder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_layout_is_read_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(bindings_outlive_the_names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing_binds_to_an_unknown_checkpoint, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(notes_hold_by_tensors, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
