// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/layout.h"

static bool overlaps(struct rect a, struct rect b)
{
	return a.cols > 0 && b.cols > 0 && a.rows > 0 && b.rows > 0 && a.x < b.x + b.cols &&
	       b.x < a.x + a.cols && a.y < b.y + b.rows && b.y < a.y + a.rows;
}

static void check_frame(int cols, int rows, const struct frame_layout *layout)
{
	struct rect all[5 + 2 * PANE_COUNT] = { layout->header, layout->banner, layout->dock,
						layout->tray, layout->status };
	size_t n = 5;
	for (size_t i = 0; i < PANE_COUNT; i++) {
		all[n++] = layout->titles[i];
		all[n++] = layout->panes[i];
	}
	for (size_t i = 0; i < n; i++) {
		assert_true(all[i].x >= 0 && all[i].y >= 0 && all[i].cols >= 0 && all[i].rows >= 0);
		assert_true(all[i].x + all[i].cols <= cols);
		assert_true(all[i].y + all[i].rows <= rows);
		for (size_t j = 0; j < i; j++)
			assert_false(overlaps(all[i], all[j]));
		for (int k = 0; k < layout->n_rules; k++) {
			struct rect rule = { layout->rules[k], layout->body_y, 1,
					     layout->body_rows };
			assert_false(overlaps(all[i], rule));
		}
	}
}

static void nothing_overlaps_at_any_size(void **state)
{
	(void)state;
	for (int cols = 1; cols <= 220; cols++)
		for (int rows = 1; rows <= 70; rows++)
			for (unsigned wish = 0; wish < 4 * PANE_COUNT; wish++) {
				struct frame_layout layout =
					layout_frame(cols, rows,
						     (struct layout_wish){
							     .focus = (enum pane_id)(wish / 4),
							     .groups = wish & 1,
							     .banner = wish & 2,
							     .dock_rows = rows % 7 * 3,
						     });
				assert_int_equal(layout.is_too_small, cols < 40 || rows < 10);
				check_frame(cols, rows, &layout);
				if (!layout.is_too_small)
					assert_true(layout.panes[wish / 4].cols > 0 &&
						    layout.panes[wish / 4].rows > 0);
			}
}

static void narrow_screens_show_one_pane(void **state)
{
	(void)state;
	struct frame_layout layout =
		layout_frame(80, 24, (struct layout_wish){ .focus = PANE_MODELS, .groups = true });
	assert_false(layout.is_side_by_side);
	assert_int_equal(layout.panes[PANE_MODELS].cols, 80);
	assert_int_equal(layout.panes[PANE_MODELS].rows, 21);
	assert_int_equal(layout.panes[PANE_DETAILS].cols, 0);
}

static void a_large_screen_has_a_dock(void **state)
{
	struct layout_wish wish = { .focus = PANE_MODELS, .dock_rows = 5 };
	(void)state;
	assert_int_equal(layout_frame(200, 60, wish).dock.rows, 5);
	assert_int_equal(layout_frame(200, 40, wish).dock.rows, 0);
	assert_int_equal(layout_frame(120, 60, wish).dock.rows, 0);
	wish.dock_rows = 100; /* never more than half of the body */
	assert_true(layout_frame(200, 60, wish).panes[PANE_MODELS].rows > 20);
}

static void wide_screens_show_more(void **state)
{
	(void)state;
	struct layout_wish wish = { .focus = PANE_MODELS };
	struct frame_layout two = layout_frame(120, 40, wish), three = layout_frame(200, 60, wish);
	assert_int_equal(two.panes[PANE_MODELS].cols, 66); /* 55 % */
	assert_int_equal(two.panes[PANE_GROUPS].cols, 0);
	assert_int_equal(three.panes[PANE_GROUPS].cols, 28);
	wish.groups = true;
	two = layout_frame(120, 40, wish);
	assert_int_equal(two.panes[PANE_GROUPS].cols, 28);
	assert_true(two.panes[PANE_DETAILS].cols > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_overlaps_at_any_size),
		cmocka_unit_test(narrow_screens_show_one_pane),
		cmocka_unit_test(wide_screens_show_more),
		cmocka_unit_test(a_large_screen_has_a_dock),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
