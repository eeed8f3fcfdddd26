// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "storage/index/columns.h"

static uint64_t next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 11;
}

/* Rising, and of equal keys in the order in which they stood. */
static void assert_sorted(const int64_t *keys, const uint32_t *slots, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		assert_true(keys[slots[i - 1]] <= keys[slots[i]]);
		if (keys[slots[i - 1]] == keys[slots[i]])
			assert_true(slots[i - 1] < slots[i]);
	}
}

static void sorts_keys_of_any_range(void **state)
{
	(void)state;
	static const uint64_t masks[] = { 0, 1, 0x7ff, 0xfffff, UINT64_MAX };
	static int64_t keys[3000];
	static uint32_t slots[3000];
	uint64_t seed = 1;
	for (size_t m = 0; m < sizeof masks / sizeof *masks; m++) {
		for (uint32_t i = 0; i < 3000; i++) {
			keys[i] = (int64_t)((next(&seed) << 11 ^ next(&seed)) & masks[m]) - 512;
			slots[i] = i;
		}
		columns_sort(keys, slots, 3000);
		assert_sorted(keys, slots, 3000);
	}
}

static void the_unknown_sorts_first(void **state)
{
	(void)state;
	static const int64_t keys[] = { 5, INT64_MAX, COLUMN_NONE, -3, 5 };
	uint32_t slots[] = { 0, 1, 2, 3, 4 };
	static const uint32_t expected[] = { 2, 3, 0, 4, 1 };
	columns_sort(keys, slots, 5);
	assert_memory_equal(slots, expected, sizeof expected);
	columns_sort(keys, slots, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorts_keys_of_any_range),
		cmocka_unit_test(the_unknown_sorts_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
