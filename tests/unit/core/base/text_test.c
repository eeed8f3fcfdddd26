// SPDX-License-Identifier: MIT
#include "core/base/text.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/map.h"

static void assert_clean(struct str raw, const char *wanted)
{
	struct bytes out = { 0 };
	text_clean(&out, raw, TEXT_UTF8);
	assert_string_equal(bytes_str(&out).ptr, wanted);
	bytes_finish(&out);
}

static void shows_harmless_text_as_it_is(void **state)
{
	(void)state;
	assert_clean(STR("Pony Diffusion V6 XL (v1.0) [fp16].safetensors"),
		     "Pony Diffusion V6 XL (v1.0) [fp16].safetensors");
	assert_clean(STR("caf\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e \xf0\x9f\x98\x80"),
		     "caf\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e \xf0\x9f\x98\x80");
	assert_clean(STR("e\xcc\x81"), "e\xcc\x81");
	assert_clean(STR("a < b ^"), "a < b ^");
	assert_clean(STR(""), "");
}

static void escapes_what_a_terminal_obeys(void **state)
{
	(void)state;
	assert_clean(STR("\x1b[31mred\x1b[0m"), "^[[31mred^[[0m");
	assert_clean((struct str){ "a\0b\x7f", 4 }, "a^@b^?");
	assert_clean(STR("a\tb\nc\rd"), "a\\tb\\nc\\rd");
	assert_clean(STR("\xc2\x85\xc2\x9b"), "\\u0085\\u009b");
	assert_clean(STR("safe\xe2\x80\xae"
			 "fdp.ckpt"),
		     "safe<U+202E>fdp.ckpt");
	assert_clean(STR("a\xe2\x80\x8b"
			 "b\xef\xbb\xbf"),
		     "a<U+200B>b<U+FEFF>");
	assert_clean(STR("\xee\x80\x80\xf3\xa0\x80\x81"), "<U+E000><U+E0001>");
	assert_clean(STR("\xc2\xa0\xe3\x85\xa4"), "<U+00A0><U+3164>");
	assert_clean(STR("\xff\xc3(\xed\xa0\x80"), "\\xff\\xc3(\\xed\\xa0\\x80");
}

static void limits_marks(void **state)
{
	(void)state;
	assert_clean(STR("a\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"),
		     "a\xcc\x81\xcc\x81\xcc\x81\xcc\x81<U+0301>");
	assert_clean(STR("\xcc\x81x"), "<U+0301>x");
	assert_clean(STR("\n\xcc\x81"), "\\n<U+0301>");
	assert_clean(STR("\xe6\x97\xa5\xcc\x81"), "\xe6\x97\xa5\xcc\x81");
}

static void splits_emoji_that_terminals_draw_differently(void **state)
{
	(void)state;
	/* Two people joined by U+200D, a thumb with a skin colour, a star asked for in colour. */
	assert_clean(STR("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7"),
		     "\xf0\x9f\x91\xa9<U+200D>\xf0\x9f\x91\xa7");
	assert_clean(STR("\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd"), "\xf0\x9f\x91\x8d<U+1F3FD>");
	assert_clean(STR("\xe2\xad\x90\xef\xb8\x8f"), "\xe2\xad\x90\xef\xb8\x8f");
	assert_clean(STR("\xe2\x9d\xa4\xef\xb8\x8f"), "\xe2\x9d\xa4<U+FE0F>");
	assert_clean(STR("a\xef\xb8\x8f"), "a<U+FE0F>");
}

static void names_that_imitate_an_escape_are_told_apart(void **state)
{
	(void)state;
	assert_clean(STR("a\\nb"), "a\\\\nb");
	assert_clean(STR("<U+202E>"), "\\<U+202E>");
	assert_clean(STR("^["), "\\^[");
	assert_clean(STR("^\x01"), "\\^^A");
	assert_clean(STR("\x1e"
			 "A"),
		     "^^A");
	assert_clean(STR("^\\"), "\\^\\\\");
}

static void ascii_only(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct str clean = text_clean_copy(&arena, STR("caf\xc3\xa9 \xff"), TEXT_ASCII);
	assert_string_equal(clean.ptr, "caf<U+00E9> \\xff");
	assert_string_equal(text_clean_copy(&arena, STR_NULL, TEXT_ASCII).ptr, "");
	arena_finish(&arena);
}

/* Pieces that are cleaned in different ways; every short text over them must stay unique. */
static const char *const pieces[] = {
	"a",
	"^",
	"<",
	"U+",
	"\\",
	"x",
	"n",
	"@",
	"[",
	"\x01",
	"\x1e",
	"\n",
	"\xff",
	"\xc2\x85",
	"\xcc\x81",
	"\xe6\x97\xa5",
	"\xe2\x80\xae",
	"1",
	">",
	"\xf0\x9f\x8f\xbd",
};

enum { PIECES = sizeof pieces / sizeof *pieces };

static void no_two_texts_look_the_same(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct map seen;
	map_init(&seen, &arena, PIECES * PIECES * PIECES * 2);
	for (size_t i = 0; i < PIECES * PIECES * PIECES * PIECES; i++) {
		struct str raw = arena_strf(&arena, "%s%s%s%s", pieces[i % PIECES],
					    pieces[i / PIECES % PIECES],
					    pieces[i / PIECES / PIECES % PIECES],
					    i % 3 ? "" : pieces[i / PIECES / PIECES / PIECES]);
		struct str clean = text_clean_copy(&arena, raw, TEXT_UTF8);
		void **place = map_place(&seen, clean);
		if (*place && strcmp(*place, raw.ptr) != 0)
			fail_msg("two texts look like %s", clean.ptr);
		*place = (void *)raw.ptr;
	}
	arena_finish(&arena);
}

static void counts_columns(void **state)
{
	(void)state;
	assert_int_equal(text_cols(STR("abc")), 3);
	assert_int_equal(text_cols(STR("")), 0);
	assert_int_equal(text_cols(STR("\xe6\x97\xa5\xe6\x9c\xac"
				       "a")),
			 5);
	assert_int_equal(text_cols(STR("e\xcc\x81\xcc\x81z")), 2);
	assert_int_equal(text_cols(STR("\xf0\x9f\x98\x80")), 2);
	size_t cols;
	assert_int_equal(text_next_cluster(STR("e\xcc\x81z"), &cols), 3);
	assert_int_equal(cols, 1);
	assert_int_equal(text_next_cluster(STR(""), &cols), 0);
}

static void cuts_between_clusters(void **state)
{
	(void)state;
	size_t cols;
	assert_int_equal(text_fit(STR("abc"), 2, &cols), 2);
	assert_int_equal(cols, 2);
	assert_int_equal(text_fit(STR("a\xe6\x97\xa5"), 2, &cols), 1);
	assert_int_equal(cols, 1);
	assert_int_equal(text_fit(STR("e\xcc\x81x"), 1, &cols), 3);
	assert_int_equal(text_fit(STR("abc"), 0, &cols), 0);
	assert_int_equal(text_fit(STR("ab\xe6\x97\xa5"
				      "cd"),
				  5, &cols),
			 6);
}

static void cuts_in_the_middle(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct str name = STR("very-long-model-name-v2.1");
	struct str cut = text_cut_middle(&arena, name, 12, TEXT_UTF8);
	assert_string_equal(cut.ptr, "very-l\xe2\x80\xa6-v2.1");
	assert_int_equal(text_cols(cut), 12);
	assert_string_equal(text_cut_middle(&arena, name, 12, TEXT_ASCII).ptr, "very-...v2.1");
	assert_true(str_equal(text_cut_middle(&arena, name, 25, TEXT_UTF8), name));
	for (size_t max = 0; max < 20; max++) {
		struct str wide =
			STR("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5\xe6\x9c\xac"
			    "\xe8\xaa\x9e\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x9c\xac");
		assert_true(text_cols(text_cut_middle(&arena, wide, max, TEXT_UTF8)) <= max);
		assert_true(text_cols(text_cut_middle(&arena, wide, max, TEXT_ASCII)) <= max);
	}
	arena_finish(&arena);
}

static void folds_for_searching(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	assert_string_equal(text_fold_copy(&arena, STR("PonyXL")).ptr, "ponyxl");
	assert_string_equal(text_fold_copy(&arena, STR("STRA\xc3\x9f"
						       "E \xc3\x89"))
				    .ptr,
			    "strasse \xc3\xa9");
	/* Composed and decomposed are found alike; broken bytes stay. */
	assert_string_equal(text_fold_copy(&arena, STR("E\xcc\x81\xff"
						       "A"))
				    .ptr,
			    "\xc3\xa9\xff"
			    "a");
	assert_int_equal(text_fold_copy(&arena, STR_NULL).len, 0);
	arena_finish(&arena);
}

static void knows_valid_utf8(void **state)
{
	(void)state;
	size_t bad;
	assert_true(text_is_utf8(STR("0123456789 \xc3\xa9\xf4\x8f\xbf\xbf"), &bad));
	assert_true(text_is_utf8(STR_NULL, NULL));
	assert_false(text_is_utf8(STR("0123456789\xc0\x80"), &bad));
	assert_int_equal(bad, 10);
	assert_false(text_is_utf8(STR("a\xed\xbf\xbf"), &bad));
	assert_false(text_is_utf8(STR("a\xf4\x90\x80\x80"), &bad));
	assert_false(text_is_utf8(STR("a\xe2\x82"), &bad));
	assert_int_equal(bad, 1);
}

int main(void)
{
	/* Widths are compared with the C library's where its locale knows Unicode. */
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 77;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_harmless_text_as_it_is),
		cmocka_unit_test(escapes_what_a_terminal_obeys),
		cmocka_unit_test(limits_marks),
		cmocka_unit_test(splits_emoji_that_terminals_draw_differently),
		cmocka_unit_test(names_that_imitate_an_escape_are_told_apart),
		cmocka_unit_test(ascii_only),
		cmocka_unit_test(no_two_texts_look_the_same),
		cmocka_unit_test(counts_columns),
		cmocka_unit_test(cuts_between_clusters),
		cmocka_unit_test(cuts_in_the_middle),
		cmocka_unit_test(folds_for_searching),
		cmocka_unit_test(knows_valid_utf8),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
