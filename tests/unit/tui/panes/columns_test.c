// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/panes/columns.h"

static void columns_fill_every_width(void **state)
{
	(void)state;
	for (int cols = 40; cols <= 220; cols++) {
		struct columns columns = columns_fit(cols);
		int end = 0;
		for (int i = 0; i < COLUMN_COUNT; i++) {
			if (!columns.cols[i])
				continue;
			assert_true(columns.x[i] >= end);
			end = columns.x[i] + columns.cols[i];
		}
		assert_int_equal(end, cols - 1);
		assert_true(columns.cols[COLUMN_NAME] >= 12);
		assert_true(columns.cols[COLUMN_SIZE] > 0);
	}
}

static void wider_lists_show_more(void **state)
{
	(void)state;
	assert_int_equal(columns_fit(40).cols[COLUMN_KIND], 0);
	assert_true(columns_fit(66).cols[COLUMN_AGE] > 0);
	assert_int_equal(columns_fit(80).cols[COLUMN_VERDICT], 0);
	assert_true(columns_fit(93).cols[COLUMN_VERDICT] > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_fill_every_width),
		cmocka_unit_test(wider_lists_show_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
