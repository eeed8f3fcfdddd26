// SPDX-License-Identifier: MIT
#include "core/samples/key_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void parse(const char *text, struct arena *arena, struct array *rows)
{
	struct error err = { 0 };

	*rows = ARRAY_OF(struct key_row);
	assert_true(key_list_parse(str_from(text), arena, rows, &err));
}

static const struct key_row *row_at(const struct array *rows, size_t i)
{
	return ARRAY_AT(rows, struct key_row, i);
}

static void ranges_and_choices_multiply(void **state)
{
	static const char *const names[] = {
		"b.9.q.w", "b.9.k.w", "b.10.q.w", "b.10.k.w", "b.11.q.w", "b.11.k.w",
	};
	struct arena arena = { 0 };
	struct array rows;

	(void)state;
	parse("# where from\n\nb.{9..11}.{q|k}.w\t4,R\tF16\n", &arena, &rows);
	assert_int_equal(rows.len, 6);
	for (size_t i = 0; i < rows.len; i++) {
		assert_string_equal(row_at(&rows, i)->name.ptr, names[i]);
		assert_int_equal(row_at(&rows, i)->dtype, DTYPE_F16);
		assert_int_equal(row_at(&rows, i)->n_dims, 2);
	}
	array_finish(&rows);
	arena_finish(&arena);
}

static void rank_becomes_a_number(void **state)
{
	struct arena arena = { 0 };
	struct array rows;

	(void)state;
	parse("a\tR,320\nb\t640,R*3\nc\t-\n", &arena, &rows);
	key_list_resolve(&rows, 16);
	assert_int_equal(row_at(&rows, 0)->shape[0], 16);
	assert_int_equal(row_at(&rows, 0)->shape[1], 320);
	assert_int_equal(row_at(&rows, 1)->shape[1], 48);
	assert_int_equal(row_at(&rows, 2)->n_dims, 0);
	assert_int_equal(key_elements(row_at(&rows, 2)), 1);
	array_finish(&rows);
	arena_finish(&arena);
}

static void braces_that_are_no_group_stay(void **state)
{
	struct arena arena = { 0 };
	struct array rows;

	(void)state;
	parse("a{b}.{0..1}{c\t1\n", &arena, &rows);
	assert_int_equal(rows.len, 2);
	assert_string_equal(row_at(&rows, 1)->name.ptr, "a{b}.1{c");
	array_finish(&rows);
	arena_finish(&arena);
}

static void what_is_no_list_is_refused(void **state)
{
	static const char *const broken[] = {
		"name",      "name\t1,x", "name\t1,,2", "name\t1\tF99", "name\t1,2,3,4,5,6,7",
		"name\tR*0", "name\t-1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct arena arena = { 0 };
		struct array rows = ARRAY_OF(struct key_row);
		struct error err = { 0 };
		assert_false(key_list_parse(str_from(broken[i]), &arena, &rows, &err));
		assert_int_equal(err.code, ERROR_FORMAT);
		array_finish(&rows);
		arena_finish(&arena);
	}
}

static void dtypes_sort_widest_first(void **state)
{
	(void)state;
	assert_true(key_dtype_order(DTYPE_F32) < key_dtype_order(DTYPE_F16));
	assert_true(key_dtype_order(DTYPE_F16) < key_dtype_order(DTYPE_F8_E4M3));
	assert_string_equal(key_dtype_word(DTYPE_BF16), "BF16");
	assert_null(key_dtype_word(DTYPE_UNKNOWN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_and_choices_multiply),
		cmocka_unit_test(rank_becomes_a_number),
		cmocka_unit_test(braces_that_are_no_group_stay),
		cmocka_unit_test(what_is_no_list_is_refused),
		cmocka_unit_test(dtypes_sort_widest_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
