// SPDX-License-Identifier: MIT
#include "core/base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/array.h"
#include "core/base/map.h"

static void arena_gives_zeroed_aligned_memory(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	for (size_t size = 0; size < 300; size++) {
		unsigned char *memory = arena_alloc(&arena, size);
		assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(memory[i], 0);
		memset(memory, 0xff, size);
		assert_non_null(arena_try_bytes(&arena, 1));
	}
	arena_finish(&arena);
	assert_int_equal(arena.used_bytes, 0);
}

static void arena_is_zeroed_again_after_reset(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena);
	memset(arena_alloc(&arena, 1 << 20), 0xff, 1 << 20);
	memset(arena_alloc(&arena, 100), 0xff, 100);
	arena_reset(&arena);
	assert_int_equal(arena.used_bytes, 0);
	unsigned char *memory = arena_alloc(&arena, 1 << 20); /* the chunk that was kept */
	for (size_t i = 0; i < 1 << 20; i++)
		assert_int_equal(memory[i], 0);
	arena_finish(&arena);
}

static void arena_trim_gives_back_the_newest(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	char *room = arena_try_room(&arena, 1000);
	arena_trim(&arena, room, 10);
	assert_int_equal(arena.used_bytes, 10);
	assert_ptr_equal(arena_try_bytes(&arena, 1), room + 10);
	arena_finish(&arena);
}

static void arena_refuses_impossible_sizes(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	assert_null(arena_try(&arena, SIZE_MAX));
	assert_null(arena_try(&arena, SIZE_MAX - 8));
	size_t sum = 7;
	assert_false(size_add(SIZE_MAX, 1, &sum));
	assert_false(size_mul(SIZE_MAX / 2, 3, &sum));
	assert_int_equal(sum, 7);
	assert_true(size_mul(0, SIZE_MAX, &sum));
	assert_int_equal(sum, 0);
	arena_finish(&arena);
}

static void arena_copies_text_with_an_end(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct str copy = arena_str(&arena, (struct str){ "a\0b", 3 });
	assert_int_equal(copy.len, 3);
	assert_memory_equal(copy.ptr, "a\0b\0", 4);
	assert_null(arena_str(&arena, STR_NULL).ptr);
	assert_string_equal(arena_cstr(&arena, STR_NULL), "");
	assert_string_equal(arena_printf(&arena, "%d-%s", 7, "x"), "7-x");
	assert_int_equal(arena_strf(&arena, "%04d", 12).len, 4);
	arena_finish(&arena);
}

static void array_grows_and_keeps_what_it_holds(void **state)
{
	(void)state;
	struct array array = ARRAY_OF(int);
	struct arena arena = { 0 };
	assert_null(array_to_arena(&array, &arena));
	for (int i = 0; i < 1000; i++)
		*ARRAY_PUSH(&array, int) = i;
	array_pop(&array);
	assert_int_equal(array.len, 999);
	int *copy = array_to_arena(&array, &arena);
	array_clear(&array);
	assert_int_equal(*ARRAY_PUSH(&array, int), 0); /* new elements are zeroed */
	assert_int_equal(copy[998], 998);
	array_finish(&array);
	arena_finish(&arena);
}

static void bytes_are_always_ended(void **state)
{
	(void)state;
	struct bytes bytes = { 0 };
	assert_int_equal(bytes_str(&bytes).len, 0);
	bytes_append_byte(&bytes, 'a');
	bytes_append_str(&bytes, STR("bc"));
	bytes_printf(&bytes, "%0100d", 5);
	assert_int_equal(bytes.len, 103);
	assert_int_equal(strlen(bytes.ptr), 103);
	bytes_clear(&bytes);
	assert_string_equal(bytes.ptr, "");
	bytes_finish(&bytes);
}

static void map_finds_what_was_placed(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct map map;
	map_init(&map, &arena, 0);
	for (int i = 0; i < 5000; i++)
		*map_place(&map, arena_strf(&arena, "key %d", i)) = arena_printf(&arena, "%d", i);
	for (int i = 0; i < 5000; i++) {
		char key[32], value[32];
		snprintf(key, sizeof key, "key %d", i);
		snprintf(value, sizeof value, "%d", i);
		assert_string_equal(map_find(&map, str_from(key)), value);
	}
	assert_int_equal(map.n, 5000);
	assert_null(map_find(&map, STR("key")));
	assert_non_null(*map_place(&map, STR("key 17")));
	assert_int_equal(map.n, 5000);
	assert_null(map_find(&(struct map){ 0 }, STR("x")));
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_gives_zeroed_aligned_memory),
		cmocka_unit_test(arena_is_zeroed_again_after_reset),
		cmocka_unit_test(arena_trim_gives_back_the_newest),
		cmocka_unit_test(arena_refuses_impossible_sizes),
		cmocka_unit_test(arena_copies_text_with_an_end),
		cmocka_unit_test(array_grows_and_keeps_what_it_holds),
		cmocka_unit_test(bytes_are_always_ended),
		cmocka_unit_test(map_finds_what_was_placed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
