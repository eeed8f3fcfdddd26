// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/widgets/list.h"

static struct list new_list(size_t n, size_t rows)
{
	struct list list = { 0 };
	list_resize(&list, rows);
	list_replace(&list, n, 0);
	return list;
}

static void expect(const struct list *list, size_t cursor, size_t top)
{
	assert_int_equal(list->cursor, cursor);
	assert_int_equal(list->top, top);
}

static void the_cursor_stays_in_the_list(void **state)
{
	(void)state;
	struct list list = new_list(3, 10);
	assert_true(list_command(&list, COMMAND_UP));
	expect(&list, 0, 0);
	assert_true(list_command(&list, COMMAND_BOTTOM));
	assert_true(list_command(&list, COMMAND_DOWN));
	expect(&list, 2, 0);
	assert_true(list_command(&list, COMMAND_PAGE_DOWN));
	expect(&list, 2, 0);
	assert_false(list_command(&list, COMMAND_MARK));
	list = new_list(0, 10);
	for (int command = COMMAND_DOWN; command <= COMMAND_BOTTOM; command++) {
		list_command(&list, (enum command)command);
		expect(&list, 0, 0);
	}
}

static void the_window_follows(void **state)
{
	(void)state;
	struct list list = new_list(100, 10);
	for (int i = 0; i < 10; i++)
		list_command(&list, COMMAND_DOWN);
	expect(&list, 10, 1);
	list_command(&list, COMMAND_BOTTOM);
	expect(&list, 99, 90);
	list_command(&list, COMMAND_TOP);
	expect(&list, 0, 0);
	list_command(&list, COMMAND_PAGE_DOWN);
	expect(&list, 9, 9);
	list_command(&list, COMMAND_HALF_DOWN);
	expect(&list, 14, 14);
}

static void beside_another_pane_it_jumps(void **state)
{
	(void)state;
	struct list list = new_list(100, 10);
	list.jumps = true;
	for (int i = 0; i < 10; i++)
		list_command(&list, COMMAND_DOWN);
	expect(&list, 10, 6);
	list_resize(&list, 4);
	assert_true(list.cursor >= list.top && list.cursor < list.top + 4);
}

static void another_content_keeps_the_line(void **state)
{
	(void)state;
	struct list list = new_list(100, 10);
	list_to(&list, 50);
	list_scroll(&list, 3);
	size_t line = list.cursor - list.top;
	list_replace(&list, 200, 120);
	expect(&list, 120, 120 - line);
	list_replace(&list, 5, 4);
	expect(&list, 4, 0);
}

static void the_wheel_takes_the_cursor_along(void **state)
{
	(void)state;
	struct list list = new_list(100, 10);
	list_scroll(&list, 3);
	expect(&list, 3, 3);
	list_scroll(&list, -30);
	expect(&list, 3, 0);
	list_scroll(&list, 1000);
	expect(&list, 90, 90);
	assert_int_equal(list_at_line(&list, 4), 94);
	assert_int_equal(list_at_line(&list, 10), 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cursor_stays_in_the_list),
		cmocka_unit_test(the_window_follows),
		cmocka_unit_test(beside_another_pane_it_jumps),
		cmocka_unit_test(another_content_keeps_the_line),
		cmocka_unit_test(the_wheel_takes_the_cursor_along),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
