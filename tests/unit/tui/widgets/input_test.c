// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tui/widgets/input.h"

static void press(struct input *input, const char *names)
{
	struct str rest = str_from(names), name;
	while (str_next_part(&rest, ' ', &name)) {
		struct key key;
		bool changed;
		assert_true(key_parse(name, &key));
		assert_true(input_key(input, key, &changed));
	}
}

static void editing(void **state)
{
	(void)state;
	struct input input = { 0 };
	press(&input, "a b c");
	assert_string_equal(input.text.ptr, "abc");
	press(&input, "left left x home y end z");
	assert_string_equal(input.text.ptr, "yaxbcz");
	press(&input, "backspace ^A delete");
	assert_string_equal(input.text.ptr, "axbc");
	press(&input, "^E space d e ^W");
	assert_string_equal(input.text.ptr, "axbc ");
	press(&input, "^A right ^K");
	assert_string_equal(input.text.ptr, "a");
	press(&input, "^U");
	assert_string_equal(input.text.ptr, "");
	input_finish(&input);
}

static void characters_are_not_split(void **state)
{
	(void)state;
	struct input input = { 0 };
	input_set(&input, STR("水é"));
	press(&input, "left backspace");
	assert_string_equal(input.text.ptr, "é");
	press(&input, "delete");
	assert_string_equal(input.text.ptr, "");
	input_finish(&input);
}

static void it_does_not_grow_for_ever(void **state)
{
	(void)state;
	struct input input = { 0 };
	struct key key = { .code = 'x' };
	bool changed;
	for (unsigned i = 0; i < INPUT_BYTES_MAX + 10; i++)
		input_key(&input, key, &changed);
	assert_int_equal(input.text.len, INPUT_BYTES_MAX);
	assert_false(changed);
	input_finish(&input);
}

static void the_cursor_is_always_seen(void **state)
{
	(void)state;
	struct input input = { 0 };
	struct grid grid;
	struct arena scratch = { 0 };
	grid_init(&grid, 10, 1);
	struct surface all = surface_of(&grid, TEXT_UTF8, &scratch);
	input_set(&input, STR("0123456789abcdef"));
	input_paint(&input, &all, 1, 0, TEXT_UTF8);
	assert_int_equal(grid.cursor_x, 9);
	assert_true(grid.cursor_is_shown);
	assert_int_equal(grid.cells[8].bytes[0], 'f');
	assert_int_equal(input_column_x(&input, 9, 16, TEXT_UTF8), 7);
	assert_int_equal(input_column_x(&input, 9, 2, TEXT_UTF8), -1);
	grid_finish(&grid);
	arena_finish(&scratch);
	input_finish(&input);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(editing),
		cmocka_unit_test(characters_are_not_split),
		cmocka_unit_test(it_does_not_grow_for_ever),
		cmocka_unit_test(the_cursor_is_always_seen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
