// SPDX-License-Identifier: MIT
#include "core/base/pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const uint64_t numbers[] = { 0, 1, 127, 128, 16383, 16384, UINT32_MAX, UINT64_MAX };
enum { N_NUMBERS = sizeof numbers / sizeof *numbers };

static void gives_back_what_was_packed(void **state)
{
	(void)state;
	struct bytes bytes = { 0 };
	struct arena arena = { 0 };
	const struct str texts[] = { STR("one"), STR(""), STR_NULL, STR("a\0b") };
	for (size_t i = 0; i < N_NUMBERS; i++)
		pack_u64(&bytes, numbers[i]);
	pack_double(&bytes, 0.1);
	pack_strs(&bytes, texts, 4);
	struct packed from = { .rest = bytes_str(&bytes), .arena = &arena };
	for (size_t i = 0; i < N_NUMBERS; i++)
		assert_true(unpack_u64(&from) == numbers[i]);
	assert_true(unpack_double(&from) == 0.1);
	size_t n;
	const struct str *back = unpack_strs(&from, &n);
	assert_int_equal(n, 4);
	for (size_t i = 0; i < n; i++)
		assert_true(str_equal(back[i], texts[i]) && !back[i].ptr == !texts[i].ptr);
	assert_false(from.is_broken);
	assert_int_equal(from.rest.len, 0);
	bytes_finish(&bytes);
	arena_finish(&arena);
}

static void stays_broken_after_the_first_mistake(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	/* Another spelling of 1; a text longer than the rest; a list of more than can be there. */
	static const struct str wrong[] = {
		{ "\x81\x00\x02", 3 },
		{ "\x05"
		  "ab",
		  3 },
		{ "\xff\xff\xff\xff\x0f", 5 },
		{ "", 0 },
		{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10 },
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		size_t n = 1;
		struct packed from = { .rest = wrong[i], .arena = &arena };
		unpack_strs(&from, &n);
		if (!from.is_broken) { /* the text alone */
			from.rest = wrong[i];
			unpack_str(&from);
		}
		assert_true(from.is_broken);
		assert_int_equal(unpack_u64(&from), 0);
		assert_null(unpack_str(&from).ptr);
	}
	arena_finish(&arena);
}

static void keeps_numbers_below_their_end(void **state)
{
	(void)state;
	struct packed from = { .rest = { "\x02\x02", 2 } };
	assert_int_equal(unpack_below(&from, 3), 2);
	assert_int_equal(unpack_below(&from, 2), 0);
	assert_true(from.is_broken);
	struct packed large = { .rest = { "\x80\x80\x80\x80\x10", 5 } };
	assert_int_equal(unpack_u32(&large), 0);
	assert_true(large.is_broken);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_back_what_was_packed),
		cmocka_unit_test(stays_broken_after_the_first_mistake),
		cmocka_unit_test(keeps_numbers_below_their_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
