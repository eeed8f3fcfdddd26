// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tui/widgets/page.h"

static void dump(const struct page *page, int cols, int rows, struct bytes *out)
{
	struct grid grid;
	struct arena scratch = { 0 };
	grid_init(&grid, cols, rows);
	struct surface all = surface_of(&grid, TEXT_UTF8, &scratch);
	bytes_clear(out);
	page_paint(page, &all);
	grid_dump(&grid, out);
	grid_finish(&grid);
	arena_finish(&scratch);
}

static void words_are_wrapped_below_themselves(void **state)
{
	(void)state;
	struct page page;
	struct bytes out = { 0 };
	page_init(&page);
	page_begin(&page, 16);
	page_fact(&page, 5, STR("path"), STYLE_NORMAL, STR("one two three four"));
	page_fact(&page, 5, STR("none"), STYLE_NORMAL, STR(""));
	page_blank(&page);
	page_blank(&page);
	page_text(&page, 0, STYLE_NORMAL, STR("abcdefghijklmnopqrstuvw"));
	dump(&page, 16, 6, &out);
	assert_string_equal(
		out.ptr,
		" path one two\n      three\n      four\n\n abcdefghijklmn\n opqrstuvw\ncursor 0,0\n");
	page_finish(&page);
	bytes_finish(&out);
}

static void narrow_pages_end(void **state)
{
	(void)state;
	struct page page;
	page_init(&page);
	page_begin(&page, 3);
	page_fact(&page, 13, STR("label"), STYLE_NORMAL, STR("水墨画"));
	assert_int_equal(page.lines.len, 3);
	page_finish(&page);
}

static void it_scrolls_no_further_than_its_end(void **state)
{
	(void)state;
	struct page page;
	page_init(&page);
	page_begin(&page, 20);
	for (int i = 0; i < 30; i++)
		page_text(&page, 0, STYLE_NORMAL, STR("line"));
	page_resize(&page, 10);
	page_command(&page, COMMAND_BOTTOM);
	assert_int_equal(page.top, 20);
	page_command(&page, COMMAND_DOWN);
	assert_int_equal(page.top, 20);
	page_command(&page, COMMAND_PAGE_UP);
	assert_int_equal(page.top, 11);
	page_scroll(&page, -100);
	assert_int_equal(page.top, 0);
	page_command(&page, COMMAND_BOTTOM);
	page_resize(&page, 25);
	assert_int_equal(page.top, 5);
	page_finish(&page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_wrapped_below_themselves),
		cmocka_unit_test(narrow_pages_end),
		cmocka_unit_test(it_scrolls_no_further_than_its_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
