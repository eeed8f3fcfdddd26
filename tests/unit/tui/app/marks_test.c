// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/app/marks.h"

static void marks_are_a_set(void **state)
{
	(void)state;
	struct marks marks;
	const uint32_t some[] = { 9, 3, 7, 3 }, others[] = { 7, 8 };
	marks_init(&marks);
	assert_false(marks_has(&marks, 3));
	marks_add(&marks, some, 4);
	assert_int_equal(marks.ids.len, 3);
	assert_true(marks_has(&marks, 3) && marks_has(&marks, 7) && marks_has(&marks, 9));
	marks_invert(&marks, others, 2);
	assert_int_equal(marks.ids.len, 3);
	assert_true(marks_has(&marks, 8));
	assert_false(marks_has(&marks, 7));
	marks_toggle(&marks, 8);
	marks_toggle(&marks, 1);
	assert_false(marks_has(&marks, 8));
	assert_true(marks_has(&marks, 1));
	marks_finish(&marks);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(marks_are_a_set) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
