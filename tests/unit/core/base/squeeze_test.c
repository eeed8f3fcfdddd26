// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/squeeze.h"

#define WORDS STR("a dictionary of words that are often in them")

static void what_is_packed_comes_back(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct squeezer *squeezer = squeezer_create(1, WORDS);
	for (size_t len = 0; len < 5000; len = len * 2 + 1) {
		struct bytes packed = { 0 };
		char *text = arena_alloc(&arena, len + 1);
		for (size_t i = 0; i < len; i++)
			text[i] = "words that are often in them"[(i * i) % 28];
		struct str raw = { text, len }, again;
		squeezer_pack(squeezer, raw, &packed);
		assert_true(squeezer_unpack(squeezer, bytes_str(&packed), len, &arena, &again));
		assert_true(str_equal(raw, again));
		/* More than is agreed to, a byte less, a byte more. */
		if (len)
			assert_false(squeezer_unpack(squeezer, bytes_str(&packed), len - 1, &arena,
						     &again));
		assert_false(squeezer_unpack(squeezer,
					     str_slice(bytes_str(&packed), 0, packed.len - 1), len,
					     &arena, &again));
		bytes_append_byte(&packed, 'x');
		assert_false(squeezer_unpack(squeezer, bytes_str(&packed), len, &arena, &again));
		bytes_finish(&packed);
	}
	squeezer_destroy(squeezer);
	arena_finish(&arena);
}

static void a_dictionary_makes_it_small(void **state)
{
	(void)state;
	struct bytes with = { 0 }, without = { 0 };
	struct squeezer *knowing = squeezer_create(1, WORDS),
			*ignorant = squeezer_create(1, STR(""));
	squeezer_pack(knowing, WORDS, &with);
	squeezer_pack(ignorant, WORDS, &without);
	assert_true(with.len < 10 && without.len > 30);
	struct arena arena = { 0 };
	struct str out;
	/* Without it, it is refused or gives something else, but nothing worse. */
	if (squeezer_unpack(ignorant, bytes_str(&with), 1000, &arena, &out))
		assert_false(str_equal(out, WORDS));
	bytes_finish(&with);
	bytes_finish(&without);
	squeezer_destroy(knowing);
	squeezer_destroy(ignorant);
	arena_finish(&arena);
}

static void lies_about_the_size_are_refused(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct squeezer *squeezer = squeezer_create(9, STR(""));
	struct bytes packed = { 0 };
	struct str out;
	char zeros[4096] = { 0 };
	squeezer_pack(squeezer, (struct str){ zeros, sizeof zeros }, &packed);
	char *first = packed.ptr;
	first[0]--; /* one byte less than there is */
	assert_false(squeezer_unpack(squeezer, bytes_str(&packed), SIZE_MAX, &arena, &out));
	first[0] += 2;
	assert_false(squeezer_unpack(squeezer, bytes_str(&packed), SIZE_MAX, &arena, &out));
	assert_false(squeezer_unpack(squeezer, STR(""), SIZE_MAX, &arena, &out));
	assert_false(squeezer_unpack(squeezer, STR("\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
				     SIZE_MAX, &arena, &out));
	bytes_finish(&packed);
	squeezer_destroy(squeezer);
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_packed_comes_back),
		cmocka_unit_test(a_dictionary_makes_it_small),
		cmocka_unit_test(lies_about_the_size_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
