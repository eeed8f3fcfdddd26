// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/identify/names.h"

static struct str root = { "root.", 5 };

struct world {
	struct arena arena;
	struct name_index index;
};

static int open_world(void **state)
{
	static const char *const names[] = {
		"root.blocks.0.attn1.to_k",
		"root.blocks.0.attn2.to_k",
		"root.blocks.10.attn1.to_k",
		"root.blocks.10.attn2.to_k",
		"blocks.3.attn2.to_k",
		"root.out",
		"x1",
		"x11",
		"x1.5",
		"",
	};
	enum { N = sizeof(names) / sizeof(*names) };
	static struct str texts[N];
	static struct world world;
	const struct texts roots = { &root, 1 };
	world = (struct world){ 0 };
	for (size_t i = 0; i < N; i++)
		texts[i] = str_from(names[i]);
	names_index(&world.index, texts, N, &roots, true, &world.arena);
	*state = &world;
	return 0;
}

static int close_world(void **state)
{
	arena_finish(&((struct world *)*state)->arena);
	return 0;
}

static size_t count(void **state, const char *pattern)
{
	return names_count(&((struct world *)*state)->index, str_from(pattern));
}

static void names_are_found_with_and_without_their_root(void **state)
{
	assert_int_equal(count(state, "out"), 1);
	assert_int_equal(count(state, "root.out"), 1);
	assert_int_equal(count(state, "ou"), 0);
	assert_int_equal(count(state, "root"), 0);
}

static void numbers_in_patterns_are_exact_and_hashes_are_not(void **state)
{
	assert_int_equal(count(state, "blocks.#.attn2.to_k"), 3);
	assert_int_equal(count(state, "root.blocks.#.attn2.to_k"), 2);
	assert_int_equal(count(state, "blocks.10.attn2.to_k"), 1);
	assert_int_equal(count(state, "blocks.1.attn2.to_k"), 0);
	assert_int_equal(count(state, "blocks.#.attn#.to_k"), 5);
	assert_int_equal(count(state, "x1"), 1);
	assert_int_equal(count(state, "x#"), 2);
	assert_int_equal(count(state, "x#.#"), 1);
}

static void wildcards_walk(void **state)
{
	assert_int_equal(count(state, "blocks.**"), 5);
	assert_int_equal(count(state, "**.to_k"), 5);
	assert_int_equal(count(state, "*"), 4);
	assert_int_equal(count(state, "**attn2**"), 3);
}

static bool take_highest(void *context, size_t name_i, uint64_t number)
{
	uint64_t *highest = context;
	(void)name_i;
	if (number > *highest)
		*highest = number;
	return true;
}

static void the_number_is_that_of_the_first_hash(void **state)
{
	uint64_t highest = 0;
	names_each(&((struct world *)*state)->index, STR("blocks.#.attn#.to_k"), true, take_highest,
		   &highest);
	assert_int_equal(highest, 10);
}

/* The hash goes on where neighbours part: it must not matter in which order names come. */
static void order_does_not_matter(void **state)
{
	struct world *world = *state;
	struct str names[200];
	char text[200][16];
	struct name_index index;
	srand(7);
	for (size_t i = 0; i < 200; i++) {
		size_t len = (size_t)rand() % 6;
		for (size_t k = 0; k < len; k++)
			text[i][k] = "a.12"[rand() % 4];
		names[i] = (struct str){ text[i], len };
	}
	names_index(&index, names, 200, NULL, true, &world->arena);
	for (size_t i = 0; i < 200; i++) {
		size_t n = 0;
		for (size_t k = 0; k < 200; k++)
			n += str_equal(names[i], names[k]);
		assert_int_equal(names_count(&index, names[i]), n);
	}
}

static void no_names_at_all(void **state)
{
	struct world *world = *state;
	struct name_index index;
	names_index(&index, NULL, 0, NULL, false, &world->arena);
	assert_int_equal(names_count(&index, STR("a")), 0);
	assert_int_equal(names_count(&index, STR("**")), 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)
	const struct CMUnitTest tests[] = {
		TEST(names_are_found_with_and_without_their_root),
		TEST(numbers_in_patterns_are_exact_and_hashes_are_not),
		TEST(wildcards_walk),
		TEST(the_number_is_that_of_the_first_hash),
		TEST(order_does_not_matter),
		TEST(no_names_at_all),
	};
	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
